#!/usr/bin/python3
"""Models from elsewhere, compiled, against outputs that stand beside them: python3 compare_models.py CNNC FOLDER

For each NAME.onnx of the folder with NAME_in.npy and NAME_out.npy, of one input and one output: the library that
`cnnc NAME.onnx` makes gives that output for that input within 1e-4 of its greatest element."""
import pathlib
import subprocess
import sys
import tempfile

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "samples"))
from library import relative_difference, run_library  # noqa: E402

TOLERANCE = 1e-4


def compare(cnnc, model, folder):
    """The greatest difference, as a part of the greatest element."""
    subprocess.run([cnnc, model, "--target", "host", "-o", folder / "net.a"], check=True, stdout=subprocess.DEVNULL)
    beside = lambda what: numpy.load(model.with_name(f"{model.stem}_{what}.npy"))
    return relative_difference(run_library(folder, "net", beside("in")), [beside("out")])


def main(cnnc, folder):
    failed = False
    models = sorted(path.with_name(path.name.replace("_out.npy", ".onnx"))
                    for path in pathlib.Path(folder).glob("*_out.npy"))
    for model in models:
        with tempfile.TemporaryDirectory() as work:
            difference = compare(cnnc, model, pathlib.Path(work))
        failed = failed or not difference <= TOLERANCE
        print(f"{model.stem:20} {difference:.1e}{'' if difference <= TOLERANCE else '  FAILED'}", flush=True)
    return failed or not models


sys.exit(main(*sys.argv[1:]))
