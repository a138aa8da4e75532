#!/usr/bin/python3
"""What PyTorch exports, compiled, against PyTorch: python3 compare_pytorch.py CNNC FOLDER [NAME…]

FOLDER is what pytorch_exports.py has written. The library that `cnnc` makes of each NAME.EXPORTER.onnx, or of those named,
gives PyTorch's outputs within 1e-4 of the greatest element of each. Models that are imported as the same text and weights are
compiled once ("as torchscript"). pytorch_exports_excluded.txt says which cannot agree, and why: one that is listed and agrees
is an error, as is one that is not listed and does not."""
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "samples"))
from library import relative_difference, run_library  # noqa: E402

TOLERANCE = 1e-4


def exclusions():
    """The reasons, by the model's name with its exporter, or by its name for both."""
    lines = pathlib.Path(__file__).with_name("pytorch_exports_excluded.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


class Failure(Exception):
    """A command's last words."""


def run(*words, cwd):
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if "error" in line]
        raise Failure((errors or done.stderr.splitlines() or [f"exit {done.returncode}"])[0][:300])


def identity(folder):
    """Of what is imported: the text but for the names of network and outputs, which are the exporter's, and the weights."""
    text = (folder / "net.dsl").read_text()
    text = re.sub(r"^#.*\n|^network .*\n| as [a-z0-9_]*$", "", text, flags=re.MULTILINE)
    return hashlib.sha256(text.encode() + (folder / "net.safetensors").read_bytes()).hexdigest()


def compare(cnnc, model, folder, known):
    """The outputs' greatest difference, and what it took. `known` are those by identity, with the model."""
    subprocess.run(["ln", "-s", model, folder / "net.onnx"], check=True)
    run(cnnc, "import", "net.onnx", "-o", "net.dsl", cwd=folder)
    name, key = model.name.split(".")[0], identity(folder)
    if key in known:
        return known[key][0], f"as {known[key][1]}"
    start = time.time()
    run(cnnc, "net.onnx", "-o", "net.a", cwd=folder)
    seconds = time.time() - start
    image = numpy.load(model.with_name(f"{name}.in.npy"))
    with numpy.load(model.with_name(f"{name}.out.npz")) as outputs:
        expected = [outputs[key] for key in outputs.files]
    difference = relative_difference(run_library(folder, "net", image), expected)
    known[key] = difference, model.name.split(".")[1]
    return difference, f"{seconds:.0f} s"


def judge(cnnc, model, known):
    """Whether it agrees, and what to say of it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            difference, how = compare(cnnc, model, pathlib.Path(folder), known)
        except (Failure, AssertionError, ValueError) as failure:
            return False, str(failure)
    return difference <= TOLERANCE, f"{difference:.1e}  {how}"


def main(cnnc, folder, *names):
    cnnc, folder, reasons = str(pathlib.Path(cnnc).resolve()), pathlib.Path(folder).resolve(), exclusions()
    good, unexpected = 0, []
    names = names or sorted({path.name.split(".")[0] for path in folder.glob("*.onnx")})
    for name in names:
        known = {}
        for model in sorted(folder.glob(f"{name}.*.onnx"), reverse=True):  # torchscript, dynamo
            called = model.name[:-len(".onnx")]
            reason = reasons.get(called, reasons.get(name))
            agrees, text = judge(cnnc, model, known)
            good += agrees
            if agrees == (reason is not None):
                unexpected.append(called)
            verdict = ("agrees, and is listed" if reason else "agrees") if agrees else reason or "FAILED"
            print(f"{called:42} {verdict}: {text}", flush=True)
    print(f"{good} agree; otherwise than expected: {' '.join(unexpected) or 'none'}")
    return bool(unexpected)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
