// Files as the values of a network's inputs.
#pragma once
#include <string>
#include <vector>

#include "driver/options/options.h"
#include "graph/graph.h"

namespace cnnc {

// Of a picture or an array (.npy, .safetensors), for the input of that name and shape. A picture is read as
// the network's text says or, where it says nothing (null), the options. Throws InputError where the file is
// neither, or does not fit, and UsageError for means or deviations of another number than its channels, and
// for options beside a text that says it all.
std::vector<float> input_values(const std::string& path, const std::string& input, const Shape& shape,
                                const PictureOptions& options, const Pixels* of_text = nullptr);

}  // namespace cnnc
