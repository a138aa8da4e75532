#!/usr/bin/python3
"""Samples by way of ONNX: python3 compare_round_trips.py CNNC [NAME…]

For each sample, or those named, with random weights: the library that `cnnc` makes of the text, and that of the model that
`cnnc export` writes of it. They are the same bytes, or, where steps without weights have other names, compute the same bits."""
import pathlib
import subprocess
import sys
import tempfile

import numpy

from texts import TESTS, inputs_of, texts

sys.path.insert(0, str(TESTS / "samples"))
from library import run_library  # noqa: E402


def compare(cnnc, name, text, folder):
    (folder / f"{name}.dsl").write_text(text)
    again = folder / "again"
    again.mkdir()
    for command in ([f"{name}.dsl", "--weights", "random:1", "--target", "host", "-o", f"{name}.a"],
                    ["export", f"{name}.dsl", "--weights", "random:1", "-o", f"again/{name}.onnx"],
                    [f"again/{name}.onnx", "--target", "host", "-o", f"again/{name}.a"]):
        subprocess.run([cnnc, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    if (folder / f"{name}.a").read_bytes() == (again / f"{name}.a").read_bytes():
        return "the same bytes"
    inputs = inputs_of(text, 1)
    first, second = run_library(folder, name, *inputs), run_library(again, name, *inputs)
    return "the same results" if all(map(numpy.array_equal, first, second)) else "FAILED"


def main(cnnc, *names):
    failed = False
    for name, text in texts(names).items():
        if name.startswith("layers_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = compare(str(pathlib.Path(cnnc).resolve()), name, text, pathlib.Path(folder))
        failed = failed or found == "FAILED"
        print(f"{name:20} {found}", flush=True)
    return failed


sys.exit(main(*sys.argv[1:]))
