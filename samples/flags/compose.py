#!/usr/bin/env python3
"""Makes pictures of flags as a camera would see them: turned, in perspective, waving, in uneven light, blurred, noisy,
before things of other colours, now and then half hidden.

    apt-get install iso-flags-png-320x240     # a picture of each flag, in the public domain
    python3 compose.py /usr/share/iso-flags-png-320x240 SEED NAME

writes NAME.jpg, a sheet of 10 x 10 pictures of 128 x 96 pixels, and NAME.txt with the country of each, row by row.
Needs PyTorch, NumPy and Pillow (Debian: python3-torch, python3-numpy, python3-pil).
"""
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 128, 96  # of a picture
SHEET = 10  # pictures in a row and in a column
COUNTRIES = {  # by ISO 3166's codes, in the order of the network's outputs
    "ar": "Argentina", "au": "Australia", "at": "Austria", "be": "Belgium", "br": "Brazil", "ca": "Canada",
    "cl": "Chile", "cn": "China", "co": "Colombia", "hr": "Croatia", "cu": "Cuba", "cz": "Czechia", "dk": "Denmark",
    "eg": "Egypt", "ee": "Estonia", "fi": "Finland", "fr": "France", "de": "Germany", "gr": "Greece", "hu": "Hungary",
    "is": "Iceland", "in": "India", "ie": "Ireland", "il": "Israel", "it": "Italy", "jm": "Jamaica", "jp": "Japan",
    "ke": "Kenya", "mx": "Mexico", "nl": "Netherlands", "nz": "New Zealand", "no": "Norway", "pk": "Pakistan",
    "pl": "Poland", "pt": "Portugal", "ro": "Romania", "sa": "Saudi Arabia", "za": "South Africa", "kr": "South Korea",
    "es": "Spain", "se": "Sweden", "ch": "Switzerland", "th": "Thailand", "tr": "Turkey", "ua": "Ukraine",
    "gb": "United Kingdom", "us": "United States", "vn": "Vietnam"}


def read_flag(path):
    """The cloth alone: the package's pictures have a transparent frame, and corners that are cut off."""
    picture = Image.open(path).convert("RGBA")
    left, top, right, bottom = picture.getchannel("A").point(lambda alpha: 255 * (alpha > 250)).getbbox()
    return picture.crop((left + 3, top + 3, right - 3, bottom - 3)).convert("RGB")


def read_flags(folder, height):
    """All flags, 48 x 3 x height x 4/3 height, 0 to 1."""
    pictures = [read_flag(folder / f"{code}.png").resize((height * 4 // 3, height), Image.LANCZOS)
                for code in COUNTRIES]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255


def uniform(n, low, high):
    return torch.empty(n, 1, 1).uniform_(low, high)


def clouds(n, cells, size):
    """Colours that change from place to place, n x 3 x height x width."""
    return F.interpolate(torch.rand(n, 3, cells, cells + 1), size, mode="bilinear")


def flag_coordinates(n, size):
    """Where on its flag each pixel lies, -1 to 1 where it is on it, and how the waves of the cloth shade it."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, size[0]), torch.linspace(-4 / 3, 4 / 3, size[1]), indexing="ij")
    angle, size, aspect = uniform(n, -0.35, 0.35), uniform(n, 0.55, 1.25), uniform(n, 0.85, 1.35)
    x, y = x - uniform(n, -0.3, 0.3), y - uniform(n, -0.2, 0.2)
    x, y = x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin()
    depth = 1 + uniform(n, -0.25, 0.25) * x + uniform(n, -0.2, 0.2) * y
    u, v = x / depth / (size * aspect * 1.1), y / depth / (size * 0.9)
    phase = uniform(n, 2, 7) * u + uniform(n, -2, 2) * v + uniform(n, 0, 6.3)
    height = uniform(n, 0, 0.12)
    return u + 0.3 * height * phase.sin(), v + height * phase.sin(), 1 + 2.5 * height * phase.cos()


def compose(flags, labels, size):
    """Pictures of the flags of these labels, n x 3 x height x width, 0 to 1. The random numbers are PyTorch's."""
    n = len(labels)
    u, v, shade = flag_coordinates(n, size)
    cloth = F.grid_sample(flags[labels], torch.stack([u, v], 3), align_corners=False, padding_mode="border")
    covers = ((1.01 - torch.maximum(u.abs(), v.abs())) * 0.4 * size[0]).clamp(0, 1).unsqueeze(1)
    ground = torch.rand(n, 3, 1, 1) + 0.5 * (clouds(n, 3, size) - 0.5) + 0.4 * (clouds(n, 14, size) - 0.5)
    hidden = clouds(n, 4, size)[:, :1] + uniform(n, -0.7, 0).unsqueeze(1) > 0.5  # by leaves, a hand, a pole
    picture = torch.lerp(ground.clamp(0, 1), cloth * shade.unsqueeze(1), covers * ~hidden)
    light = 0.45 + 0.75 * torch.rand(n, 1, 1, 1) + 0.35 * (clouds(n, 2, size)[:, :1] - 0.5)
    tint = 1 + 0.08 * torch.randn(n, 3, 1, 1).clamp(-2, 2)
    haze = 0.25 * torch.rand(n, 1, 1, 1).square()
    picture = picture * light * tint * (1 - haze) + haze
    blurred = F.avg_pool2d(F.pad(picture, [1] * 4, mode="replicate"), 3, 1)
    picture = torch.lerp(picture, blurred, uniform(n, 0, 1).unsqueeze(1))
    noise = 0.06 * torch.rand(n, 1, 1, 1) * torch.randn_like(picture)
    return (picture + noise).clamp(0, 1)


def write_sheet(flags, seed, name):
    torch.manual_seed(seed)
    labels = torch.randint(len(COUNTRIES), (SHEET * SHEET,))
    pictures = (compose(flags, labels, (HEIGHT, WIDTH)) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    sheet = pictures.reshape(SHEET, SHEET, HEIGHT, WIDTH, 3).transpose(0, 2, 1, 3, 4)
    Image.fromarray(sheet.reshape(SHEET * HEIGHT, SHEET * WIDTH, 3)).save(f"{name}.jpg", quality=88)
    countries = list(COUNTRIES.values())
    Path(f"{name}.txt").write_text("".join(countries[label] + "\n" for label in labels))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: compose.py FOLDER-OF-FLAGS SEED NAME")
    write_sheet(read_flags(Path(sys.argv[1]), HEIGHT), int(sys.argv[2]), sys.argv[3])
