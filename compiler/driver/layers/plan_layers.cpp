#include "driver/layers/plan_layers.h"

#include <map>

namespace cnnc {
namespace {

// "layer1.0." of "layer1.0.conv1"
std::string scope_of(const std::string& name) {
  return name.substr(0, name.rfind('.') + 1);
}

}  // namespace

std::string computed_by(const Step& step, const std::string& family) {
  if (step.covers.empty()) return family == "copy" ? "copy of " + step.name : step.name;
  std::string text, scope;
  for (const std::string& name : step.covers) {
    const bool is_in_scope = !text.empty() && !scope.empty() && name.rfind(scope, 0) == 0;
    text += (text.empty() ? "" : " + ") + (is_in_scope ? name.substr(scope.size()) : name);
    if (!is_in_scope) scope = scope_of(name);
  }
  return text;
}

std::vector<PlanLayer> plan_layers(const Plan& plan) {
  std::vector<PlanLayer> layers;
  std::map<std::string, std::vector<size_t>> parts;  // of tensors that are not complete yet
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    parts[step.name].push_back(i);
    if (step.partial) continue;
    const std::string& family = plan.kernels[static_cast<size_t>(step.kernel)].family;
    layers.push_back({step.name, computed_by(step, family), step.covers, parts[step.name], family});
    parts.erase(step.name);
  }
  return layers;
}

std::vector<std::optional<size_t>> places_in(const Graph& graph, const std::vector<PlanLayer>& layers) {
  std::map<std::string, size_t> place_of;
  for (size_t i = 0; i < layers.size(); ++i)
    for (const std::string& name : layers[i].covers) place_of.emplace(name, i);
  std::vector<std::optional<size_t>> places;
  for (const Node& node : graph.nodes) {
    const auto found = place_of.find(node.name);
    places.push_back(found == place_of.end() ? std::nullopt : std::optional<size_t>(found->second));
  }
  return places;
}

}  // namespace cnnc
