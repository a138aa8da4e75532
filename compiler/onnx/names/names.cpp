#include "onnx/names/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "onnx/names/flat_names.h"
#include "onnx/names/node_names.h"

namespace cnnc::onnx {
namespace {

// The suffixes by which a weight's name names what has it, in the order in which they are looked for.
constexpr std::string_view kWeightSuffixes[] = {".weight", ".bias", "_weight", "_bias", "_gamma", "_beta"};

// The nodes by the values that they compute.
using Producers = std::map<std::string, const Node*>;

// The initializer that a value is, perhaps under other dimensions or converted; "" if it is none.
std::string initializer_of(const Model& model, const Producers& producers, std::string value) {
  for (int step = 0; step < 8; ++step) {
    if (model.constants.count(value)) return value;
    const auto found = producers.find(value);
    if (found == producers.end()) return "";
    const Node& node = *found->second;
    const std::string_view rearranging = " Transpose Identity Cast Reshape Unsqueeze Squeeze ";
    if (node.inputs.empty() || rearranging.find(" " + node.op + " ") == std::string_view::npos) return "";
    value = node.inputs[0];
  }
  return "";
}

// Of an operator's second input and those after it: the first is what it is applied to.
std::string path_of_weights(const Model& model, const Producers& producers, const Node& node,
                            const std::string& whole) {
  std::vector<std::string> names;
  const size_t count = std::min<size_t>(node.inputs.size(), 8);
  for (size_t i = 0; i < count; ++i)
    if (std::string name = initializer_of(model, producers, node.inputs[i]); !name.empty())
      names.push_back(std::move(name));
  for (const std::string_view suffix : kWeightSuffixes)
    for (const std::string& name : names)
      if (std::string path = path_of_weight(name, suffix, whole); !path.empty()) return path;
  return "";
}

// Modules are named reliably: PyTorch 1.13 gives weights that are equal, as new ones are, to whichever comes
// first. A weight that a module's function has of its own lies deeper.
std::string path_of_node(const Model& model, const Producers& producers, const Node& node,
                         const std::string& whole) {
  const std::string of_weights = path_of_weights(model, producers, node, whole),
                    of_name = path_of_name(node, whole);
  const bool is_module = !of_name.empty() && node.name[0] == '/';
  const bool agree = of_weights == of_name || of_weights.rfind(of_name + ".", 0) == 0;
  return of_weights.empty() || (is_module && !agree) ? of_name : of_weights;
}

// All that stands before a dot of a name.
void add_scopes(std::string_view name, std::set<std::string, std::less<>>& scopes) {
  for (size_t dot = name.rfind('.'); dot != std::string_view::npos; dot = name.rfind('.', dot - 1)) {
    if (!scopes.emplace(name.substr(0, dot)).second || dot == 0) return;
  }
}

bool has_name(const cnnc::Node& node) {
  return !node.name.empty() && node.name[0] != '%';
}

// Names that are given out once each.
struct UniqueNames {
  std::set<std::string, std::less<>> scopes = {}, taken = {};
  std::map<std::string, int, std::less<>> counts = {};

  std::string take(std::string name, std::string_view op) {
    while (scopes.count(name)) name += fmt::format(".{}", op);
    std::string unique = name;
    for (int& count = counts.try_emplace(name, 1).first->second; taken.count(unique) || scopes.count(unique);)
      unique = fmt::format("{}_{}", name, ++count);
    taken.insert(unique);
    return unique;
  }
};

}  // namespace

void find_paths(Model& model) {
  Producers producers;
  for (const Node& node : model.nodes)
    for (const std::string& output : node.outputs) producers.emplace(output, &node);
  const std::string whole = whole_model(model);
  for (Node& node : model.nodes) node.path = path_of_node(model, producers, node, whole);
  split_flat_paths(model.nodes);
}

Graph with_unique_names(Graph graph) {
  UniqueNames names;
  for (const cnnc::Node& node : graph.nodes)
    if (has_name(node)) add_scopes(node.name, names.scopes);
  for (const NodeId input : graph.inputs) names.taken.insert(graph.nodes[input].name);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    cnnc::Node& node = graph.nodes[id];
    if (node.op != "input")
      node.name = has_name(node) ? names.take(node.name, node.op) : fmt::format("%{}", id);
    node.covers = {node.name};
  }
  return graph;
}

}  // namespace cnnc::onnx
