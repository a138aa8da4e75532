// Files as the values of a network's inputs.
#pragma once
#include <string>
#include <vector>

#include "driver/options/options.h"
#include "graph/graph.h"

namespace cnnc {

// Of a picture or an array (.npy), for the input of that name and shape. Throws InputError where the file is
// neither, or does not fit, and UsageError for means or deviations of another number than its channels.
std::vector<float> input_values(const std::string& path, const std::string& input, const Shape& shape,
                                const PictureOptions& options);

}  // namespace cnnc
