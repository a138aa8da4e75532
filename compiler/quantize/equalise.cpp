#include "quantize/equalise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "ops/activation/clip.h"
#include "support/pieces.h"

namespace cnnc {
namespace {

bool is_layer(const Graph& graph, const Node& node) {
  if (node.op == "conv") return true;
  return node.op == "dense" && graph.nodes[node.inputs[0]].shape.is_vector();
}

// f(x * a) = f(x) * a for a > 0, of each channel, but for limits.
bool passes_factors(const std::string& op) {
  static const std::set<std::string> all = {"add",
                                            "adaptive_avgpool",
                                            "adaptive_maxpool",
                                            "avgpool",
                                            "clip",
                                            "dropout",
                                            "flatten",
                                            "global_avgpool",
                                            "global_maxpool",
                                            "leaky_relu",
                                            "maxpool",
                                            "prelu",
                                            "relu",
                                            "relu6",
                                            "resize",
                                            "upsample"};
  return all.count(op) > 0;
}

// Infinite: it cuts nothing but at 0.
double limit_of(const std::string& op, const Attributes& attributes) {
  double limit = std::numeric_limits<double>::infinity();
  if (op == "relu6") return 6;
  if (op != "clip") return limit;
  const double min = real(attributes, "min"), max = real(attributes, "max");
  if (is_clip_limit(min) && min != 0) limit = std::min(limit, -min);
  if (is_clip_limit(max) && max != 0) limit = std::min(limit, max);
  return limit;  // negative where 0 is outside
}

class Finder {
 public:
  Finder(const Graph& graph, NodeId start)
      : graph_(graph), start_(start), is_in_(graph.nodes.size()), readers_(graph.nodes.size()) {
    for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id)
      for (const NodeId input : graph.nodes[id].inputs) readers_[input].push_back(id);
  }

  std::variant<EqualisedRegion, std::string> find() {
    std::vector<NodeId> open = {start_};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (is_in_[id]) continue;
      is_in_[id] = true;
      if (!may_be_divided(id))
        return fmt::format("the channels of '{}' cannot be divided: those of '{}' ({}) would be, too",
                           graph_.nodes[start_].name, graph_.nodes[id].name, graph_.nodes[id].op);
      for (const NodeId next : neighbours(id)) open.push_back(next);
    }
    return region();
  }

 private:
  bool is_output(NodeId id) const {
    return std::any_of(graph_.outputs.begin(), graph_.outputs.end(),
                       [&](const GraphOutput& output) { return output.node == id; });
  }

  bool has_channels(const Shape& shape) const {
    return (shape.is_map() || shape.is_vector()) && shape.sizes[0] % graph_.nodes[start_].shape.sizes[0] == 0;
  }

  bool may_be_divided(NodeId id) const {
    const Node& node = graph_.nodes[id];
    if (is_output(id) || is_input(node) || !has_channels(node.shape)) return false;
    if (!is_layer(graph_, node) && !passes_factors(node.op)) return false;
    if (limit_of(node.op, node.attributes) <= 0) return false;
    if (node.op == "add" && graph_.nodes[node.inputs[0]].shape != graph_.nodes[node.inputs[1]].shape)
      return false;
    return std::all_of(node.epilogue.begin(), node.epilogue.end(), [](const EpilogueStep& step) {
      return passes_factors(step.op) && limit_of(step.op, step.attributes) > 0;
    });
  }

  // As what its weights are multiplied with; and as anything else, such as a summand of its epilogue.
  bool is_read_by_weights(NodeId reader, NodeId tensor) const {
    const Node& node = graph_.nodes[reader];
    return is_layer(graph_, node) && node.inputs[0] == tensor;
  }
  bool is_read_otherwise(NodeId reader, NodeId tensor) const {
    const Node& node = graph_.nodes[reader];
    const auto first = node.inputs.begin() + (is_layer(graph_, node) ? 1 : 0);
    return std::find(first, node.inputs.end(), tensor) != node.inputs.end();
  }

  std::vector<NodeId> neighbours(NodeId id) const {
    std::vector<NodeId> all;
    const Node& node = graph_.nodes[id];
    for (size_t i = 0; i < node.inputs.size(); ++i)
      if (!is_layer(graph_, node) || is_epilogue_operand(node, static_cast<int>(i)))
        all.push_back(node.inputs[i]);
    for (const NodeId reader : readers_[id])
      if (is_read_otherwise(reader, id)) all.push_back(reader);
    return all;
  }

