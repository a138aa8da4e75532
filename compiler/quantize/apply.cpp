#include "quantize/apply.h"

#include <utility>

#include "ops/registry.h"
#include "ops/verify.h"
#include "passes/fuse_epilogues.h"
#include "quantize/byte_tensors.h"
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
        bytes_(graph.nodes.size(), -1) {
    new_.name = graph.name;
    new_.labels = graph.labels;
  }

  Graph rewrite() {
    for (NodeId id = 0; id < static_cast<NodeId>(old_.nodes.size()); ++id)
      if (tensors_.is_integer[id])
        add_integer(id);
      else
        add_float(id);
    for (const NodeId input : old_.inputs) new_.inputs.push_back(floats_[input]);
    for (const GraphOutput& output : old_.outputs)
      new_.outputs.push_back({output.name, value_of(output.node, false)});
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
    if (wanted < 0) wanted = add(converted(old_, id, there, *tensors_.scales[id], as_bytes));
    return wanted;
  }

  // Whether the kernels of a node of floats can store bytes: those of maps and vectors with weights, and
  // those that compute a map element by element, in blocks of more channels than a picture has.
  static bool can_store_bytes(const Node& node) {
    const OperatorFacts facts = facts_of(node);
    const bool is_elementwise = facts.is_elementwise && facts.takes_epilogue && node.shape.is_map() &&
                                node.shape.channels() > kChannelsOfPicture;
    const bool is_contraction = facts.is_contraction && (node.shape.is_map() || node.shape.is_vector());
    return (is_contraction || is_elementwise) && node.epilogue.size() < kMaxEpilogue;
  }

  // A step that makes bytes is put behind its others where nobody wants floats.
  void add_float(NodeId id) {
    Node node = old_.nodes[id];
    for (NodeId& input : node.inputs) input = value_of(input, false);
    const auto& scale = tensors_.scales[id];
    const bool makes_bytes = scale && !tensors_.is_read_as_floats[id] && can_store_bytes(node);
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
  std::vector<NodeId> floats_, bytes_;  // by node of the old graph, where its value is in the new one; or -1
};

}  // namespace

Graph apply_quantization(const Graph& graph, const Quantization& quantization) {
  Graph result = Rewriter(graph, quantization).rewrite();
  verify(result);
  verify_operators(result);
  return result;
}

}  // namespace cnnc
