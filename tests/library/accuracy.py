#!/usr/bin/env python3
"""Counts what trained samples get right as floats and as bytes, by the programs that they come with.

    python3 tests/library/accuracy.py build/release/bin/cnnc lenet5 fashion segment [PICTURES]

Each is calibrated on the last 32 of its test pictures and measured on the others, or on those of the folder PICTURES: all test
pictures, as train.py and compose.py of the sample take or make them. Ends with an error if one loses more than 0.3 points.
"""
import array
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CALIBRATED = 32
MOST_LOST = 0.3  # points
LABELS = {"lenet5": "test-labels.idx1-ubyte", "fashion": "test-labels.idx1-ubyte", "segment": "test-masks.idx3-ubyte"}


def read_idx(path):
    """The sizes, and the bytes."""
    data = path.read_bytes()
    end = 4 + 4 * data[3]
    return struct.unpack(f">{data[3]}I", data[4:end]), data[end:]


def write_idx(path, sizes, data):
    path.write_bytes(struct.pack(f">I{len(sizes)}I", 0x800 + len(sizes), *sizes) + data)


def write_npy(path, sizes, pixels):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {sizes}, }}"
    header = header.ljust(117) + "\n"
    path.write_bytes(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() +
                     array.array("f", [pixel / 255 for pixel in pixels]).tobytes())


def split(sample, folder, labels):
    """The last pictures as an array in the folder, and the others with their labels in MNIST's form."""
    sizes, pixels = read_idx(sample / "test-images.idx3-ubyte")
    count, size = sizes[0] - CALIBRATED, sizes[1] * sizes[2]
    write_npy(folder / "calibration.npy", (CALIBRATED, 1, *sizes[1:]), pixels[count * size:])
    write_idx(folder / "test-images.idx3-ubyte", (count, *sizes[1:]), pixels[:count * size])
    sizes, values = read_idx(sample / labels)
    write_idx(folder / labels, (count, *sizes[1:]), values[:len(values) // sizes[0] * count])


def measure(cnnc, sample, folder, pictures, name, *options):
    """What the sample's program counts, in per cent, with the library by these options."""
    text = next(sample.glob("*.dsl"))
    build = folder / name
    build.mkdir()
    library = build / f"{text.stem}.a"
    subprocess.run([cnnc, text, "--weights", text.with_suffix(".safetensors"), "--target", "host", "-o", library, *options],
                   check=True)
    program = build / "program"
    sources = [*sample.glob("*.cpp"), *(ROOT / "samples/common").glob("*.cpp")]
    subprocess.run(["g++", "-std=c++17", "-O1", f'-DSAMPLE_FOLDER="{pictures}"', f"-I{build}", f"-I{sample}",
                    f"-I{ROOT}/samples/common", *sources, library, "-o", program], check=True)
    said = subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(re.search(r"^(?:accuracy|mean IoU) +([0-9.]+) %", said, re.MULTILINE).group(1)), library.stat().st_size


def compare(cnnc, name, pictures):
    """Prints a line; whether what is lost is little."""
    sample = ROOT / "samples" / name
    text = next(sample.glob("*.dsl"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        split(sample, folder, LABELS[name])
        quantization = folder / "net.quant"
        subprocess.run([cnnc, "quantize", text, "--weights", text.with_suffix(".safetensors"), "--calibrate",
                        folder / "calibration.npy", "-o", quantization], check=True, stdout=subprocess.DEVNULL)
        measured = pictures or folder
        floats, bytes_of_floats = measure(cnnc, sample, folder, measured, "floats")
        quantised, bytes_of_bytes = measure(cnnc, sample, folder, measured, "bytes", "--quantize", quantization)
        count = read_idx(measured / "test-images.idx3-ubyte")[0][0]
    print(f"{name}: {floats:.2f} % as floats, {quantised:.2f} % as bytes, of {count} pictures; "
          f"libraries of {bytes_of_floats:,} and {bytes_of_bytes:,} bytes", flush=True)
    return floats - quantised <= MOST_LOST


def main():
    words = sys.argv[2:]
    pictures = pathlib.Path(words.pop()).resolve() if words[-1] not in LABELS else None
    if not all([compare(pathlib.Path(sys.argv[1]).resolve(), name, pictures) for name in words]):
        sys.exit("a network loses more as bytes than it may")


if __name__ == "__main__":
    main()
