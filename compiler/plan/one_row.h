// Convolutions that need not know in which row a pixel lies.
#pragma once
#include "plan/kernel.h"

namespace cnnc {

// Whether each pixel of the result is made of the pixel of the input with the same number, and these lie one
// behind the other in memory: a filter of one tap, stride 1, no padding, no border around the input. Then a
// register tile may go on in the next row: 49 pixels are 8 tiles of 6 and one
// that overlaps, which 7 rows of 7 are not.
bool counts_pixels(const Kernel& kernel);

// Whether the result and what the epilogue reads lie so, too.
bool stores_counted_pixels(const Kernel& kernel);

// Such a kernel as one of maps of a single row, with all pixels. What has a border lies as if it had none.
Kernel as_one_row(const Kernel& kernel);

}  // namespace cnnc
