#!/usr/bin/python3
"""Compiled samples against PyTorch: python3 tests/samples/compare.py CNNC [NAME…]

For each network: PyTorch's model with random weights, its state dict as a .safetensors file, the library that `cnnc` makes of
the sample with it, and the outputs of both for one random image. They must agree within 1e-4 of the greatest."""
import pathlib
import subprocess
import sys
import tempfile

import torch

from library import relative_difference, run_library
from models import input_shape, models, random_model, weights_of

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
sys.path.insert(0, str(SAMPLES / "common"))
from formats import write_safetensors  # noqa: E402

TOLERANCE = 1e-4


def compare(cnnc, name, folder):
    """The greatest difference of the outputs, as a part of the greatest output."""
    model = random_model(name)
    with torch.no_grad():
        image = torch.randn(1, *input_shape(name))
        expected = model(image).numpy()
    write_safetensors(folder / "weights.safetensors", weights_of(model))
    text = next(SAMPLES.glob(f"*/{name}.dsl"))
    weights = ["--weights", folder / "weights.safetensors"]
    subprocess.run([cnnc, text, *weights, "--target", "host", "-o", folder / f"{name}.a"], check=True)
    return relative_difference(run_library(folder, name, image), [expected])


failed = False
for name in sys.argv[2:] or sorted(models()):
    with tempfile.TemporaryDirectory() as folder:
        difference = compare(sys.argv[1], name, pathlib.Path(folder))
    failed = failed or not difference <= TOLERANCE
    print(f"{name:20} {difference:.1e}{'' if difference <= TOLERANCE else '  FAILED'}", flush=True)
sys.exit(failed)
