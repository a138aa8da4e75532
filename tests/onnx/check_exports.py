#!/usr/bin/python3
"""ONNX's checker on what `cnnc export` writes: python3 check_exports.py CNNC [NAME…]

For each sample, or those named, and the layers of layers.txt (`layers`), with random weights: the model is valid, and ONNX
infers the shapes that it declares. Wants python3-onnx."""
import pathlib
import subprocess
import sys
import tempfile

import onnx

from texts import texts


def check(cnnc, name, text, folder):
    (folder / f"{name}.dsl").write_text(text)
    subprocess.run([cnnc, "export", f"{name}.dsl", "--weights", "random:1"], check=True, cwd=folder)
    path = str(folder / f"{name}.onnx")
    onnx.checker.check_model(path, full_check=True)
    return len(onnx.load(path, load_external_data=False).graph.node)


cnnc, *names = sys.argv[1:]
for name, text in texts(names).items():
    with tempfile.TemporaryDirectory() as folder:
        nodes = check(str(pathlib.Path(cnnc).resolve()), name, text, pathlib.Path(folder))
    print(f"{name:20} ok: {nodes} nodes", flush=True)
