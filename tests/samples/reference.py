#!/usr/bin/python3
"""Writes networks.txt: for each sample its parameters, MACs, and a hash of the names and shapes of its tensors, as PyTorch's
model of that name has them. `reference.py NAME` prints those names and shapes.

    python3 tests/samples/reference.py > tests/samples/networks.txt     # python3-torch, python3-torchvision
"""
import pathlib
import sys

import torch

from models import input_shape, models


def tensors(model):
    """ "fc.weight 10x84" for all that a .safetensors file of the network holds, sorted."""
    skipped = ("aux", "AuxLogits")  # heads for training alone
    return sorted(f"{name} {'x'.join(map(str, values.shape))}" for name, values in model.state_dict().items()
                  if not name.endswith("num_batches_tracked") and not name.startswith(skipped))


def parameters(model):
    return sum(values.numel() for name, values in model.named_parameters() if not name.startswith(("aux", "AuxLogits")))


def macs(model, shape):
    """Multiplications of the convolutions and dense layers, for one image."""
    total = 0

    def count(module, inputs, result):
        nonlocal total
        weight = module.weight
        if isinstance(module, torch.nn.ConvTranspose2d):
            total += inputs[0].numel() * weight[0].numel()
        else:
            total += result.numel() * weight[0].numel()

    for module in model.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Conv3d, torch.nn.Linear, torch.nn.ConvTranspose2d)):
            module.register_forward_hook(count)
    with torch.no_grad():
        model.eval()(torch.zeros(1, *shape))
    return total


def fnv1a(text):
    """The 64-bit FNV-1a hash of its bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def line(name, model):
    text = "".join(f"{tensor}\n" for tensor in tensors(model))
    return f"{name} {parameters(model)} {macs(model, input_shape(name))} {fnv1a(text):016x}"


if len(sys.argv) > 1:
    print("\n".join(tensors(models()[sys.argv[1]]())))
else:
    samples = pathlib.Path(__file__).parents[2] / "samples"
    for name in sorted(models().keys() & {path.stem for path in samples.glob("*/*.dsl")}):
        print(line(name, models()[name]()), flush=True)
