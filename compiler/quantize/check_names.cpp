#include "quantize/check_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "ops/registry.h"
#include "quantize/equalise.h"
#include "support/pieces.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

struct Names {
  std::string of_what;  // "tensor"
  std::map<std::string, NodeId> nodes;
};

Names nodes_of(const Graph& graph) {
  Names names{"tensor", {}};
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    names.nodes[graph.nodes[id].name] = static_cast<NodeId>(id);
  return names;
}

Names inputs_of(const Graph& graph) {
  Names names{"input", {}};
  for (const NodeId id : graph.inputs) names.nodes[graph.nodes[id].name] = id;
  return names;
}

Names outputs_of(const Graph& graph) {
  Names names{"output", {}};
  for (const GraphOutput& output : graph.outputs) names.nodes[output.name] = output.node;
  return names;
}

// A suggestion takes time for each name that there is: none is looked for once no error is shown any more.
std::string suggestion(const std::string& name, const Names& names, const Diagnostics& diagnostics) {
  if (diagnostics.count() >= Diagnostics::kMaxErrors) return "";
  std::vector<std::string> candidates;
  for (const auto& [candidate, node] : names.nodes) candidates.push_back(candidate);
  return did_you_mean(name, candidates);
}

class Checker {
 public:
  Checker(const Graph& graph, Diagnostics& diagnostics) : graph_(graph), diagnostics_(diagnostics) {}

  // The node of that name, or null, which is reported.
  const Node* find(const std::string& name, Span where, const Names& names) {
    const auto found = names.nodes.find(name);
    if (found != names.nodes.end()) return &graph_.nodes[found->second];
    diagnostics_.error(where, fmt::format("the network '{}' has no {} '{}'{}", graph_.name, names.of_what,
                                          name, suggestion(name, names, diagnostics_)));
    return nullptr;
  }

  void check_scales(const Quantization::Weight& weight, const Node& node) {
    const std::optional<size_t> channels = channels_of_layer(node, weight.where);
    if (channels && weight.scales.size() != 1 && weight.scales.size() != *channels)
      diagnostics_.error(weight.where, fmt::format("'{}' has {} output channels, and {} scales; it wants one "
                                                   "a channel, or one for all",
                                                   node.name, *channels, weight.scales.size()));
  }

  void check_correction(const Quantization::Channels& correction, const Node& node) {
    const std::optional<size_t> channels = channels_of_layer(node, correction.where);
    if (channels && correction.numbers.size() != *channels)
      diagnostics_.error(
          correction.where,
          fmt::format("'{}' has {} output channels, and {} corrections; it wants one a channel", node.name,
                      *channels, correction.numbers.size()));
  }

 private:
  std::optional<size_t> channels_of_layer(const Node& node, Span where) {
    const Parameter* parameter = find_parameter(node, "weight");
    if (parameter && (node.op == "conv" || node.op == "dense"))
      return static_cast<size_t>(parameter->shape.sizes.at(0));
    diagnostics_.error(where, fmt::format("'{}' is no conv or dense layer, whose weights become "
                                          "bytes: it is '{}'",
                                          node.name, node.op));
    return std::nullopt;
  }

  const Graph& graph_;
  Diagnostics& diagnostics_;
};

}  // namespace

bool check_names(const Quantization& quantization, const Graph& elaborated, Diagnostics& diagnostics) {
  Checker checker(elaborated, diagnostics);
  if (quantization.network != elaborated.name)
    diagnostics.error(quantization.network_where,
                      fmt::format("this is a quantisation of '{}'; the network is '{}'", quantization.network,
                                  elaborated.name));
  const Names nodes = nodes_of(elaborated), inputs = inputs_of(elaborated), outputs = outputs_of(elaborated);
  for (const auto& tensor : quantization.tensors) checker.find(tensor.name, tensor.where, nodes);
  for (const auto& weight : quantization.weights)
    if (const Node* node = checker.find(weight.name, weight.where, nodes))
      checker.check_scales(weight, *node);
  for (const auto& tensor : quantization.equalised) checker.find(tensor.name, tensor.where, nodes);
  for (const auto& layer : quantization.corrections)
    if (const Node* node = checker.find(layer.name, layer.where, nodes))
      checker.check_correction(layer, *node);
  for (const auto& layer : quantization.floats) checker.find(layer.name, layer.where, nodes);
  for (const auto& input : quantization.byte_inputs) checker.find(input.name, input.where, inputs);
  for (const auto& output : quantization.byte_outputs) checker.find(output.name, output.where, outputs);
  return !diagnostics.has_errors();
}

namespace {

// Why the tensor cannot be bytes to who runs the library; empty: it can.
std::optional<Fault> obstacle(const Quantization& quantization, const Node& node, ElementType type,
                              const Quantization::Port& port) {
  if (type != ElementType::float32)
    return Fault{port.where, fmt::format("'{}' is of whole numbers already", port.name),
                 "leave the line out"};
  if (!node.shape.is_map() && !node.shape.is_vector())
    return Fault{port.where,
                 fmt::format("'{}' is {}; maps and vectors can be bytes", port.name, to_string(node.shape)),
                 "leave the line out"};
  const bool has_line = std::any_of(quantization.tensors.begin(), quantization.tensors.end(),
                                    [&](const auto& tensor) { return tensor.name == node.name; });
  if (has_line) return std::nullopt;
  return Fault{port.where, fmt::format("no line says what the bytes of '{}' stand for", node.name),
               fmt::format("write 'tensor {} scale NUMBER zero BYTE'", node.name)};
}

}  // namespace

bool check_requests(const Quantization& quantization, const Graph& graph, Diagnostics& diagnostics) {
  const std::vector<ElementType> types = element_types(graph);
  const auto check = [&](NodeId id, const Quantization::Port& port) {
    const auto fault = obstacle(quantization, graph.nodes[id], types[id], port);
    if (fault) diagnostics.error(fault->where, fault->message, fault->hint);
  };
  for (const auto& port : quantization.byte_inputs)
    for (const NodeId id : graph.inputs)
      if (graph.nodes[id].name == port.name) check(id, port);
  for (const auto& port : quantization.byte_outputs)
    for (const GraphOutput& output : graph.outputs)
      if (output.name == port.name) check(output.node, port);
  try {
    equalised(graph, quantization);
  } catch (const Fault& fault) {
    diagnostics.error(fault.where, fault.message, fault.hint);
  }
  return !diagnostics.has_errors();
}

}  // namespace cnnc
