// Files as the values of a network's inputs.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "driver/options/options.h"
#include "graph/graph.h"
#include "graph/picture_shape.h"
#include "picture/png.h"

namespace cnnc {

// How an input of that shape is a picture: as the network's text says or, where it says nothing (null), with
// one or three channels in front. Empty: it is none.
std::optional<PictureShape> picture_shape_of(const Shape& shape, const Pixels* of_text);

// How a network says that an input of that shape, which is no picture yet, is one with its channels last; "":
// it cannot be one.
std::string way_to_channels_last(const Shape& shape);

// Of a picture or an array (.npy, .safetensors), for the input of that name and shape. A picture is read as
// the network's text says or, where it says nothing (null), the options. Throws InputError where the file is
// neither, or does not fit, and UsageError for means or deviations of another number than its channels, and
// for options beside a text that says it all.
std::vector<float> input_values(const std::string& path, const std::string& input, const Shape& shape,
                                const PictureOptions& options, const Pixels* of_text = nullptr);

// The values of an input that is a picture (picture_shape_of) as one: of a file that is one, as they were
// before mean and deviation, in red, green and blue; of an array the least value black, the greatest white.
picture::Raster as_picture(const std::string& path, const std::vector<float>& values, const Shape& shape,
                           const PictureOptions& options, const Pixels* of_text);

}  // namespace cnnc
