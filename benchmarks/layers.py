"""Single convolutions, with bias and ReLU: a compiled one against the best that oneDNN has for it."""
import itertools
import os
import subprocess
import tempfile

from convs import convs_of
from library import CNNC, WORK, compile_network, timed
from networks import text_of
from tables import middle, milliseconds, percent, table

WORST_DIFFERENCE = 1e-3  # of oneDNN's Winograd from its direct convolution; one that is further off does not count


def convolutions(net):
    """Those of a network, and how many there are of each."""
    passes = subprocess.run([CNNC, text_of(net), "--emit", "passes"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return convs_of(passes)


def prepare(conv, images, threads, target, folder):
    """The convolution's library, once `cnnc verify` has found it right."""
    text = f"{folder}/conv.dsl"
    with open(text, "w") as file:
        file.write(conv.text())
    common = ["--weights", "random:1", "--batch", str(images), "--threads", str(threads), "--target", target]
    done = subprocess.run([CNNC, "verify", text, *common], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{conv}: {done.stdout}")
    return compile_network(text, f"{folder}/conv", *common)


def time_cnnc(library, threads, options):
    """The layer's seconds and the peak."""
    (reading,) = timed("time_cnnc", library, threads, options.seconds, options.target, os.devnull, "layers", threads=threads)
    layer = next(layer for layer in reading["layers"] if layer["name"] == "layer")
    return {"median": layer["median"], "best": layer["best"], "peak": reading["peak"]}


def time_onednn(conv, images, threads, options):
    """The fastest of oneDNN's algorithms."""
    readings = timed("time_onednn", conv.numbers(images), threads, options.seconds, options.target, threads=threads)
    return min((r for r in readings if r["difference"] <= WORST_DIFFERENCE), key=lambda r: r["median"])


HEAD = ["convolution", "count", "MFLOP", "oneDNN ms", "cnnc ms", "times faster", "by round", "oneDNN of peak", "cnnc of peak",
        "oneDNN's kernel"]


def seconds(result, engine):
    return middle([r[engine]["median"] for r in result["rounds"]])


def row(result):
    theirs, ours = seconds(result, "onednn"), seconds(result, "cnnc")
    ratios = [r["onednn"]["median"] / r["cnnc"]["median"] for r in result["rounds"]]
    peak = middle([r[engine]["peak"] for r in result["rounds"] for engine in ("onednn", "cnnc")])
    share = lambda time: percent(result["mflop"] * result["batch"] * 1e6 / time / peak)
    kernels = sorted({f"{r['onednn']['algorithm']}: {r['onednn']['implementation']}" for r in result["rounds"]})
    return [result["convolution"], str(result["count"]), f"{result['mflop']:.1f}", milliseconds(theirs), milliseconds(ours),
            f"{middle(ratios):.2f}", f"{min(ratios):.2f} to {max(ratios):.2f}", share(theirs), share(ours), ", ".join(kernels)]


def sums(results):
    """All convolutions of the network, each as often as it occurs."""
    total = lambda engine: sum(seconds(result, engine) * result["count"] for result in results)
    theirs, ours = total("onednn"), total("cnnc")
    return ["all", str(sum(r["count"] for r in results)), f"{sum(r['mflop'] * r['count'] for r in results):.1f}",
            milliseconds(theirs), milliseconds(ours), f"{theirs / ours:.2f}", "", "", "", ""]


def in_turn(engines, reverse):
    """A reading of each; they take turns at being the first."""
    return {name: engines[name]() for name in sorted(engines, reverse=reverse)}


def compare_conv(conv, images, threads, options):
    """A reading of both engines for each round."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        library = prepare(conv, images, threads, options.target, folder)
        engines = {"onednn": lambda: time_onednn(conv, images, threads, options),
                   "cnnc": lambda: time_cnnc(library, threads, options)}
        return [in_turn(engines, i % 2 == 1) for i in range(options.rounds)]


def compare_network(net, images, threads, options, log):
    """A result for each distinct convolution of a network."""
    return [log.add(campaign="onednn", network=net, batch=images, threads=threads, target=options.target,
                    convolution=str(conv), count=count, mflop=conv.mflop(),
                    rounds=compare_conv(conv, images, threads, options))
            for conv, count in convolutions(net).items()]


def compare_layers(options, log):
    """Prints a table for each network, batch and number of threads."""
    for net, images, threads in itertools.product(options.nets, options.batch, options.threads):
        results = compare_network(net, images, threads, options, log)
        print(f"{net}, batch {images}, threads {threads}: convolutions with bias and ReLU, against the best of oneDNN's")
        print(table([HEAD, *map(row, results), sums(results)]), end="\n\n")
    return True
