#!/usr/bin/python3
"""Models of torchvision and timm, exported: python3 pytorch_exports.py FOLDER [NAME…]

For each network of pytorch_models.py, or those named, into FOLDER: NAME.torchscript.onnx and NAME.dynamo.onnx, as PyTorch's
two exporters write it, NAME.in.npy, an image, and NAME.out.npz, PyTorch's outputs for it. What is there is kept. Takes a
current PyTorch, with torchvision, timm and onnxscript. compare_pytorch.py compares what cnnc makes of them."""
import pathlib
import sys
import traceback
import warnings

import numpy
import torch

from compare_pytorch import exclusions
from pytorch_models import MODELS, random_model

OPSETS = {"torchscript": 17, "dynamo": None}  # dynamo's own: 18 or newer


def tensors(outputs):
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return list(outputs.values() if isinstance(outputs, dict) else outputs)


def write_values(model, image, folder, name):
    with torch.no_grad():
        outputs = tensors(model(image))
    numpy.save(folder / f"{name}.in.npy", image.numpy())
    numpy.savez(folder / f"{name}.out.npz", *(output.numpy() for output in outputs))


def export(model, image, path, exporter):
    """Whether PyTorch can."""
    part = path.with_suffix(".part")
    try:
        torch.onnx.export(model, (image,), str(part), dynamo=exporter == "dynamo", opset_version=OPSETS[exporter],
                          input_names=["image"], external_data=False, verbose=False)
    except Exception:  # of any kind: the exporters have many
        traceback.print_exc()
        return False
    part.rename(path)
    return True


def export_both(name, folder):
    """Those that PyTorch did not write."""
    paths = {exporter: folder / f"{name}.{exporter}.onnx" for exporter in OPSETS}
    if all(path.exists() for path in paths.values()):
        return []
    model, shape = random_model(name)
    image = torch.randn(1, *shape)
    write_values(model, image, folder, name)
    return [f"{name}.{exporter}" for exporter, path in paths.items() if not export(model, image, path, exporter)]


def main(folder, *names):
    warnings.simplefilter("ignore")
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    for name in names or MODELS:
        print(name, flush=True)
        missing += export_both(name, folder)
    missing = sorted(set(missing) - set(exclusions()))
    print(f"not exported, and not listed: {' '.join(missing) or 'none'}")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
