"""Generated libraries, called from Python."""
import ctypes
import re
import subprocess

import numpy


def link(folder, name):
    """NAME.a in the folder as a shared library; its path."""
    command = ["cc", "-shared", "-o", f"{name}.so", "-Wl,--whole-archive", f"{name}.a", "-Wl,--no-whole-archive"]
    subprocess.run(command, check=True, cwd=folder)
    return folder / f"{name}.so"


def run_library(folder, name, *inputs):
    """The outputs, flat, of the library NAME.a in the folder for the inputs, which are arrays of floats with all images of
    the batch. The header says how many outputs there are."""
    header = (folder / f"{name}.h").read_text()
    network = re.search(r"^int (\w+)_run\(", header, re.MULTILINE).group(1)
    elements = [int(count) for count in re.findall(r"^#define \w+_ELEMENTS (\d+)$", header, re.MULTILINE)]
    inputs = [numpy.ascontiguousarray(array, numpy.float32) for array in inputs]
    assert [array.size for array in inputs] == elements[:len(inputs)], "the inputs are of other sizes"
    outputs = [numpy.empty(count, numpy.float32) for count in elements[len(inputs):]]
    workspace_bytes = int(re.search(r"^#define \w+_WORKSPACE_BYTES (\d+)$", header, re.MULTILINE).group(1))
    workspace = numpy.empty(workspace_bytes + 64, numpy.uint8)
    aligned = workspace.ctypes.data + -workspace.ctypes.data % 64
    run = getattr(ctypes.CDLL(str(link(folder, name))), f"{network}_run")
    error = run(*(ctypes.c_void_p(array.ctypes.data) for array in inputs + outputs), ctypes.c_void_p(aligned))
    assert error == 0, error
    return outputs


def relative_difference(outputs, expected):
    """The greatest difference of the outputs, as a part of the greatest expected one; of several outputs the worst."""
    return max(float(numpy.abs(found.ravel() - wanted.ravel()).max() / numpy.abs(wanted).max())
               for found, wanted in zip(outputs, expected, strict=True))
