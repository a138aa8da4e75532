"""Pictures through the module for NumPy; see the script 'pictures'. Runs in the folder with net.py."""
import sys

sys.path.insert(0, ".")
import net
import numpy

model = net.Model()
picture = numpy.arange(4 * 6 * 3, dtype=numpy.uint8).reshape(4, 6, 3)
other = numpy.zeros(net.INPUTS["other"])
image = (picture.transpose(2, 0, 1) / 255 - numpy.array([0.5, 0.25, 0.125])[:, None, None]) / numpy.array(
    [0.5, -0.25, 2])[:, None, None]
for of_picture, of_floats in zip(model(picture, other), model(image, other)):
    assert numpy.allclose(of_picture, of_floats, atol=1e-5)

with_alpha = numpy.concatenate([picture, picture[:, :, :1]], 2)
assert (model(with_alpha, other)[0] == model(picture, other)[0]).all()
grey = numpy.full((8, 9), 51, numpy.uint8)
assert numpy.allclose(model(grey, other)[0][2], (0.2 - 0.125) / 2)
index, value, label = net.top(model(picture, other)[1], 1)[0]
assert [net.top([3, numpy.nan, 7], k) for k in (-1, 2)] == [[], [(2, 7.0, "blue"), (0, 3.0, 'red "one"')]]
assert label == net.LABELS[index] and net.LABELS == ('red "one"', "green", "blue")
try:
    model(numpy.zeros((4, 6, 2), numpy.uint8), other)
    sys.exit("a picture of two channels was read")
except ValueError as error:
    assert str(error) == "net: 'image' reads pictures, arrays of uint8; found (4, 6, 2) of uint8", error
try:
    model(picture)
    sys.exit("a picture was read without the other input")
except TypeError as error:
    assert str(error) == "net reads 2 arrays; 1 were given", error

# Arrays have the colours in the order of the text's format, and pixels of three or four bytes all the same.
for name in "grey", "alpha", "reverse", "camera":
    module = __import__(name)
    rows = numpy.arange(4 * 6 * 3, dtype=numpy.uint8).reshape(4, 6, 3)
    colours = rows.astype(numpy.float32).transpose(2, 0, 1) / 255
    expected = colours if name != "grey" else numpy.tensordot([0.299, 0.587, 0.114], colours, 1)[None]
    for pixels in rows, numpy.concatenate([rows, rows[:, :, :1]], 2):
        found = module.Model()(pixels)
        assert numpy.allclose(found, expected, atol=0.003), (name, found, expected)

import batch

both = batch.Model()(numpy.zeros((2, 4, 6, 3), numpy.uint8))
assert len(batch.top(both[1], 2)) == 2
try:
    batch.top(both)
    sys.exit("the greatest of two images were found")
except ValueError as error:
    assert str(error) == "batch: top() takes a number for each of 3 labels; found (2, 3)", error
