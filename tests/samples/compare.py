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
from models import input_shape, models

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
sys.path.insert(0, str(SAMPLES / "common"))
from formats import write_safetensors  # noqa: E402

TOLERANCE = 1e-4


def randomise(model, shape):
    """Batch normalisations with statistics of what they read, and with weights of their own: else a deep network's values
    vanish, and nothing that comes before its last layers shows in its result."""
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.uniform_(norm.bias, -0.5, 0.5)
    if norms:
        model.train()(torch.randn(2, *shape))


def weights_of(model):
    """Without the heads of GoogLeNet and Inception-v3 that serve training alone."""
    return {name: values for name, values in model.state_dict().items() if not name.startswith(("aux", "AuxLogits"))}


def compare(cnnc, name, folder):
    """The greatest difference of the outputs, as a part of the greatest output."""
    torch.manual_seed(1)
    model, shape = models()[name](), input_shape(name)
    with torch.no_grad():
        randomise(model, shape)
        image = torch.randn(1, *shape)
        expected = model.eval()(image).numpy()
    write_safetensors(folder / "weights.safetensors", weights_of(model))
    text = next(SAMPLES.glob(f"*/{name}.dsl"))
    subprocess.run([cnnc, text, "--weights", folder / "weights.safetensors", "-o", folder / f"{name}.a"], check=True)
    return relative_difference(run_library(folder, name, image), [expected])


failed = False
for name in sys.argv[2:] or sorted(models()):
    with tempfile.TemporaryDirectory() as folder:
        difference = compare(sys.argv[1], name, pathlib.Path(folder))
    failed = failed or not difference <= TOLERANCE
    print(f"{name:20} {difference:.1e}{'' if difference <= TOLERANCE else '  FAILED'}", flush=True)
sys.exit(failed)
