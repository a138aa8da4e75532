"""Whole networks: a compiled library against ONNX Runtime with the same network, weights and input."""
import array
import math
import os
import pathlib
import subprocess

from library import CNNC, ROOT, WORK, compile_network, timed
from tables import middle, milliseconds, percent, table

TOLERANCE = 1e-4  # of the greatest element: results that differ by more get no time
ENGINES = ("onnxruntime", "cnnc")


def text_of(net):
    """A sample's name, or a path."""
    return net if os.sep in net else str(next(ROOT.glob(f"samples/*/{net}.dsl")))


def onnxruntime_library():
    found = sorted(WORK.glob("node_modules/onnxruntime-node/bin/*/linux/x64/libonnxruntime.so*"))
    return os.environ.get("CNNC_ONNXRUNTIME") or str(found[0])


def mflop(text):
    """Two operations a multiply-add, of one image, as `cnnc summary` counts them."""
    summary = subprocess.run([CNNC, "summary", text], stdout=subprocess.PIPE, text=True, check=True).stdout
    line = next(line for line in summary.splitlines() if line.startswith("MACs "))
    return 2e-6 * int(line.split()[1].replace(",", ""))


def prepare(net, images, target):
    """Both engines' files for a network, with what they are to be called with beyond the usual."""
    text, stem = text_of(net), WORK / f"{pathlib.Path(net).stem}_{images}"
    model = WORK / f"{pathlib.Path(net).stem}.onnx"
    subprocess.run([CNNC, "export", text, "--weights", "random:1", "-o", str(model)], check=True)
    library = compile_network(text, stem, "--weights", "random:1", "--batch", str(images), "--target", target)
    return {"onnxruntime": ("time_onnxruntime", model, (onnxruntime_library(), images)), "cnnc": ("time_cnnc", library, ())}


def read_floats(path):
    values = array.array("f")
    values.frombytes(pathlib.Path(path).read_bytes())
    return values


def difference(found, expected):
    """The largest difference as a part of the largest element; infinite where something is no number."""
    if len(found) != len(expected) or not all(map(math.isfinite, found)) or not all(map(math.isfinite, expected)):
        return math.inf
    return max(abs(a - b) for a, b in zip(found, expected)) / max(map(abs, expected))


def one_round(files, threads, options, reverse):
    """A reading of each engine, one after the other; they take turns at being the first."""
    readings = {}
    for engine in ENGINES[::-1] if reverse else ENGINES:
        program, file, more = files[engine]
        outputs = WORK / f"outputs_{engine}.f32"
        found = timed(program, file, threads, options.seconds, options.target, outputs, *more, threads=threads)
        if not found:
            return None
        readings[engine] = found[0]
    apart = difference(read_floats(WORK / "outputs_cnnc.f32"), read_floats(WORK / "outputs_onnxruntime.f32"))
    return {**readings, "difference": apart}


HEAD = ["network", "batch", "threads", "ONNX Runtime ms", "best", "cnnc ms", "best", "times faster", "by round", "GFLOP/s",
        "of peak", "peak", "difference"]


def row(result):
    """A line of the table from a network's rounds."""
    of = lambda engine, key: [reading[engine][key] for reading in result["rounds"]]
    apart = max(reading["difference"] for reading in result["rounds"])
    name = [result["network"], str(result["batch"]), str(result["threads"])]
    if not apart <= TOLERANCE:
        return [*name, *["-"] * 9, f"{apart:.0e} WRONG"]
    theirs, ours, peak = middle(of("onnxruntime", "median")), middle(of("cnnc", "median")), middle(of("cnnc", "peak"))
    ratios = [a / b for a, b in zip(of("onnxruntime", "median"), of("cnnc", "median"))]
    speed = result["mflop"] * result["batch"] * 1e6 / ours
    return [*name, milliseconds(theirs), milliseconds(min(of("onnxruntime", "best"))), milliseconds(ours),
            milliseconds(min(of("cnnc", "best"))), f"{middle(ratios):.2f}", f"{min(ratios):.2f} to {max(ratios):.2f}",
            f"{speed * 1e-9:.1f}", percent(speed / peak), f"{peak * 1e-9:.0f}", f"{apart:.0e}"]


def compare_networks(options, log):
    """Prints the table; returns whether all engines ran and agreed."""
    rows, complete = [HEAD], True
    for net in options.nets:
        for images in options.batch:
            files, operations = prepare(net, images, options.target), mflop(text_of(net))
            for threads in options.threads:
                rounds = [one_round(files, threads, options, reverse=i % 2 == 1) for i in range(options.rounds)]
                if None in rounds:
                    complete = False
                    continue
                rows.append(row(log.add(campaign="onnxruntime", network=net, batch=images, threads=threads,
                                        target=options.target, mflop=operations, rounds=rounds)))
    print(table(rows))
    return complete and not any("WRONG" in line[-1] for line in rows)
