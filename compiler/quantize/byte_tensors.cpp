#include "quantize/byte_tensors.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "ops/registry.h"
#include "quantize/integer_forms.h"
#include "quantize/ranges.h"

namespace cnnc {
namespace {

using Scales = std::vector<std::optional<ByteScale>>;

// What the quantisation says of each node's value.
Scales listed_scales(const Graph& graph, const Quantization& quantization) {
  std::map<std::string_view, ByteScale> lines;
  for (const auto& tensor : quantization.tensors) lines[tensor.name] = tensor.scale;
  Scales scales(graph.nodes.size());
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const Node& node = graph.nodes[id];
    if (const auto line = lines.find(node.name); line != lines.end()) scales[id] = line->second;
    if (node.covers.empty() && keeps_scale(node)) scales[id] = scales[node.inputs.at(0)];
  }
  return scales;
}

std::vector<bool> kept_floats(const Graph& graph, const Quantization& quantization) {
  std::set<std::string_view> names;
  for (const auto& layer : quantization.floats) names.insert(layer.name);
  std::vector<bool> kept;
  for (const Node& node : graph.nodes)
    kept.push_back(std::any_of(node.covers.begin(), node.covers.end(),
                               [&](const std::string& name) { return names.count(name) > 0; }));
  return kept;
}

// Tensors that have one scale, as a forest of their nodes (union-find).
class Classes {
 public:
  explicit Classes(size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
  NodeId of(NodeId id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }
  void join(NodeId a, NodeId b) { parent_[of(a)] = of(b); }

 private:
  std::vector<NodeId> parent_;
};

// Of tensors whose scales agree that one; else the one that spans all that theirs do.
void give_one_scale(const Graph& graph, const ByteTensors& tensors, Scales& scales) {
  Classes classes(graph.nodes.size());
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id)
    if (tensors.is_integer[id] && keeps_scale(graph.nodes[id]))
      for (const NodeId input : graph.nodes[id].inputs) classes.join(id, input);
  std::map<NodeId, ByteScale> common;
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    if (!scales[id]) continue;
    const auto [place, is_first] = common.emplace(classes.of(id), *scales[id]);
    if (!is_first && !(place->second == *scales[id]))
      place->second = bytes_over(join(span_of(place->second), span_of(*scales[id])));
  }
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id)
    if (scales[id]) scales[id] = common.at(classes.of(id));
}

// How the nodes that are left to decide see what was decided: from the last node to the first, since a tensor
// is bytes where a later node wants it so.
class Chooser {
 public:
  Chooser(const Graph& graph, const Quantization& quantization, OutputRule outputs)
      : graph_(graph),
        quantization_(quantization),
        outputs_(outputs),
        listed_(listed_scales(graph, quantization)),
        kept_(kept_floats(graph, quantization)),
        wanted_(graph.nodes.size()),
        tensors_{Scales(graph.nodes.size()), std::vector<bool>(graph.nodes.size()),
                 std::vector<bool>(graph.nodes.size())} {}

  ByteTensors choose() {
    for (const NodeId input : graph_.inputs)
      if (has_port(quantization_.byte_inputs, graph_.nodes[input].name)) wanted_[input] = true;
    for (const GraphOutput& output : graph_.outputs) {
      const bool is_of_bytes = has_port(quantization_.byte_outputs, output.name);
      if (is_of_bytes || (outputs_ == OutputRule::by_lines && listed_[output.node]))
        wanted_[output.node] = true;
      else
        tensors_.is_read_as_floats[output.node] = true;
    }
    for (auto id = static_cast<NodeId>(graph_.nodes.size()) - 1; id >= 0; --id) choose(id);
    give_one_scale(graph_, tensors_, tensors_.scales);
    return tensors_;
  }

 private:
  void choose(NodeId id) {
    const Node& node = graph_.nodes[id];
    if (wanted_[id]) tensors_.scales[id] = listed_[id];
    tensors_.is_integer[id] = !kept_[id] && is_computed_from_bytes(id);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const NodeId input = node.inputs[i];
      if (tensors_.is_integer[id] && listed_[input] && reads_bytes(node, i))
        wanted_[input] = true;
      else
        tensors_.is_read_as_floats[input] = true;
    }
  }

  static bool has_port(const std::vector<Quantization::Port>& ports, const std::string& name) {
    return std::any_of(ports.begin(), ports.end(),
                       [&](const Quantization::Port& port) { return port.name == name; });
  }

  bool is_computed_from_bytes(NodeId id) const {
    const Node& node = graph_.nodes[id];
    const IntegerForm form = integer_form(graph_, node);
    if (form == IntegerForm::none || !are_listed(node)) return false;
    return form == IntegerForm::contraction || wanted_[id];
  }

  bool are_listed(const Node& node) const {
    for (size_t i = 0; i < node.inputs.size(); ++i)
      if (!is_epilogue_operand(node, static_cast<int>(i)) && !listed_[node.inputs[i]]) return false;
    return true;
  }

  const Graph& graph_;
  const Quantization& quantization_;
  const OutputRule outputs_;
  const Scales listed_;
  const std::vector<bool> kept_;
  std::vector<bool> wanted_;
  ByteTensors tensors_;
};

}  // namespace

ByteTensors choose_bytes(const Graph& graph, const Quantization& quantization, OutputRule outputs) {
  return Chooser(graph, quantization, outputs).choose();
}

}  // namespace cnnc
