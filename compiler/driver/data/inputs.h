// Files as the values of a network's inputs.
#pragma once
#include <string>
#include <vector>

#include "driver/options/options.h"
#include "graph/graph.h"
#include "picture/png.h"

namespace cnnc {

// Of a picture or an array (.npy, .safetensors), for the input of that name and shape. A picture is read as
// the network's text says or, where it says nothing (null), the options. Throws InputError where the file is
// neither, or does not fit, and UsageError for means or deviations of another number than its channels, and
// for options beside a text that says it all.
std::vector<float> input_values(const std::string& path, const std::string& input, const Shape& shape,
                                const PictureOptions& options, const Pixels* of_text = nullptr);

// The values of an input of one or three channels as a picture: of a file that is one, as they were before
// mean and deviation, in red, green and blue; of an array the least value black, the greatest white.
picture::Raster as_picture(const std::string& path, const std::vector<float>& values, const Shape& shape,
                           const PictureOptions& options, const Pixels* of_text);

}  // namespace cnnc
