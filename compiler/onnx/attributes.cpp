#include "onnx/attributes.h"

#include <fmt/format.h>

#include <utility>

#include "onnx/unmapped.h"

namespace cnnc::onnx {
namespace {

template <class T>
T attribute(const Node& node, const std::string& name, T default_value) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end()) return default_value;
  if (const T* value = std::get_if<T>(&found->second)) return *value;
  throw Unmapped{
      fmt::format("its attribute '{}' is of another type than the operator's definition gives it", name), ""};
}

}  // namespace

int64_t integer(const Node& node, const std::string& name, int64_t default_value) {
  return attribute(node, name, default_value);
}

float real(const Node& node, const std::string& name, float default_value) {
  return attribute(node, name, default_value);
}

std::string word(const Node& node, const std::string& name, const std::string& default_value) {
  return attribute(node, name, default_value);
}

std::vector<int64_t> integers(const Node& node, const std::string& name, std::vector<int64_t> default_value) {
  return attribute(node, name, std::move(default_value));
}

std::vector<float> reals(const Node& node, const std::string& name, std::vector<float> default_value) {
  return attribute(node, name, std::move(default_value));
}

bool has_attribute(const Node& node, const std::string& name) {
  return node.attributes.count(name) > 0;
}

}  // namespace cnnc::onnx
