"""Files of a network in bytes: inputs to calibrate it on, its quantisation, and the same network for other engines."""
import pathlib
import random
import re
import struct
import subprocess

from library import CNNC

INPUTS = 8  # whose ranges the scales are of: as what is timed, uniform in [-1, 1)


def npy(shape, values):
    """A file of NumPy's, of floats."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


def input_shape(text):
    """The sizes of the only input of a text: `input image 3x224x224`."""
    found = re.findall(r"^input \w+ ([\dx]+)", pathlib.Path(text).read_text(), re.M)
    if len(found) != 1:
        raise SystemExit(f"{text}: a network of one input is wanted to be quantised; it has {len(found)}")
    return [int(size) for size in found[0].split("x")]


def quantise(text, weights, folder):
    """The path of its quantisation, by the ranges that it has on random inputs."""
    shape, source, data, path = input_shape(text), random.Random(1), f"{folder}/inputs.npy", f"{folder}/net.quant"
    elements = INPUTS
    for size in shape:
        elements *= size
    pathlib.Path(data).write_bytes(npy([INPUTS, *shape], [2 * source.random() - 1 for _ in range(elements)]))
    subprocess.run([CNNC, "quantize", text, *weights, "--calibrate", data, "-o", path], check=True, stdout=subprocess.DEVNULL)
    return path


def sums_of(text):
    """Of each sum of a network: its own name, those of what it adds, and of the layers that read it."""
    graph = subprocess.run([CNNC, text, "--emit", "graph"], stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [re.split(r"  +", line) for line in graph.splitlines()]
    nodes = {row[0]: (row[1], row[2].split(", ")) for row in rows if len(row) == 4}
    return [(name, inputs, [reader for reader, (_, read) in nodes.items() if name in read])
            for name, (operator, inputs) in nodes.items() if operator == "add"]


def with_sums_of_bytes(quantisation, text, folder):
    """The path of the same, in which what a sum adds is bytes too, as engines that compute a sum apart want it. Its bytes span
    the sum's own magnitudes, to either side of zero."""
    lines = pathlib.Path(quantisation).read_text()
    scales = {name: float(scale) for name, scale in re.findall(r"^tensor (\S+) scale (\S+)", lines, re.M)}
    added = set()
    for name, inputs, readers in sums_of(text):
        scale = next((scales[tensor] for tensor in [name, *readers] if tensor in scales), None)
        if scale is not None:
            added |= {f"tensor {tensor} scale {2 * scale} zero 128\n" for tensor in inputs if tensor not in scales}
    path = f"{folder}/sums.quant"
    pathlib.Path(path).write_text(lines + "".join(sorted(added)))
    return path
