#include "graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <tuple>

#include "support/limits.h"

namespace cnnc {
namespace {

void require(bool holds, const Node& node, std::string_view what) {
  if (!holds) throw std::logic_error(fmt::format("node '{}' ({}): {}", node.name, node.op, what));
}

bool is_tensor_shape(const Shape& shape) {
  const auto positive = [](int64_t size) { return size > 0; };
  return shape.rank() >= 1 && static_cast<int64_t>(shape.rank()) <= limits::kRank &&
         std::all_of(shape.sizes.begin(), shape.sizes.end(), positive) && shape.checked_elements();
}

void verify_parameters(const Node& node) {
  std::set<std::string> names;
  for (const Parameter& p : node.parameters) {
    require(!p.name.empty() && names.insert(p.name).second, node, "its parameters' names are not unique");
    const auto elements = p.shape.checked_elements();
    require(elements && *elements > 0, node, "a parameter has no elements, or too many");
    require(!p.values || static_cast<int64_t>(p.values->size()) == *elements, node,
            "a parameter's values do not fill its shape");
  }
}

void verify_epilogue(const Graph& graph, const Node& node) {
  for (const EpilogueStep& step : node.epilogue) {
    if (step.operand == -1) continue;
    require(step.operand >= 0 && step.operand < static_cast<int>(node.inputs.size()), node,
            "an operand of its epilogue is none of its inputs");
    require(graph.nodes[node.inputs[step.operand]].shape == node.shape, node,
            "its epilogue joins a tensor of another shape");
  }
}

void verify_node(const Graph& graph, NodeId id) {
  const Node& node = graph.nodes[id];
  const bool listed = std::count(graph.inputs.begin(), graph.inputs.end(), id) == 1;
  require(is_input(node) == listed, node, "inputs and the list of inputs differ");
  require(is_input(node) == node.inputs.empty(), node, "only an input has no inputs of its own");
  for (NodeId input : node.inputs)
    require(input >= 0 && input < id, node, "an input does not stand before it");
  require(!node.pixels || is_input(node), node, "pixels become an input alone");
  require(is_tensor_shape(node.shape), node, "its shape is none of a tensor");
  require(node.covers.empty() || node.covers.back() == node.name, node,
          "it is not called after the last node that it covers");
  verify_parameters(node);
  verify_epilogue(graph, node);
}

// Attributes with these values say nothing that a reader of a graph would miss.
bool goes_without_saying(std::string_view name, const std::string& value) {
  static constexpr std::array<std::array<std::string_view, 2>, 5> usual = {
      {{"bias", "on"}, {"dilation", "1x1"}, {"groups", "1"}, {"pad", "0"}, {"stride", ""}}};
  const auto is_it = [&](const auto& u) { return u[0] == name && u[1] == value; };
  return std::any_of(usual.begin(), usual.end(), is_it);
}

// conv channels 6 filter 5x5 stride 1x1
std::string words(const std::string& op, const Attributes& attributes) {
  std::string text = op;
  for (const auto& [name, value] : attributes) {
    const std::string written = to_string(value);
    if (!goes_without_saying(name, written)) text += fmt::format(" {} {}", name, written);
  }
  return text;
}

std::string input_names(const Graph& graph, const Node& node) {
  std::vector<std::string_view> names;
  for (NodeId input : node.inputs) names.push_back(graph.nodes[input].name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// "+ relu + add conv1 covers conv2, bn2, add1, relu2"
std::string fused(const Graph& graph, const Node& node) {
  std::string text;
  for (const EpilogueStep& step : node.epilogue) {
    text += fmt::format("+ {} ", words(step.op, step.attributes));
    if (step.operand >= 0) text += graph.nodes[node.inputs[step.operand]].name + " ";
  }
  if (node.covers.size() > 1) text += fmt::format("covers {}", fmt::join(node.covers, ", "));
  return text;
}

constexpr size_t kColumns = 5;
using Row = std::array<std::string, kColumns>;

std::string aligned(const std::vector<Row>& rows) {
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows)
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < kColumns; ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

bool operator==(const EpilogueStep& a, const EpilogueStep& b) {
  return std::tie(a.op, a.attributes, a.operand) == std::tie(b.op, b.attributes, b.operand);
}

bool is_epilogue_operand(const Node& node, int input) {
  const auto uses_it = [&](const EpilogueStep& step) { return step.operand == input; };
  return std::any_of(node.epilogue.begin(), node.epilogue.end(), uses_it);
}

const Parameter* find_parameter(const Node& node, std::string_view name) {
  for (const Parameter& parameter : node.parameters)
    if (parameter.name == name) return &parameter;
  return nullptr;
}

void verify(const Graph& graph) {
  const int count = static_cast<int>(graph.nodes.size());
  const auto in_range = [&](NodeId id) { return id >= 0 && id < count; };
  std::set<std::string_view> names, covered, output_names;
  for (NodeId id = 0; id < count; ++id) {
    const Node& node = graph.nodes[id];
    verify_node(graph, id);
    require(names.insert(node.name).second, node, "its name is not unique");
    for (const std::string& name : node.covers)
      require(covered.insert(name).second, node, "it covers a node that is covered already");
  }
  if (!std::all_of(graph.inputs.begin(), graph.inputs.end(), in_range))
    throw std::logic_error("an input of the graph is no node");
  if (graph.outputs.empty()) throw std::logic_error("the graph has no output");
  for (const GraphOutput& output : graph.outputs) {
    if (!in_range(output.node)) throw std::logic_error(fmt::format("output '{}' is no node", output.name));
    if (!output_names.insert(output.name).second)
      throw std::logic_error(fmt::format("two outputs are called '{}'", output.name));
  }
}

std::string to_string(const Graph& graph) {
  std::vector<Row> rows;
  for (const Node& node : graph.nodes)
    rows.push_back({node.name,
                    words(node.op, node.attributes) + (node.pixels ? " " + to_string(*node.pixels) : ""),
                    input_names(graph, node), to_string(node.shape), fused(graph, node)});
  std::string text = fmt::format("network {}\n{}", graph.name, aligned(rows));
  if (!graph.labels.empty()) text += fmt::format("labels \"{}\"\n", graph.labels);
  for (const GraphOutput& output : graph.outputs)
    text += fmt::format("output {} as {}\n", graph.nodes[output.node].name, output.name);
  return text;
}

}  // namespace cnnc
