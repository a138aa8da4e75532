#include "onnx/translation/whole_numbers.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "onnx/attributes.h"

namespace cnnc::onnx {
namespace {

template <class List>
bool is_in(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Operators whose result is of the type of their first input.
constexpr std::string_view kKeepType[] = {
    "Abs",     "Add",       "Clip",     "Concat",    "DepthToSpace", "Div",       "Expand",
    "Flatten", "Gather",    "GatherND", "Identity",  "Max",          "Min",       "Mod",
    "Mul",     "Neg",       "Pad",      "ReduceMax", "ReduceMin",    "ReduceSum", "ReduceProd",
    "Reshape", "ScatterND", "Sign",     "Slice",     "SpaceToDepth", "Split",     "Squeeze",
    "Sub",     "Sum",       "Tile",     "Transpose", "Trilu",        "Unsqueeze", "GatherElements",
    "CumSum",  "Resize",    "MaxPool",  "TopK",      "Relu",         "PRelu",     "ScatterElements",
};

bool gives_integers(const Translation& t, const Node& node, size_t output) {
  if (!node.domain.empty()) return false;
  if (node.op == "ArgMax" || node.op == "ArgMin") return true;
  if (node.op == "TopK" || node.op == "MaxPool") return output == 1 || is_of_integers(t, node, 0);
  if (node.op == "Cast") return is_integer_type(integer(node, "to", 1));
  if (node.op == "Where") return is_of_integers(t, node, 1);
  return is_in(kKeepType, node.op) && is_of_integers(t, node, 0);
}

}  // namespace

bool is_integer_type(int64_t type) {
  constexpr int64_t kTypes[] = {2, 3, 4, 5, 6, 7, 12, 13};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

bool is_of_integers(const Translation& t, const Node& node, size_t index) {
  if (!has_input(node, index)) return false;
  const auto found = t.values.find(node.inputs[index]);
  const auto* c = found == t.values.end() ? nullptr : std::get_if<Constant>(&found->second);
  return c ? c->integers && c->type != "bool" : t.integers.count(node.inputs[index]) > 0;
}

bool is_whole(const Translation& t, NodeId tensor) {
  static const std::set<std::string_view> whole = {"argmax",     "argmin",  "ceil",          "equal",
                                                   "floor",      "greater", "greater_equal", "less",
                                                   "less_equal", "round",   "sign"};
  static const std::set<std::string_view> moves = {"concat",  "concat_along", "crop",    "expand",
                                                   "flatten", "flip",         "permute", "reshape",
                                                   "slice",   "split",        "tile"};
  const cnnc::Node& node = t.graph.nodes[static_cast<size_t>(tensor)];
  const auto is_number = [&](const char* name) {
    const double number = cnnc::real(node.attributes, name);
    return number == std::trunc(number);
  };
  if (whole.count(node.op)) return true;
  const bool is_moved =
      moves.count(node.op) > 0 || (node.op == "affine" && is_number("factor") && is_number("offset"));
  return is_moved && std::all_of(node.inputs.begin(), node.inputs.end(),
                                 [&](NodeId input) { return is_whole(t, input); });
}

bool is_exact_quotient(const Translation& t, const Node& node) {
  if (node.op != "Div" || !constant_input(t, node, 1)) return false;
  return t.rounded.count(node.outputs.at(0)) > 0 || is_whole(t, need_view(t, node, 0).node);
}

std::set<std::string> rounded_values(const std::vector<Node>& nodes) {
  constexpr std::string_view kRound[] = {"Floor", "Ceil"};
  std::set<std::string> rounded;
  for (const Node& node : nodes)
    if (!node.inputs.empty() && node.domain.empty() &&
        (is_in(kRound, node.op) || (node.op == "Cast" && is_integer_type(integer(node, "to", 1)))))
      rounded.insert(node.inputs[0]);
  return rounded;
}

void note_integers(Translation& t, const Node& node) {
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    if (gives_integers(t, node, i))
      t.integers.insert(node.outputs[i]);
    else if (node.branches.empty())
      t.integers.erase(node.outputs[i]);
  }
}

}  // namespace cnnc::onnx
