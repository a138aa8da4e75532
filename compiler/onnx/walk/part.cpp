#include "onnx/walk/part.h"

#include <algorithm>

namespace cnnc::onnx {
namespace {

bool is_one_of(const std::vector<ValueInfo>& infos, const std::string& name) {
  return std::any_of(infos.begin(), infos.end(), [&](const ValueInfo& info) { return info.name == name; });
}

// Without a shape: another batch may be asked for than that which the file has.
ValueInfo output_of(const Model& model, const std::string& name) {
  for (const ValueInfo& info : model.outputs)
    if (info.name == name) return info;
  for (const auto* infos : {&model.values, &model.inputs})
    for (const ValueInfo& info : *infos)
      if (info.name == name) return {name, info.type, std::nullopt};
  return {name, "", std::nullopt};
}

}  // namespace

std::set<std::string> needed_values(const Model& model) {
  std::set<std::string> needed;
  for (const ValueInfo& output : model.outputs) needed.insert(output.name);
  for (auto node = model.nodes.rbegin(); node != model.nodes.rend(); ++node) {
    const auto is_needed = [&](const std::string& value) {
      return !value.empty() && needed.count(value) > 0;
    };
    if (std::none_of(node->outputs.begin(), node->outputs.end(), is_needed)) continue;
    needed.insert(node->inputs.begin(), node->inputs.end());
    needed.insert(node->captured.begin(), node->captured.end());
  }
  return needed;
}

bool fixes_batch(const Model& model) {
  return std::any_of(model.inputs.begin(), model.inputs.end(), [](const ValueInfo& input) {
    return input.dims && !input.dims->empty() && input.dims->front().size;
  });
}

Model with_outputs(Model model, const std::vector<std::string>& outputs) {
  std::vector<ValueInfo> infos;
  for (const std::string& name : outputs) infos.push_back(output_of(model, name));
  model.outputs = std::move(infos);
  return model;
}

Model with_inputs(Model model, const std::vector<ValueInfo>& inputs) {
  const std::vector<ValueInfo> own = std::move(model.inputs);
  model.inputs = inputs;
  for (const ValueInfo& info : inputs) model.constants.erase(info.name);
  const auto is_input = [&](const std::string& name) { return is_one_of(inputs, name); };
  auto& defaults = model.defaults;
  defaults.erase(std::remove_if(defaults.begin(), defaults.end(), is_input), defaults.end());
  for (Node& node : model.nodes)
    for (std::string& output : node.outputs)
      if (is_input(output)) output.clear();
  const std::set<std::string> needed = needed_values(model);
  for (const ValueInfo& info : own) {
    if (is_input(info.name)) continue;
    (needed.count(info.name) ? model.inputs : model.former_inputs).push_back(info);
  }
  return model;
}

}  // namespace cnnc::onnx
