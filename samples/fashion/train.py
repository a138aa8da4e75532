#!/usr/bin/env python3
"""Trains the residual network of this sample on Fashion-MNIST and writes its weights and test data.

    apt-get install dataset-fashion-mnist     # the four files, 31 MB
    python3 train.py /usr/share/datasets/fashion-mnist

Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747) is Zalando SE's, under the MIT licence:
https://github.com/zalandoresearch/fashion-mnist. Needs PyTorch and NumPy (Debian: python3-torch,
python3-numpy). Beside this script it writes

    fashion.safetensors     the weights, float16, under PyTorch's names
    test-images.idx3-ubyte  the first 1,000 test images and their labels, in MNIST's IDX format
    test-labels.idx1-ubyte
    reference.f32           the probabilities that PyTorch computes for the first 10 of them, float32
    sneaker.png             a test image
    bag-on-white.png        another as a camera would see it: larger, dark on light

The network reads pixels as value / 255, with no further normalisation.
"""
import argparse
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
from formats import read_idx, write_idx, write_png, write_safetensors  # noqa: E402

SEED = 2017  # the year of Fashion-MNIST
VALIDATION = 2_000  # images held out of the 60,000 training images
SAMPLE = 1_000  # test images written beside the weights
REFERENCE = 10  # of which so many get their probabilities written, too
BATCH = 128
LEARNING_RATE = 0.2
WEIGHT_DECAY = 5e-4
SMOOTHING = 0.1
BORDER = 2  # pixels by which a training image is shifted at most


class Basic(nn.Module):
    """The residual block of ResNet-18 (He et al. 2016, figure 5 left), with torchvision's names."""

    def __init__(self, inputs, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if stride != 1 or inputs != channels:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False),
                                            nn.BatchNorm2d(channels))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + shortcut)


class Fashion(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.layer1 = nn.Sequential(Basic(32, 32, 2))
        self.layer2 = nn.Sequential(Basic(32, 64, 2), Basic(64, 64))
        self.layer3 = nn.Sequential(Basic(64, 128, 2))
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))  # logits: the loss applies the softmax itself


def to_input(images):
    x = torch.from_numpy(images.astype(np.float32) / 255).unsqueeze(1)
    return x.contiguous(memory_format=torch.channels_last)


def scale_up(image, size):
    x = F.interpolate(to_input(image[None]), (size, size), mode="bilinear", align_corners=False)
    return (x[0, 0] * 255).round().byte().numpy()


def augment(x):
    """Shifts each image by up to BORDER pixels, zeros coming in, and mirrors every other one."""
    n, _, height, width = x.shape
    padded = F.pad(x, [BORDER] * 4)[:, 0]
    top, left = torch.randint(0, 2 * BORDER + 1, (2, n, 1))
    rows, columns = top + torch.arange(height), left + torch.arange(width)
    mirrored = torch.rand(n, 1) < 0.5
    columns = torch.where(mirrored, columns.flip(1), columns)
    return padded[torch.arange(n).view(n, 1, 1), rows.unsqueeze(2), columns.unsqueeze(1)].unsqueeze(1)


@torch.no_grad()
def logits(net, x):
    net.eval()
    result = torch.cat([net(batch) for batch in x.split(500)])
    net.train()
    return result


def accuracy(net, x, labels):
    return 100 * (logits(net, x).argmax(1) == labels).double().mean().item()


def train(net, x, labels, validation, epochs):
    optimizer = torch.optim.SGD(net.parameters(), LEARNING_RATE, momentum=0.9, nesterov=True,
                                weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, epochs * math.ceil(len(x) / BATCH),
                                                   pct_start=0.2, cycle_momentum=False)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for batch in torch.randperm(len(x)).split(BATCH):
            with torch.autocast("cpu", torch.bfloat16):  # the products of a convolution; the sums are float32
                answers = net(augment(x[batch]))
            loss = F.cross_entropy(answers.float(), labels[batch], label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch:2}: loss {total / len(x):.4f}, "
              f"validation {accuracy(net, *validation):.2f} %", flush=True)


def test(net, folder):
    """Prints the accuracy on the test images and writes the first of them."""
    images = read_idx(folder / "t10k-images-idx3-ubyte.gz")
    labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz")
    x, y = to_input(images), torch.from_numpy(labels.astype(np.int64))
    print(f"test: {accuracy(net, x, y):.2f} % of {len(x)}, "
          f"{accuracy(net, x[:SAMPLE], y[:SAMPLE]):.2f} % of the first {SAMPLE}")
    write_idx(HERE / "test-images.idx3-ubyte", images[:SAMPLE])
    write_idx(HERE / "test-labels.idx1-ubyte", labels[:SAMPLE])
    probabilities = logits(net, x[:REFERENCE]).softmax(1).numpy()
    (HERE / "reference.f32").write_bytes(probabilities.astype("<f4").tobytes())
    write_png(HERE / "sneaker.png", images[np.flatnonzero(labels == 7)[0]])
    white = np.full((200, 240), 250, np.uint8)  # as a camera sees it: dark on light, larger, off centre
    white[30:170, 60:200] -= (scale_up(images[np.flatnonzero(labels == 8)[0]], 140) * 0.9).astype(np.uint8)
    write_png(HERE / "bag-on-white.png", white)


def main():
    parser = argparse.ArgumentParser(description="Trains the residual network of this sample on Fashion-MNIST.")
    parser.add_argument("data", type=Path, help="the folder with Fashion-MNIST's four gzipped IDX files")
    parser.add_argument("--epochs", type=int, default=18)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # fixed: the order of the sums depends on it

    images = to_input(read_idx(args.data / "train-images-idx3-ubyte.gz"))
    labels = torch.from_numpy(read_idx(args.data / "train-labels-idx1-ubyte.gz").astype(np.int64))
    net = Fashion().to(memory_format=torch.channels_last)
    train(net, images[:-VALIDATION], labels[:-VALIDATION],
          (images[-VALIDATION:], labels[-VALIDATION:]), args.epochs)
    net.half().float()  # the weights as the file has them
    write_safetensors(HERE / "fashion.safetensors", net.state_dict(), "F16")
    test(net, args.data)  # only now, so that no choice above can depend on the test set


if __name__ == "__main__":
    main()
