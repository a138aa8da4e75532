#include "quantize/comparison_graph.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "ops/registry.h"
#include "ops/verify.h"
#include "quantize/apply.h"
#include "quantize/byte_tensors.h"
#include "quantize/equalise.h"
#include "quantize/integer_forms.h"
#include "quantize/integer_node.h"

namespace cnnc {
namespace {

struct Place {
  NodeId node = 0;
  bool is_bytes = false;
};

// Of floats as the network of floats has them.
Quantization without_ports(Quantization quantization) {
  quantization.byte_inputs.clear();
  quantization.byte_outputs.clear();
  return quantization;
}

class Builder {
 public:
  Builder(const Graph& graph, const Quantization& quantization)
      : floats_(equalised(graph, quantization)),
        adjusted_(adjust_weights(graph, quantization)),
        quantization_(without_ports(quantization)),
        tensors_(choose_bytes(floats_, quantization)) {
    result_.graph = floats_;
    result_.graph.outputs.clear();
  }

  ComparisonGraph build() {
    add_network_of_bytes();
    for (NodeId id = 0; id < static_cast<NodeId>(floats_.nodes.size()); ++id) {
      const Node& node = floats_.nodes[id];
      if (!tensors_.is_integer[id] || node.covers.empty() || integer_form(floats_, node) == IntegerForm::move)
        continue;
      const Place& place = places_.at(node.name);
      const size_t floats = output_of(id), alone = output_of(add_branch(id));
      const NodeId together = as_floats(id, place.node, place.is_bytes, node.name + " compared");
      result_.layers.push_back({node.name, node.op, floats, alone, output_of(together)});
    }
    verify(result_.graph);
    verify_operators(result_.graph);
    return std::move(result_);
  }

 private:
  NodeId add(Node node) {
    node.covers.clear();
    result_.graph.nodes.push_back(std::move(node));
    return static_cast<NodeId>(result_.graph.nodes.size()) - 1;
  }

  size_t output_of(NodeId id) {
    const size_t number = result_.graph.outputs.size();
    result_.graph.outputs.push_back({fmt::format("tensor{}", number), id});
    return number;
  }

  // All of it beside the network of floats, with the same inputs.
  void add_network_of_bytes() {
    const Graph bytes = with_operators_on_bytes(adjusted_, quantization_);
    const std::vector<ElementType> types = element_types(bytes);
    std::vector<NodeId> place(bytes.nodes.size());
    for (size_t i = 0; i < bytes.inputs.size(); ++i) place[bytes.inputs[i]] = floats_.inputs[i];
    for (size_t id = 0; id < bytes.nodes.size(); ++id) {
      if (is_input(bytes.nodes[id])) continue;
      Node node = bytes.nodes[id];
      for (NodeId& input : node.inputs) input = place[input];
      node.name += " (network of bytes)";
      place[id] = add(std::move(node));
      places_[bytes.nodes[id].name] = {place[id], types[id] == ElementType::uint8};
    }
    for (size_t o = 0; o < bytes.outputs.size(); ++o)
      result_.outputs.emplace_back(output_of(floats_.outputs[o].node),
                                   output_of(place[bytes.outputs[o].node]));
  }

  // The value of a node that is at `at` in the new graph.
  NodeId as_floats(NodeId id, NodeId at, bool is_bytes, const std::string& name) {
    if (!is_bytes) return at;
    Node node = converted(floats_, id, at, *tensors_.scales[id], /*to_bytes=*/false);
    node.name = name;
    return add(std::move(node));
  }

  NodeId bytes_of(NodeId id) {
    const auto [place, is_new] = bytes_.emplace(id, -1);
    if (is_new) place->second = add(converted(floats_, id, id, *tensors_.scales[id], /*to_bytes=*/true));
    return place->second;
  }

  // The layer from the bytes of what it reads in the network of floats.
  NodeId add_branch(NodeId id) {
    const auto input = [&](NodeId read, bool as_bytes) { return as_bytes ? bytes_of(read) : read; };
    IntegerNode made = integer_node(adjusted_, id, tensors_, quantization_, input);
    const std::string name = made.node.name;
    made.node.name += " alone";
    return as_floats(id, add(std::move(made.node)), made.makes_bytes, name + " alone as floats");
  }

  const Graph floats_, adjusted_;  // node by node the same
  const Quantization quantization_;
  const ByteTensors tensors_;
  ComparisonGraph result_;
  std::map<std::string, Place> places_;  // in the network of bytes
  std::map<NodeId, NodeId> bytes_;       // of nodes of the network of floats
};

}  // namespace

ComparisonGraph comparison_graph(const Graph& graph, const Quantization& quantization) {
  return Builder(graph, quantization).build();
}

}  // namespace cnnc