  EqualisedRegion region() const {
    EqualisedRegion region;
    region.limit = std::numeric_limits<double>::infinity();
    std::set<NodeId> readers;
    for (NodeId id = 0; id < static_cast<NodeId>(is_in_.size()); ++id) {
      if (!is_in_[id]) continue;
      const Node& node = graph_.nodes[id];
      region.tensors.push_back(id);
      if (is_layer(graph_, node)) region.makers.push_back(id);
      region.limit = std::min(region.limit, limit_of(node.op, node.attributes));
      for (const EpilogueStep& step : node.epilogue)
        region.limit = std::min(region.limit, limit_of(step.op, step.attributes));
      for (const NodeId reader : readers_[id])
        if (is_read_by_weights(reader, id)) readers.insert(reader);
    }
    region.readers.assign(readers.begin(), readers.end());
    return region;
  }

  const Graph& graph_;
  const NodeId start_;
  std::vector<bool> is_in_;
  std::vector<std::vector<NodeId>> readers_;
};

// ---- weights
template <class F>
void change(Node& node, std::string_view name, F factor_of_element) {
  for (Parameter& parameter : node.parameters) {
    if (parameter.name != name || !parameter.values) continue;
    std::vector<float> values = *parameter.values;
    for (size_t i = 0; i < values.size(); ++i) values[i] *= factor_of_element(i);
    parameter.values = std::make_shared<const std::vector<float>>(std::move(values));
  }
}

void divide_outputs(Node& node, const std::vector<float>& factors) {
  const Shape& shape = find_parameter(node, "weight")->shape;
  const auto row = static_cast<size_t>(shape.elements() / shape.sizes[0]);
  const auto factor = [&](size_t output) {
    return 1 / factors[factor_of_channel(factors.size(), node.shape, output)];
  };
  change(node, "weight", [&](size_t i) { return factor(i / row); });
  change(node, "bias", factor);
}

void multiply_inputs(const Shape& input, Node& node, const std::vector<float>& factors) {
  const Shape shape = find_parameter(node, "weight")->shape;
  const auto outputs = static_cast<size_t>(shape.sizes[0]), of_group = static_cast<size_t>(shape.sizes[1]);
  const auto row = static_cast<size_t>(shape.elements()) / outputs, taps = row / of_group;
  const size_t groups = static_cast<size_t>(input.sizes[0]) / of_group;
  change(node, "weight", [&](size_t i) {
    const size_t group = i / row / (outputs / groups), channel = group * of_group + i % row / taps;
    return factors[factor_of_channel(factors.size(), input, channel)];
  });
}

NodeId find_node(const Graph& graph, const Quantization::Channels& line) {
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (graph.nodes[id].name == line.name) return static_cast<NodeId>(id);
  throw Fault{line.where,
              fmt::format("the channels of '{}' cannot be divided: it is computed together with the layers "
                          "behind it",
                          line.name),
              "name the last of them"};
}

EqualisedRegion region_of_line(const Graph& graph, const Quantization::Channels& line) {
  const NodeId id = find_node(graph, line);
  const auto found = equalised_region(graph, id);
  if (const auto* obstacle = std::get_if<std::string>(&found))
    throw Fault{line.where, *obstacle, "leave the line out"};
  const auto channels = static_cast<size_t>(graph.nodes[id].shape.sizes[0]);
  if (line.numbers.size() != channels)
    throw Fault{line.where,
                fmt::format("'{}' has {} channels, and {} numbers to divide them by; it wants one a channel",
                            line.name, channels, line.numbers.size()),
                ""};
  return std::get<EqualisedRegion>(found);
}

}  // namespace

std::variant<EqualisedRegion, std::string> equalised_region(const Graph& graph, NodeId tensor) {
  return Finder(graph, tensor).find();
}

size_t factor_of_channel(size_t factors, const Shape& shape, size_t channel) {
  return channel / (static_cast<size_t>(shape.sizes[0]) / factors);
}

Graph equalised(Graph graph, const Quantization& quantization) {
  std::set<NodeId> done;
  for (const auto& line : quantization.equalised) {
    const EqualisedRegion region = region_of_line(graph, line);
    for (const NodeId id : region.tensors)
      if (!done.insert(id).second)
        throw Fault{
            line.where,
            fmt::format("the channels of '{}' are divided already, by those of another line", line.name),
            "leave one of the two out"};
    for (const NodeId id : region.makers) divide_outputs(graph.nodes[id], line.numbers);
    for (const NodeId id : region.readers)
      multiply_inputs(graph.nodes[graph.nodes[id].inputs[0]].shape, graph.nodes[id], line.numbers);
  }
  return graph;
}

}  // namespace cnnc
