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
assert label == net.LABELS[index] and net.LABELS == ('red "one"', "green", "blue")
try:
    model(numpy.zeros((4, 6, 2), numpy.uint8), other)
    sys.exit("a picture of two channels was read")
except ValueError as error:
    assert str(error) == "net: 'image' reads pictures, arrays of uint8; found (4, 6, 2) of uint8", error
