// Inputs that are no floats in the model.
#pragma once
#include <string>
#include <string_view>

#include "onnx/import/input_sizes.h"
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Whether the network can take it as floats: halves and doubles, which it computes as floats, and whole
// numbers that the model itself makes floats before it does anything but move them. Throws Wrong where not.
void want_floats(const Model& model, const ValueInfo& info);

// Whether it is a type of whole numbers, of which an output becomes one of int32.
bool is_integer(std::string_view type);

// Notes that an input or output (`what`) of the type is of floats in the network, where that is another one.
void note_type(Translation& t, const std::string& what, const ValueInfo& info);

}  // namespace cnnc::onnx
