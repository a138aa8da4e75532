"""The file formats that the samples' training scripts read and write: IDX, safetensors, PNG."""
import gzip
import json
import struct
import zlib

import numpy as np


def read_idx(path):
    """IDX, MNIST's format: two zero bytes, the type (8 = unsigned byte), the rank, the extents. May be gzipped."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    rank = data[3]
    extents = struct.unpack_from(f">{rank}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(extents)


def write_idx(path, array):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    path.write_bytes(header + array.tobytes())


def write_safetensors(path, tensors, dtype="F32"):
    """Writes PyTorch tensors as F32 or F16; counters, which are of no use to a trained network, are left out."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            continue
        values = tensor.detach().numpy().astype({"F32": "<f4", "F16": "<f2"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the data start aligned
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_png(path, pixels):
    """Writes bytes, height x width (grey) or height x width x 3 (red, green, blue)."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    colour = 0 if pixels.ndim == 2 else 2
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # 0: the row is not filtered
    path.write_bytes(b"\x89PNG\r\n\x1a\n"
                     + chunk(b"IHDR", struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, colour, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
