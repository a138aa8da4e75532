// A picture of one handwritten digit, made to look like one of MNIST's.
#pragma once
#include <string>

#include "lenet5.h"

// Reads a PNG of any size and colour, dark ink on light paper or the reverse, and does what MNIST's authors
// did (LeCun et al. 1998, section III.A): the digit is scaled into a box of 20x20 pixels, its shape kept, and
// put into 28x28 with its centre of mass in the middle. 0 = paper, 1 = ink. Throws std::runtime_error if the
// file is missing, not a PNG, too large, or shows nothing.
lenet5::Digit read_digit(const std::string& path);
