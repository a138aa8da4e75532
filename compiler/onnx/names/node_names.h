// What names of nodes and weights say of whose they are, by the habits of exporters.
#pragma once
#include <string>
#include <string_view>

#include "onnx/model.h"

namespace cnnc::onnx {

// The scope that all TensorFlow's names of the model lie in, as "WireFrame/block_1/Conv2D" and
// "WireFrame/block_2/Conv2D" do: the model's own name; "" where there is none.
std::string whole_model(const Model& model);

// The path that a node's module or name says, without the scope `whole`; "" where nobody has given the name.
std::string path_of_name(const Node& node, const std::string& whole);

// What an initializer's name says of who has it: all in front of `suffix`. "" where it does not end so, as
// "onnx::Conv_193".
std::string path_of_weight(std::string_view name, std::string_view suffix, const std::string& whole);

}  // namespace cnnc::onnx
