#!/usr/bin/python3
"""Exported networks in ONNX Runtime against compiled ones: python3 compare_exports.py CNNC [NAME…]

For each sample, or those named, and for the layers of layers.txt (`layers`): seeded random weights, the model that
`cnnc export` writes, the library that `cnnc` makes, and the outputs of both for one random input, or a batch of two
of the layers. They must agree within 1e-4 of the greatest. CNNC_ONNXRUNTIME is the path of libonnxruntime.so (see
onnx_runtime.py); the samples' weights want python3-torchvision, as samples/compare.py does."""
import pathlib
import subprocess
import sys
import tempfile

from onnx_runtime import Runtime, Session
from texts import TESTS, inputs_of, texts

sys.path.insert(0, str(TESTS / "samples"))
sys.path.insert(0, str(TESTS.parent / "samples/common"))
from formats import write_safetensors  # noqa: E402
from library import relative_difference, run_library  # noqa: E402

TOLERANCE = 1e-4


def write_weights(name, folder):
    """Random weights with which the values neither grow nor vanish; what --weights is to say."""
    from models import random_model, weights_of

    write_safetensors(folder / "weights.safetensors", weights_of(random_model(name)))
    return "weights.safetensors"


def compare(cnnc, runtime, name, text, folder):
    """The outputs' differences, by name, each as a part of the greatest element."""
    (folder / f"{name}.dsl").write_text(text)
    is_sample = not name.startswith("layers_")
    weights, images = (write_weights(name, folder), 1) if is_sample else ("random:1", 2)
    for command in (["export"], ["--batch", str(images)]):
        subprocess.run([cnnc, *command, f"{name}.dsl", "--weights", weights], check=True, cwd=folder)
    inputs = inputs_of(text, images)
    session = Session(runtime, folder / f"{name}.onnx")
    expected = session.run(*inputs)
    found = run_library(folder, name, *inputs)
    return {output.decode(): relative_difference([a], [b])
            for output, a, b in zip(session.outputs, found, expected, strict=True)}


def main(cnnc, *names):
    runtime, failed = Runtime(), False
    for name, text in texts(names).items():
        with tempfile.TemporaryDirectory() as folder:
            differences = compare(str(pathlib.Path(cnnc).resolve()), runtime, name, text, pathlib.Path(folder))
        print(f"{name:20} {max(differences.values()):.1e}", flush=True)
        for output, difference in differences.items():
            if not difference <= TOLERANCE:
                failed = True
                print(f"  {output}: {difference:.1e}  FAILED", flush=True)
    return failed


sys.exit(main(*sys.argv[1:]))
