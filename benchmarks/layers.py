"""Single convolutions, with bias and ReLU: a compiled one against the best that oneDNN has for it."""
import os
import subprocess

from convs import convs_of
from library import CNNC, WORK, compile_network, timed
from networks import text_of
from tables import middle, milliseconds, percent, table

WORST_DIFFERENCE = 1e-3  # of oneDNN's Winograd from its direct convolution; one that is further off does not count


def convolutions(net):
    """Those of a network, and how many there are of each."""
    passes = subprocess.run([CNNC, text_of(net), "--emit", "passes"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return convs_of(passes)


def prepare(net, conv, images, target):
    """The convolution's library, once `cnnc verify` has found it right."""
    text = WORK / "conv.dsl"
    text.write_text(conv.text())
    common = ["--weights", "random:1", "--batch", str(images), "--target", target]
    done = subprocess.run([CNNC, "verify", str(text), *common], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{net}: {conv}: {done.stdout}")
    return compile_network(str(text), WORK / "conv", *common)


def time_cnnc(library, threads, options):
    """The layer's seconds and the peak."""
    reading = timed("time_cnnc", library, threads, options.seconds, options.target, os.devnull, "layers", threads=threads)[0]
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


def compare_layers(options, log):
    """Prints a table for each network, batch and number of threads."""
    for net in options.nets:
        for images in options.batch:
            for threads in options.threads:
                results = []
                for conv, count in convolutions(net).items():
                    library = prepare(net, conv, images, options.target)
                    rounds = [{"onednn": time_onednn(conv, images, threads, options),
                               "cnnc": time_cnnc(library, threads, options)} for _ in range(options.rounds)]
                    results.append(log.add(campaign="onednn", network=net, batch=images, threads=threads, count=count,
                                           convolution=str(conv), mflop=conv.mflop(), rounds=rounds))
                print(f"{net}, batch {images}, threads {threads}: convolutions with bias and ReLU, against the best of oneDNN's")
                print(table([HEAD, *map(row, results), sums(results)]), end="\n\n")
    return True
