#include "onnx/import/map_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "onnx/composed/composition.h"
#include "onnx/fold/fold.h"
#include "onnx/general/general.h"
#include "onnx/import/computed_constants.h"
#include "onnx/mappings/registry.h"
#include "onnx/quantized/constants.h"
#include "onnx/translation/whole_numbers.h"
#include "onnx/walk/part.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// Whether all inputs are known; the values in order, null where left out.
bool all_constant(const Translation& t, const Node& node, std::vector<const Constant*>& constants) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    constants.push_back(constant_input(t, node, i));
    if (has_input(node, i) && !constants.back()) return false;
  }
  return true;
}

// Null where there is none.
Mapping mapping_of(const Node& node) {
  return node.domain.empty() || node.domain == "cnnc" ? find_mapping(node.op) : nullptr;
}

Mapping general_mapping_of(const Node& node) {
  return node.domain.empty() ? find_general_mapping(node.op) : nullptr;
}

Unmapped no_such_operator(const Node& node) {
  if (node.domain == "com.microsoft.nchwc")
    return {"it is of a layout that ONNX Runtime has on one machine alone",
            "save the model optimised up to ORT_ENABLE_EXTENDED, or take the one from before"};
  const std::string of = node.domain.empty() ? "" : fmt::format(" of the domain {}", quote(node.domain));
  return {fmt::format("there is no such operator{} in cnnc", of), ""};
}

// Why the mapping does not take the node; empty: it has. The nodes that it has added before are dead: they
// are taken away at the end.
std::optional<Unmapped> fault_of(Translation& t, const Node& node, Mapping mapping, bool rearranges) {
  const std::set<NodeId> fixed_inputs = t.fixed_inputs;
  const int64_t allowance = t.allowance;
  t.rearranges = rearranges;
  try {
    mapping(t, node);
    return std::nullopt;
  } catch (const Unmapped& reason) {
    t.fixed_inputs = fixed_inputs;
    t.allowance = allowance;
    return reason;
  }
}

// A node that is others: their nodes, in the opset that they are written in.
void map_composition(Translation& t, Composition composition) {
  for (auto& [name, constant] : composition.constants) t.values.insert_or_assign(name, std::move(constant));
  for (auto& [name, tensors] : composition.sequences) t.sequences.insert_or_assign(name, std::move(tensors));
  const int64_t opset = std::exchange(t.opset, kComposedOpset);
  try {
    for (const Node& node : composition.nodes) map_node(t, node);
  } catch (const Unmapped&) {
    t.opset = opset;
    throw;
  }
  t.opset = opset;
}

// As maps and vectors where they lie so, which is fastest; else on any axes; else on maps and vectors that
// are made of what lies otherwise; else as several nodes.
void map_in_turn(Translation& t, const Node& node) {
  const Mapping special = mapping_of(node), general = general_mapping_of(node);
  if (!special && !general) {
    if (map_composed(t, node)) return;
    throw find_composition(node) ? Unmapped{"it has a form that cnnc does not know", ""}
                                 : no_such_operator(node);
  }
  const std::optional<Unmapped> none = Unmapped{"", ""};
  const auto first = special ? fault_of(t, node, special, false) : none;
  if (!first) return;
  const auto second = general ? fault_of(t, node, general, false) : none;
  if (!second) return;
  const auto third = special ? fault_of(t, node, special, true) : none;
  if (!third || map_composed(t, node)) return;
  throw Unmapped(!second->why.empty() ? *second : *third);
}

// The graph that an If takes, of which the condition is known.
const Branch& branch_of(const Translation& t, const Node& node) {
  const Constant* condition = constant_input(t, node, 0);
  if (!condition)
    throw Unmapped{"the network computes its condition, and one of two graphs would be run",
                   "export the model again so that it does one of them"};
  if (!condition->integers || condition->integers->size() != 1)
    throw Unmapped{
        fmt::format("its condition is of {} elements of type {}", elements(condition->dims), condition->type),
        ""};
  const char* name = condition->integers->front() != 0 ? "then_branch" : "else_branch";
  const auto found = node.branches.find(name);
  if (found == node.branches.end() || found->second->outputs.size() < node.outputs.size())
    throw Unmapped{fmt::format("its '{}' does not make its {} outputs", name, node.outputs.size()), ""};
  return *found->second;
}

