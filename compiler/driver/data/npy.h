// Arrays as NumPy keeps them in files (.npy, format 1.0 to 3.0; numpy.lib.format has the description).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace cnnc {

struct Array {
  std::vector<int64_t> sizes;
  std::vector<float> values;  // the last size runs fastest
};

// Of floats of 32 or 64 bits or integers of 8 to 64, little-endian. Throws InputError for others, for
// Fortran's order, and for a file that is cut short.
Array read_npy(const std::string& path);

// A file of 32-bit floats.
std::string npy_bytes(const Array& array);

}  // namespace cnnc
