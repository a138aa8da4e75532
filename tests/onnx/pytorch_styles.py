#!/usr/bin/python3
"""Models that PyTorch exports, imported: python3 pytorch_styles.py CNNC [STYLE…]

Each style of pytorch_modules.py is exported by torch.onnx.export in several opsets, with a batch of one and with sizes
left open, and imported by `cnnc import`; the library that `cnnc` makes of the model must agree with PyTorch within 1e-4 of
the greatest output. What is imported as the same text and weights is compiled once."""
import pathlib
import subprocess
import sys
import tempfile
import warnings

import torch

from pytorch_modules import STYLES

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "samples"))
from library import relative_difference, run_library  # noqa: E402

TOLERANCE = 1e-4
OPSETS = [7, 8, 9, 11, 13, 17]


def random_model(make):
    """With statistics of its own in batch normalisations, where new ones would be identities."""
    torch.manual_seed(1)
    model = make()
    for module in model.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 0.5)
            torch.nn.init.uniform_(module.running_mean, -0.5, 0.5)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model.eval()


def export(model, inputs, path, opset, is_open, is_folded):
    """Whether PyTorch can write it in that opset."""
    names = ["image", "extra"][: len(inputs)]
    axes = {name: {0: "batch", 2: "height", 3: "width"} for name, x in zip(names, inputs) if x.dim() == 4}
    mode = torch.onnx.TrainingMode.EVAL if is_folded else torch.onnx.TrainingMode.PRESERVE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(model, tuple(inputs), str(path), opset_version=opset, input_names=names,
                              dynamic_axes=axes if is_open else None, training=mode, do_constant_folding=is_folded)
    except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
        print(f"  opset {opset}: PyTorch has none: {str(error).splitlines()[0][:90]}", flush=True)
        return False
    return True


def compare(cnnc, model, inputs, folder, opset, is_open, is_folded, known):
    """The difference from PyTorch's outputs; empty where PyTorch writes no model. `known` differences are by text and
    weights."""
    if not export(model, inputs, folder / "net.onnx", opset, is_open, is_folded):
        return None
    sizes = []
    if is_open:
        height, width = inputs[0].shape[2:]
        sizes = ["--batch", str(inputs[0].shape[0]), "--shape", f"height={height}", "--shape", f"width={width}"]
    subprocess.run([cnnc, "import", "net.onnx", "-o", "net.dsl", *sizes], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    imported = len(inputs[0]), (folder / "net.dsl").read_text(), (folder / "net.safetensors").read_bytes()
    if imported not in known:
        subprocess.run([cnnc, "net.onnx", "--target", "host", "-o", "net.a", *sizes], check=True, cwd=folder)
        with torch.no_grad():
            expected = model(*inputs)
        expected = [y.numpy() for y in (expected if isinstance(expected, tuple) else [expected])]
        known[imported] = relative_difference(run_library(folder, "net", *(x.numpy() for x in inputs)), expected)
    return known[imported]


def compare_all(cnnc, name):
    """Whether all of a style agree."""
    make, shapes = STYLES[name]
    model, known, failed, count = random_model(make), {}, False, 0
    cases = [(opset, 1, False) for opset in OPSETS] + [(opset, 2, True) for opset in (9, 11, 17) if len(shapes[0]) == 3]
    for opset, batch, is_open in cases:
        inputs = [torch.randn(batch, *shape) for shape in shapes]
        with tempfile.TemporaryDirectory() as folder:
            try:
                difference = compare(cnnc, model, inputs, pathlib.Path(folder), opset, is_open, name != "unfolded", known)
            except subprocess.CalledProcessError:
                difference = float("nan")
        if difference is None:
            continue
        is_good = difference <= TOLERANCE
        failed, count = failed or not is_good, count + 1
        print(f"{name:16} opset {opset:2}{', sizes open' if is_open else '':12} {difference:.1e}"
              f"{'' if is_good else '  FAILED'}", flush=True)
    return count > 0 and not failed


if __name__ == "__main__":
    results = [compare_all(pathlib.Path(sys.argv[1]).resolve(), name) for name in sys.argv[2:] or STYLES]
    sys.exit(not all(results))