std::set<std::string> needed_in(const Branch& branch) {
  Model model;
  model.nodes = branch.nodes;
  for (const std::string& output : branch.outputs) model.outputs.push_back({output, "", std::nullopt});
  return needed_values(model);
}

bool is_needed(const Node& node, const std::set<std::string>& needed) {
  return std::any_of(node.outputs.begin(), node.outputs.end(),
                     [&](const auto& output) { return needed.count(output) > 0; });
}

// The names in a branch are its own: what they hide is there again behind it.
void map_branch(Translation& t, const Node& node) {
  const Branch& branch = branch_of(t, node);
  const std::map<std::string, Value> around = t.values;
  for (const auto& [name, constant] : branch.constants) t.values.insert_or_assign(name, constant);
  const std::set<std::string> needed = needed_in(branch);
  for (const Node& inner : branch.nodes) {
    if (!is_needed(inner, needed)) continue;
    try {
      map_node(t, inner);
    } catch (const Unmapped& reason) {
      throw Unmapped{fmt::format("of the branch that it takes, {} {}: {}", inner.op, quote(inner.outputs[0]),
                                 reason.why),
                     reason.hint};
    }
  }
  Node outside;
  outside.inputs = branch.outputs;
  std::vector<Value> results;
  std::vector<bool> of_integers;
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    results.push_back(input(t, outside, i));
    of_integers.push_back(is_of_integers(t, outside, i));
  }
  t.values = around;
  for (size_t i = 0; i < results.size(); ++i) {
    if (of_integers[i]) t.integers.insert(node.outputs[i]);
    set_output(t, node, std::move(results[i]), i);
  }
}

bool reads_sequence(const Translation& t, const Node& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](const auto& input) { return t.sequences.count(input) > 0; });
}

void map_of_sequence(Translation& t, const Node& node) {
  if (node.op == "Identity")
    t.sequences[node.outputs.at(0)] = t.sequences.at(node.inputs.at(0));
  else if (!map_composed(t, node))
    throw Unmapped{"it reads a sequence of tensors", ""};
}

// A node without branches.
void map_single(Translation& t, const Node& node) {
  std::vector<const Constant*> constants;
  if (reads_sequence(t, node)) return map_of_sequence(t, node);
  if (node.domain.empty() && all_constant(t, node, constants)) {
    if (auto values = fold(node, constants, t.opset, t.folding_left)) {
      for (size_t i = 0; i < values->size(); ++i) set_output(t, node, std::move((*values)[i]), i);
      return;
    }
    const bool is_mapped = mapping_of(node) || general_mapping_of(node);
    if (is_mapped && !constants.empty() && constants[0]) return compute_constants(t, node, map_in_turn);
  }
  map_in_turn(t, node);
}

}  // namespace

void require_known_operator(const Node& node) {
  if (!mapping_of(node) && !general_mapping_of(node) && !find_composition(node) && node.branches.empty() &&
      !can_fold(node) && !is_of_quantization(node))
    throw no_such_operator(node);
}

bool map_composed(Translation& t, const Node& node) {
  const Compose compose = find_composition(node);
  std::optional<Composition> composition = compose ? compose(t, node) : std::nullopt;
  if (composition) map_composition(t, std::move(*composition));
  if (composition) note_integers(t, node);
  return composition.has_value();
}

void map_node(Translation& t, const Node& node) {
  if (node.refusal) throw Unmapped(*node.refusal);
  if (node.domain.empty() && !node.branches.empty()) return map_branch(t, node);
  map_single(t, node);
  note_integers(t, node);
}

}  // namespace cnnc::onnx
