// The network as a typed directed acyclic graph: the intermediate representation that elaboration makes,
// passes rewrite, and the plan is made from.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/attributes.h"
#include "graph/element_type.h"
#include "graph/pixels.h"
#include "graph/shape.h"
#include "support/source.h"

namespace cnnc {

// The index of a node in Graph::nodes. Every node computes one tensor, so it names the tensor as well.
using NodeId = int;

// A trained constant of a node. In PyTorch's layouts: a conv's weight is OIHW (output channels, input
// channels of one group, rows, columns), a dense layer's is out×in.
struct Parameter {
  std::string name;  // "weight"; in files it is called <node>.<name>
  Shape shape;
  std::shared_ptr<const std::vector<float>> values;  // null until weights are bound, and of whole numbers
  // Of a quantised network: whole numbers of that type, int8 or int32. Or bfloat16: values are such numbers.
  ElementType type = ElementType::float32;
  std::shared_ptr<const std::vector<int32_t>> integers = nullptr;
};

// What is done to each element of a node's result before it is stored: an activation (an elementwise operator
// and its attributes), or "add" or "multiply" with the node's input number `operand`, which has its shape.
struct EpilogueStep {
  std::string op;
  Attributes attributes;
  int operand = -1;
};
bool operator==(const EpilogueStep& a, const EpilogueStep& b);

struct Node {
  std::string name;  // unique: layer1.0.conv1
  std::string op;    // the operator's name, or "input"
  Attributes attributes;
  std::vector<NodeId> inputs;  // smaller than the node's own index
  Shape shape;                 // of its result
  std::vector<Parameter> parameters;
  std::vector<EpilogueStep> epilogue;
  // The nodes of the elaborated graph that this one computes, in order, the last of them being the one whose
  // value is its result. Elaboration sets it to the node's own name; a pass that fuses joins the lists.
  // Empty: no node of the elaborated graph has this value; it is on the way to one.
  std::vector<std::string> covers;
  Span where;                         // the statement it comes from
  std::optional<Pixels> pixels = {};  // of an input: how it is made of pictures
};

struct GraphOutput {
  std::string name;  // an identifier
  NodeId node = 0;
};

struct Graph {
  std::string name;         // an identifier
  std::vector<Node> nodes;  // in topological order
  std::vector<NodeId> inputs;
  std::vector<GraphOutput> outputs;
  std::string labels = {};  // the file with a line for each element of an output, as the text names it, or ""
};

// Whether the node is an input of the network, which no operator computes.
inline bool is_input(const Node& node) {
  return node.op == "input";
}

// Whether the node's input of that number is an operand of its epilogue; else it is one of the operator's.
bool is_epilogue_operand(const Node& node, int input);

// The node's parameter of that name, or null.
const Parameter* find_parameter(const Node& node, std::string_view name);

// Throws std::logic_error where an invariant does not hold (order, ranges, names unique, inputs listed, each
// node of the elaborated graph covered once at most). Run after elaboration and after every pass, with
// verify_operators of ops/verify.h.
void verify(const Graph& graph);

// One line a node: what `--emit graph` prints.
std::string to_string(const Graph& graph);

}  // namespace cnnc
