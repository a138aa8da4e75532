// Tensors as JavaScript and TypeScript write them. For script.cpp alone.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "emit/header/header_names.h"

namespace cnnc::script_words {

using Tensors = std::vector<HeaderTensor>;

// "{ digit: { shape: [1, 28, 28], type: 'float32', elements: 784 } }"
std::string facts(const Tensors& tensors, int64_t images);

// "digit: Tensor"
std::string members(const Tensors& tensors);

// What is given and returned: one tensor's type, or an object of several; "ArrayLike<number>",
// "Float32Array".
std::string input_types(const Tensors& tensors);
std::string output_types(const Tensors& tensors);
// The same where pictures are given for what is made of them.
std::string picture_types(const Tensors& tensors, int64_t images);

// "{ image: 'rgb8' }"
std::string picture_formats(const Tensors& tensors);

// "output", "{ boxes, scores }"
std::string names(const Tensors& tensors);

}  // namespace cnnc::script_words
