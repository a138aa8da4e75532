// The attributes of a node, each with the default that it has where the node does not give it. Those that
// read one throw Unmapped where the node has it with a value of another kind.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

int64_t integer(const Node& node, const std::string& name, int64_t default_value);
float real(const Node& node, const std::string& name, float default_value);
std::string word(const Node& node, const std::string& name, const std::string& default_value);
std::vector<int64_t> integers(const Node& node, const std::string& name, std::vector<int64_t> default_value);
std::vector<float> reals(const Node& node, const std::string& name, std::vector<float> default_value);
bool has_attribute(const Node& node, const std::string& name);

}  // namespace cnnc::onnx
