// What a network said, for people: the greatest elements of a vector, a map as a picture.
#pragma once
#include <string>
#include <vector>

#include "driver/data/picture.h"
#include "graph/graph.h"

namespace cnnc {

// The lines of a file. Throws InputError if it cannot be read.
std::vector<std::string> read_labels(const std::string& path);

// Of a vector the `top` greatest elements, the greatest first, a line each: "  0.9130  258 Samoyed"; without
// a label for each element the number alone. Of another tensor a line with its shape and range.
std::string answer(const Shape& shape, const std::vector<float>& values, size_t top,
                   const std::vector<std::string>& labels);

// A map of one channel in grey, of three in colours, 0 black and 1 white; of more each pixel in the colour of
// its greatest channel. Throws InputError, about `path`, if the output is no map.
Picture picture_of(const Shape& shape, const std::vector<float>& values, const std::string& path);

}  // namespace cnnc
