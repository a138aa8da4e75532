// Names of nodes: what a model calls its weights and nodes, as paths of the language.
#include "onnx/translation.h"

namespace cnnc::onnx {

std::string name_of(const Node& node) {
  const std::string suffix = ".weight";
  for (const std::string& input : node.inputs)
    if (input.size() > suffix.size() &&
        input.compare(input.size() - suffix.size(), suffix.size(), suffix) == 0)
      return input.substr(0, input.size() - suffix.size());
  return "";
}

}  // namespace cnnc::onnx
