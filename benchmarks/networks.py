"""Whole networks: a compiled library against another engine with the same network, weights and input."""
import array
import functools
import itertools
import math
import os
import pathlib
import subprocess
import tempfile

from library import CNNC, ROOT, WORK, compile_network, timed
from quantised import quantise, with_sums_of_bytes
from tables import middle, milliseconds, percent, table

# Results that differ by more of the greatest element get no time. In bytes a sum that lies halfway may go either way, and
# what comes of it grows from layer to layer; OpenVINO has sums in other places, too.
TOLERANCE = {"fp32": 1e-4, "bf16": 0.1, "int8": 0.1}
NAMES = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO"}


def text_of(net):
    """The text of a sample by its name, or of a path."""
    found = [pathlib.Path(net)] if os.sep in net else list(ROOT.glob(f"samples/*/{net}.dsl"))
    if not found or not found[0].exists():
        raise SystemExit(f"no network '{net}': it is the name of a sample, as resnet50, or a path with a '/' in it")
    return str(found[0])


def onnxruntime_library():
    found = sorted(WORK.glob("node_modules/onnxruntime-node/bin/*/linux/x64/libonnxruntime.so*"))
    if not found and "CNNC_ONNXRUNTIME" not in os.environ:
        raise SystemExit("ONNX Runtime is not there: benchmarks/setup installs it, or CNNC_ONNXRUNTIME is its library's path")
    return os.environ.get("CNNC_ONNXRUNTIME") or str(found[0])


def openvino_library():
    found = sorted(WORK.glob("openvino/lib/python*/site-packages/openvino/libs/libopenvino_c.so*"))
    if not found and "CNNC_OPENVINO" not in os.environ:
        raise SystemExit("OpenVINO is not there: 'benchmarks/setup openvino' installs it, or CNNC_OPENVINO is the path of its C library")
    return os.environ.get("CNNC_OPENVINO") or str(found[0])


def mflop(text):
    """Two operations a multiply-add, of one image, as `cnnc summary` counts them."""
    summary = subprocess.run([CNNC, "summary", text], stdout=subprocess.PIPE, text=True, check=True).stdout
    line = next(line for line in summary.splitlines() if line.startswith("MACs "))
    return 2e-6 * int(line.split()[1].replace(",", ""))


def prepare(text, images, threads, options, other, folder):
    """Both engines' files for a network, with what they are to be called with beyond the usual."""
    model, weights = f"{folder}/net.onnx", ["--weights", "random:1"]
    how = ["--quantize", quantise(text, weights, folder)] if options.precision == "int8" else []
    of_model = ["--quantize", with_sums_of_bytes(how[1], text, folder)] if how else []
    subprocess.run([CNNC, "export", text, *weights, *of_model, "-o", model], check=True)
    library = compile_network(text, f"{folder}/net", *weights, *how, "--batch", str(images), "--threads", str(threads),
                              "--target", options.target)
    theirs = {"onnxruntime": lambda: ("time_onnxruntime", model, (onnxruntime_library(), images)),
              "openvino": lambda: ("time_openvino", model,
                                   (openvino_library(), images, "bf16" if options.precision == "bf16" else "f32"))}
    return {other: theirs[other](), "cnnc": ("time_cnnc", library, ())}


def read_floats(path):
    values = array.array("f")
    values.frombytes(pathlib.Path(path).read_bytes())
    return values


def difference(found, expected):
    """The largest difference as a part of the largest element; infinite where something is no number."""
    if len(found) != len(expected) or not all(map(math.isfinite, found)) or not all(map(math.isfinite, expected)):
        return math.inf
    return max(abs(a - b) for a, b in zip(found, expected)) / max(map(abs, expected))


def one_round(files, threads, options, reverse, folder):
    """A reading of each engine, one after the other; they take turns at being the first. None if one failed."""
    readings = {}
    for engine in reversed(files) if reverse else files:
        program, file, more = files[engine]
        outputs = f"{folder}/{engine}.f32"
        found = timed(program, file, threads, options.seconds, options.target, outputs, *more, threads=threads)
        if not found:
            return None
        readings[engine] = found[0]
    return {**readings, "difference": difference(*(read_floats(f"{folder}/{engine}.f32") for engine in files))}


def head(other):
    return ["network", "batch", "threads", f"{NAMES[other]} ms", "best", "cnnc ms", "best", "times faster", "by round", "GFLOP/s",
            "of peak", "peak", "difference"]


def row(result):
    """A line of the table from a network's rounds."""
    of = lambda engine, key: [reading[engine][key] for reading in result["rounds"]]
    apart = max(reading["difference"] for reading in result["rounds"])
    name = [result["network"], str(result["batch"]), str(result["threads"])]
    other = result["campaign"]
    if not apart <= TOLERANCE[result["precision"]]:
        return [*name, *["-"] * 9, f"{apart:.0e} WRONG"]
    theirs, ours, peak = middle(of(other, "median")), middle(of("cnnc", "median")), middle(of("cnnc", "peak"))
    ratios = [a / b for a, b in zip(of(other, "median"), of("cnnc", "median"))]
    speed = result["mflop"] * result["batch"] * 1e6 / ours
    return [*name, milliseconds(theirs), milliseconds(min(of(other, "best"))), milliseconds(ours),
            milliseconds(min(of("cnnc", "best"))), f"{middle(ratios):.2f}", f"{min(ratios):.2f} to {max(ratios):.2f}",
            f"{speed * 1e-9:.1f}", percent(speed / peak), f"{peak * 1e-9:.0f}", f"{apart:.0e}"]


def compare_network(net, images, options, other, log):
    """A result for each number of threads; None for one where an engine failed, and has said why."""
    text, results = text_of(net), []
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        operations = mflop(text)
        for threads in options.threads:
            files = prepare(text, images, threads, options, other, folder)
            rounds = [one_round(files, threads, options, i % 2 == 1, folder) for i in range(options.rounds)]
            results.append(None if None in rounds else
                           log.add(campaign=other, network=pathlib.Path(text).stem, batch=images, threads=threads,
                                   target=options.target, precision=options.precision, mflop=operations, rounds=rounds))
    return results


def compare_networks(other, options, log):
    """Prints the table; returns whether all engines ran and agreed."""
    results = [result for net, images in itertools.product(options.nets, options.batch)
               for result in compare_network(net, images, options, other, log)]
    rows = [row(result) for result in results if result]
    print(table([head(other), *rows]))
    return None not in results and not any("WRONG" in line[-1] for line in rows)


CAMPAIGNS = {other: functools.partial(compare_networks, other) for other in NAMES}
