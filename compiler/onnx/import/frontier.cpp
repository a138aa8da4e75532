#include "onnx/import/frontier.h"

#include <algorithm>
#include <variant>

#include "onnx/import/outputs.h"
#include "support/shell.h"

namespace cnnc::onnx {
namespace {

using Set = std::set<std::string>;

// Whether the value is one that the network computes and can give.
bool can_be_output(Translation& t, const std::string& name) {
  const auto found = t.values.find(name);
  const auto* view = found == t.values.end() ? nullptr : std::get_if<View>(&found->second);
  if (!view || is_input(t.graph.nodes[view->node])) return false;
  try {
    tensor_of(t, *view);
    return true;
  } catch (const Unmapped&) {
    return false;
  }
}

bool has_any(const std::vector<std::string>& names, const Set& set) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) { return set.count(name) > 0; });
}

// The values that are read by nodes that failed, and the model's outputs.
Set read_in_vain(const Model& model, const Set& needed, const Set& unknown) {
  Set read;
  for (const Node& node : model.nodes) {
    if (!has_any(node.outputs, needed) || !has_any(node.outputs, unknown)) continue;
    read.insert(node.inputs.begin(), node.inputs.end());
    read.insert(node.captured.begin(), node.captured.end());
  }
  for (const ValueInfo& output : model.outputs) read.insert(output.name);
  return read;
}

}  // namespace

std::vector<std::string> frontier_of(Translation& t, const Model& model, const Set& needed,
                                     const Set& unknown) {
  const Set read = read_in_vain(model, needed, unknown);
  std::vector<std::string> frontier;
  for (const Node& node : model.nodes)
    for (const std::string& output : node.outputs)
      if (read.count(output) && !unknown.count(output) && can_be_output(t, output))
        frontier.push_back(output);
  return frontier;
}

std::string cut_options(const std::vector<std::string>& outputs) {
  std::string options;
  for (const std::string& output : outputs)
    options += (options.empty() ? "--output " : " --output ") + shell_word(output);
  return options;
}

}  // namespace cnnc::onnx
