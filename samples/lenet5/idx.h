// MNIST's own file format: http://yann.lecun.com/exdb/mnist, "the IDX file format".
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

using Pixels = std::array<uint8_t, 28 * 28>;  // rows from the top, 255 = ink

// Both throw std::runtime_error with the file's name if it is missing or not such a file.
std::vector<Pixels> read_images(const std::string& path);
std::vector<uint8_t> read_labels(const std::string& path);  // each 0 to 9
