#include "quantize/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ops/registry.h"
#include "ops/verify.h"
#include "passes/fuse_epilogues.h"
#include "quantize/bias_correction.h"
#include "quantize/byte_tensors.h"
#include "quantize/equalise.h"
#include "quantize/integer_node.h"

namespace cnnc {
namespace {

// Whose pixels lie as `quantize` alone stores them: a word each (plan/layout/blocks.cpp).
constexpr int64_t kChannelsOfPicture = 4;

class Rewriter {
 public:
  Rewriter(const Graph& graph, const Quantization& quantization)
      : old_(graph),
        quantization_(quantization),
        tensors_(choose_bytes(graph, quantization)),
        floats_(graph.nodes.size(), -1),
        bytes_(graph.nodes.size(), -1),
        is_converted_(graph.nodes.size()),
        rounded_(graph.nodes.size(), -1) {
    new_.name = graph.name;
    new_.labels = graph.labels;
  }

  Graph rewrite() {
    for (NodeId id = 0; id < static_cast<NodeId>(old_.nodes.size()); ++id)
      if (is_input(old_.nodes[id]))
        add_input(id);
      else if (tensors_.is_integer[id])
        add_integer(id);
      else
        add_float(id);
    for (const GraphOutput& output : old_.outputs) new_.outputs.push_back({output.name, output_of(output)});
    return std::move(new_);
  }

 private:
  NodeId add(Node node) {
    new_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(new_.nodes.size()) - 1;
  }

  // Where the value is in the new graph; in the other form than it was computed in by a node of its own.
  NodeId value_of(NodeId id, bool as_bytes) {
    NodeId& wanted = (as_bytes ? bytes_ : floats_)[id];
    const NodeId there = (as_bytes ? floats_ : bytes_)[id];
    if (wanted >= 0) return wanted;
    if (!as_bytes) is_converted_[id] = true;
    return wanted = add(converted(old_, id, there, *tensors_.scales[id], as_bytes));
  }

  const Quantization::Port* port_of(const std::vector<Quantization::Port>& ports,
                                    const std::string& name) const {
    const auto found = std::find_if(ports.begin(), ports.end(),
                                    [&](const Quantization::Port& port) { return port.name == name; });
    return found == ports.end() ? nullptr : &*found;
  }

  // Bytes with a sign from such without, and the reverse; `type` is what is made.
  NodeId flipped(NodeId id, NodeId from, const char* type) {
    Node node = converted(old_, id, from, *tensors_.scales[id], /*to_bytes=*/true);
    node.name = fmt::format("{} as {}", old_.nodes[id].name, type);
    node.op = "flip_sign_bit";
    node.attributes = {};
    return add(std::move(node));
  }

  // An input of bytes says by its attributes what these stand for.
  void add_input(NodeId id) {
    Node node = old_.nodes[id];
    const Quantization::Port* port = port_of(quantization_.byte_inputs, node.name);
    if (port) node.attributes = byte_attributes(*tensors_.scales[id]);
    const NodeId added = add(std::move(node));
    new_.inputs.push_back(added);
    if (!port)
      floats_[id] = added;
    else
      bytes_[id] = port->has_sign ? flipped(id, added, "u8") : added;
  }

  // What is rounded to bytes is so also where the library has reals.
  NodeId output_of(const GraphOutput& output) {
    const NodeId id = output.node;
    if (!tensors_.scales[id]) return value_of(id, false);
    const bool is_made_as_floats = floats_[id] >= 0 && !is_converted_[id];
    const NodeId bytes = value_of(id, true);
    const Quantization::Port* port = port_of(quantization_.byte_outputs, output.name);
    if (port) return port->has_sign ? flipped(id, bytes, "s8") : bytes;
    if (!is_made_as_floats) return value_of(id, false);
    NodeId& rounded = rounded_[id];
    if (rounded < 0) rounded = add(converted(old_, id, bytes, *tensors_.scales[id], /*to_bytes=*/false));
    return rounded;
  }

  // Whether the kernels of a node of floats can store bytes: those of maps and vectors with weights, and
  // those that compute a map element by element from maps like it, in blocks of more channels than a picture
  // has.
  bool can_store_bytes(const Node& node, const Node& old) const {
    const OperatorFacts facts = facts_of(node);
    const bool are_alike = std::all_of(old.inputs.begin(), old.inputs.end(),
                                       [&](NodeId input) { return old_.nodes[input].shape == node.shape; });
    const bool is_elementwise = facts.is_elementwise && facts.takes_epilogue && are_alike &&
                                node.shape.is_map() && node.shape.channels() > kChannelsOfPicture;
    const bool is_contraction = facts.is_contraction && (node.shape.is_map() || node.shape.is_vector());
    return (is_contraction || is_elementwise) && node.epilogue.size() < kMaxEpilogue;
  }

  // A step that makes bytes is put behind its others where nobody wants floats.
  void add_float(NodeId id) {
    Node node = old_.nodes[id];
    for (NodeId& input : node.inputs) input = value_of(input, false);
    const auto& scale = tensors_.scales[id];
    const bool makes_bytes =
        scale && !tensors_.is_read_as_floats[id] && can_store_bytes(node, old_.nodes[id]);
    if (makes_bytes) node.epilogue.push_back({"quantize", byte_attributes(*scale)});
    (makes_bytes ? bytes_ : floats_)[id] = add(std::move(node));
  }

  void add_integer(NodeId id) {
    const auto input = [&](NodeId read, bool as_bytes) { return value_of(read, as_bytes); };
    IntegerNode made = integer_node(old_, id, tensors_, quantization_, input);
    (made.makes_bytes ? bytes_ : floats_)[id] = add(std::move(made.node));
  }

  const Graph& old_;
  const Quantization& quantization_;
  const ByteTensors tensors_;
  Graph new_;
  // By node of the old graph, where its value is in the new one; or -1. And whether floats were made of
  // bytes.
  std::vector<NodeId> floats_, bytes_;
  std::vector<bool> is_converted_;
  std::vector<NodeId> rounded_;  // floats of the bytes of an output that is computed as other floats
};

}  // namespace

Graph adjust_weights(const Graph& graph, const Quantization& quantization) {
  Graph adjusted = equalised(graph, quantization);
  const std::vector<bool> is_integer = choose_bytes(adjusted, quantization).is_integer;
  return with_corrections(std::move(adjusted), quantization, is_integer);
}

Graph with_operators_on_bytes(const Graph& adjusted, const Quantization& quantization) {
  Graph result = Rewriter(adjusted, quantization).rewrite();
  verify(result);
  verify_operators(result);
  return result;
}

Graph apply_quantization(const Graph& graph, const Quantization& quantization) {
  return with_operators_on_bytes(adjust_weights(graph, quantization), quantization);
}

}  // namespace cnnc
