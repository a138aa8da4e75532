#!/usr/bin/env python3
"""Trains the network of this sample on pictures that compose.py makes, and writes its weights and test pictures.

    apt-get install iso-flags-png-320x240
    python3 train.py /usr/share/iso-flags-png-320x240

No picture is seen twice: each step composes new ones. Needs PyTorch, NumPy and Pillow (Debian: python3-torch,
python3-numpy, python3-pil). Beside this script it writes

    flags.safetensors     the weights, float16, under PyTorch's names
    labels.txt            the countries in the order of the network's outputs
    test.jpg, test.txt    100 pictures that were composed with other random numbers, and their countries
    reference.png         4 pictures of the network's size, one below the other
    reference.f32         the probabilities that PyTorch computes for them, float32
"""
import argparse
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
from compose import COUNTRIES, HEIGHT, compose, read_flags, write_sheet  # noqa: E402
from formats import write_png, write_safetensors  # noqa: E402

SEED = 1777  # the year of the first flag of stars and stripes
TEST_SEED = 1848
SIZE = 48, 64  # of the network's input: height and width
BATCH = 64
REFERENCE = 4  # pictures with probabilities
LEARNING_RATE = 0.1
WEIGHT_DECAY = 1e-4
SMOOTHING = 0.05


class Basic(nn.Module):
    """The residual block of ResNet-18 (He et al. 2016, figure 5 left), with torchvision's names."""

    def __init__(self, inputs, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, 2, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class Flags(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 24, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(24)
        self.layer1 = nn.Sequential(Basic(24, 48))
        self.layer2 = nn.Sequential(Basic(48, 64))
        self.layer3 = nn.Sequential(Basic(64, 96))
        self.fc = nn.Linear(96, len(COUNTRIES))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))  # logits: the loss applies the softmax itself


def to_input(pictures):
    """What the text says of pixels."""
    return ((pictures - 0.5) / 0.25).contiguous(memory_format=torch.channels_last)


def train(net, flags, steps):
    optimizer = torch.optim.SGD(net.parameters(), LEARNING_RATE, momentum=0.9, nesterov=True,
                                weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps, pct_start=0.15,
                                                   cycle_momentum=False)
    right = total = 0
    for step in range(1, steps + 1):
        labels = torch.randint(len(COUNTRIES), (BATCH,))
        with torch.no_grad():
            x = to_input(compose(flags, labels, SIZE))
        with torch.autocast("cpu", torch.bfloat16):  # the products of a convolution; the sums are float32
            answers = net(x)
        loss = F.cross_entropy(answers.float(), labels, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        right, total = right + (answers.argmax(1) == labels).sum().item(), total + BATCH
        if step % 100 == 0:
            print(f"step {step:5}: {100 * right / total:.2f} % of the last {total}", flush=True)
            right = total = 0


def write_reference(net, flags):
    """Pictures of the network's size, one below the other, and what PyTorch makes of them."""
    torch.manual_seed(TEST_SEED)
    pictures = (compose(flags, torch.arange(REFERENCE), SIZE) * 255).round()
    with torch.no_grad():
        probabilities = net(to_input(pictures / 255)).softmax(1).numpy()
    rows = pictures.byte().permute(0, 2, 3, 1).reshape(REFERENCE * SIZE[0], SIZE[1], 3)
    write_png(HERE / "reference.png", rows.numpy())
    (HERE / "reference.f32").write_bytes(probabilities.astype("<f4").tobytes())


def main():
    parser = argparse.ArgumentParser(description="Trains the network of this sample on pictures of flags.")
    parser.add_argument("flags", type=Path, help="the folder of the package iso-flags-png-320x240")
    parser.add_argument("--steps", type=int, default=2500)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # fixed: the order of the sums depends on it

    flags = read_flags(args.flags, SIZE[0])
    net = Flags().to(memory_format=torch.channels_last)
    train(net, flags, args.steps)
    net.half().float().eval()  # the weights as the file has them
    write_safetensors(HERE / "flags.safetensors", net.state_dict(), "F16")
    (HERE / "labels.txt").write_text("".join(country + "\n" for country in COUNTRIES.values()))
    write_reference(net, flags)
    write_sheet(read_flags(args.flags, HEIGHT), TEST_SEED, HERE / "test")


if __name__ == "__main__":
    main()
