"""The texts that are exported: the samples, and the layers of layers.txt."""
import pathlib
import re

import numpy

TESTS = pathlib.Path(__file__).resolve().parents[1]


def texts_of_layers():
    """For each shape of an input, a network with all layers that are listed for it: an output each, called by its line."""
    texts = {}
    for number, line in enumerate((TESTS / "onnx/layers.txt").read_text().splitlines(), 1):
        if not line or line[0] == "#":
            continue
        _, shape, layer = line.split(maxsplit=2)
        name = f"layers_{shape}"
        texts.setdefault(name, f"network {name}\ninput x {shape}\n")
        own = re.sub(r"\b([ab])\b", rf"\g<1>{number}", layer)
        texts[name] += f"from x; {own}; output as line{number}\n"
    return texts


def texts(names):
    """By name; those named, or all. `layers` is all of layers.txt."""
    samples = {path.stem: path.read_text() for path in sorted((TESTS.parent / "samples").glob("*/*.dsl"))}
    layers = texts_of_layers()
    return {name: text for name, text in (layers | samples).items()
            if not names or name in names or (name in layers and "layers" in names)}


def inputs_of(text, images):
    """Standard normal values for each input."""
    random = numpy.random.default_rng(1)
    shapes = re.findall(r"^input \w+ ([\dx]+)", text, re.MULTILINE)
    return [random.standard_normal((images, *map(int, shape.split("x"))), numpy.float32) for shape in shapes]
