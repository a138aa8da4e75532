// MNIST's own file format: http://yann.lecun.com/exdb/mnist, "the IDX file format".
#pragma once
#include <cstdint>
#include <string>
#include <vector>

using Pixels = std::vector<uint8_t>;  // rows from the top

// Both throw std::runtime_error with the file's name if it is missing or not such a file.
std::vector<Pixels> read_images(const std::string& path, uint32_t height, uint32_t width);
std::vector<uint8_t> read_labels(const std::string& path);  // each 0 to 9
