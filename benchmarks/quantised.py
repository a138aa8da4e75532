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
