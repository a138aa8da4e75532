#include "onnx/translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "onnx/fold.h"
#include "onnx/order.h"
#include "onnx/recognise.h"
#include "onnx/translation.h"

namespace cnnc::onnx {
namespace {

// A node that cannot be mapped, or with the same operator and reason several.
struct Obstacle {
  std::string op, why, hint;
  std::vector<std::string> nodes;
};

std::string called(const Node& node) {
  if (!node.name.empty()) return node.name;
  return node.outputs.empty() ? "(without a name)" : node.outputs[0];
}

void add_obstacle(std::vector<Obstacle>& obstacles, const Node& node, const Unmapped& reason) {
  const auto same = [&](const Obstacle& o) { return o.op == node.op && o.why == reason.why; };
  auto found = std::find_if(obstacles.begin(), obstacles.end(), same);
  if (found == obstacles.end())
    found = obstacles.insert(obstacles.end(), {node.op, reason.why, reason.hint, {}});
  found->nodes.push_back(called(node));
}

// Whether all inputs are known; the values in order, null where left out.
bool all_constant(const Translation& t, const Node& node, std::vector<const Constant*>& constants) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    constants.push_back(constant_input(t, node, i));
    if (has_input(node, i) && !constants.back()) return false;
  }
  return true;
}

void map_node(Translation& t, const Node& node) {
  std::vector<const Constant*> constants;
  if (all_constant(t, node, constants)) {
    if (auto values = fold(node, constants, t.opset, t.folding_left)) {
      for (size_t i = 0; i < values->size(); ++i) set_output(t, node, std::move((*values)[i]), i);
      return;
    }
  }
  const Mapping mapping = node.domain.empty() || node.domain == "cnnc" ? find_mapping(node.op) : nullptr;
  if (!mapping) throw Unmapped{"there is no such operator in cnnc", ""};
  mapping(t, node);
}

// What a model of this size may come to be: 64 Mi elements of constants, and four times its own.
int64_t allowance_of(const Model& model) {
  int64_t own = 0;
  for (const auto& [name, constant] : model.constants) own += constant.floats ? elements(constant.dims) : 0;
  return (int64_t{1} << 26) + 4 * own;
}

bool depends_on(const Node& node, const std::set<std::string>& values) {
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](const std::string& input) { return values.count(input) > 0; });
}

// Walks the nodes; what depends on one that cannot be mapped is passed over, so that each reason is given
// once.
std::vector<Obstacle> map_nodes(Translation& t, const Model& model) {
  std::vector<Obstacle> obstacles;
  std::set<std::string> unknown;
  for (const Node& node : model.nodes) {
    bool done = false;
    try {
      if (!depends_on(node, unknown)) {
        map_node(t, node);
        done = true;
      }
    } catch (const Unmapped& reason) {
      add_obstacle(obstacles, node, reason);
    }
    if (!done) unknown.insert(node.outputs.begin(), node.outputs.end());
  }
  return obstacles;
}

}  // namespace

// Skeleton: inputs N x C x H x W with known sizes only.
std::optional<Network> translate(const Model& original, const TranslateOptions& options,
                                 const std::string& file, Diagnostics& diagnostics) {
  const Model model = recognise_activations(original);
  Translation t;
  t.opset = model.opset;
  t.images = options.images.value_or(1);
  t.graph.name = "network";
  t.allowance = allowance_of(model);
  for (const auto& [name, constant] : model.constants) t.values.emplace(name, constant);
  for (const ValueInfo& info : model.inputs) {
    std::vector<int64_t> sizes;
    for (size_t i = 1; i < info.dims->size(); ++i) sizes.push_back((*info.dims)[i].size.value_or(1));
    cnnc::Node node;
    node.name = info.name;
    node.op = "input";
    node.shape = Shape(sizes);
    node.covers = {node.name};
    t.graph.inputs.push_back(static_cast<NodeId>(t.graph.nodes.size()));
    t.graph.nodes.push_back(node);
    t.values.emplace(info.name, plain_view(t, t.graph.inputs.back()));
  }
  for (const Obstacle& o : map_nodes(t, model)) {
    std::string nodes;
    for (const std::string& node : o.nodes) nodes += (nodes.empty() ? "'" : ", '") + node + "'";
    diagnostics.error_in_file(file, fmt::format("{} {}: {}", o.op, nodes, o.why), o.hint);
  }
  if (diagnostics.has_errors()) return std::nullopt;
  for (const ValueInfo& info : model.outputs)
    t.graph.outputs.push_back({info.name, std::get<View>(t.values.at(info.name)).node});
  return Network{in_topological_order(std::move(t.graph)), t.images};
}

}  // namespace cnnc::onnx
