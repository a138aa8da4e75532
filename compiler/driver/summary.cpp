// cnnc summary: the layer table, with what the network costs.
#include "driver/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/console/table.h"
#include "driver/front/counts.h"
#include "driver/front/front.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "ops/registry.h"
#include "support/checked.h"

namespace cnnc {
namespace {

// "2" for equal sizes behind a keyword, where the language takes one number for both.
std::string written_value(const AttributeRule& rule, const AttributeValue& value) {
  const auto* pair = std::get_if<std::vector<int64_t>>(&value);
  if (rule.kind == AttributeKind::shape) return fmt::format("{}", fmt::join(*pair, "x"));
  if (rule.kind == AttributeKind::axes) return fmt::format("{}", fmt::join(*pair, " "));
  const bool one_number = pair && pair->size() == 2 && pair->at(0) == pair->at(1) && !rule.positional;
  return one_number ? std::to_string(pair->at(0)) : to_string(value);
}

std::string formula(const Graph& graph, const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && op->formula ? op->formula(node.attributes, input_shapes(graph, node), node.shape) : "";
}

std::optional<int64_t> total_macs(const Graph& graph) {
  std::optional<int64_t> sum = 0;
  for (const Node& node : graph.nodes)
    if (sum) sum = checked_add(*sum, macs(graph, node));
  return sum;
}

std::string or_nothing(std::optional<int64_t> number) {
  return number == 0 ? "" : with_commas(number);
}

Row layer_row(const Graph& graph, const Node& node) {
  return {node.name,
          as_written(graph, node),
          formula(graph, node),
          to_string(node.shape),
          or_nothing(count_parameters(node).learnable),
          or_nothing(macs(graph, node))};
}

std::optional<int64_t> float_bytes(std::optional<int64_t> count) {
  return count ? checked_multiply(*count, sizeof(float)) : std::nullopt;
}

std::string total_line(const std::string& what, const std::string& how_much) {
  return fmt::format("{:<11} {}\n", what, how_much);
}

std::string totals(const Graph& graph) {
  const ParameterCount count = count_parameters(graph);
  std::string text = total_line("parameters", fmt::format("{} ({} bytes)", with_commas(count.learnable),
                                                          with_commas(float_bytes(count.learnable))));
  if (count.statistics != 0)
    text += total_line("statistics",
                       with_commas(count.statistics) + ", running means and variances, which are not learnt");
  return text + total_line("MACs", with_commas(total_macs(graph)) + " an image");
}

// Of the plan that needs the most.
std::string workspace_text(const Plans& plans, const std::string& isas) {
  int64_t tensors = 0, scratch = 0;
  for (const Plan& plan : plans.of_targets) {
    tensors = std::max(tensors, plan.tensor_bytes);
    scratch = std::max(scratch, plan.scratch_bytes);
  }
  const int64_t pictures = pixels_bytes(plans.best());
  return fmt::format("{} bytes: tensors take up to {} at a time, scratch memory up to {}{} ({})",
                     with_commas(workspace_bytes(plans)), with_commas(tensors), with_commas(scratch),
                     pictures > 0 ? fmt::format(", what is made of pictures {}", with_commas(pictures)) : "",
                     isas);
}

std::string names_of(const std::vector<Target>& targets) {
  std::vector<std::string> names;
  for (const Target& target : targets) names.emplace_back(target.name);
  return fmt::format("{}", fmt::join(names, ","));
}

// Of a quantised network.
std::string bytes_line(const Graph& planned) {
  const std::vector<ElementType> types = element_types(planned);
  int64_t layers = 0, of_bytes = 0;
  for (const Node& node : planned.nodes) {
    if (is_input(node) || node.covers.empty()) continue;
    ++layers;
    if (types[static_cast<size_t>(node.inputs[0])] == ElementType::uint8) ++of_bytes;
  }
  return total_line("bytes", fmt::format("{} of {} layers are computed from bytes", of_bytes, layers));
}

// Inputs and outputs that are no floats to who runs the library.
std::string ports_line(const BytePorts& ports, const Plan& plan) {
  std::vector<std::string> words;
  const auto add = [&](const std::string& name, const BytePort& port) {
    words.push_back(fmt::format("{} {}", name, port.has_sign ? "s8" : "u8"));
  };
  for (const auto& [i, port] : ports.inputs) add(plan.inputs[i], port);
  for (const auto& [i, port] : ports.outputs) add(plan.outputs[i].name, port);
  return words.empty() ? "" : total_line("interface", fmt::format("{}", fmt::join(words, ", ")));
}

// What the library will need. A network that cannot be compiled yet has a table all the same.
std::string memory_lines(const Graph& graph, const std::optional<Quantization>& quantization,
                         const std::vector<Target>& targets, const std::vector<Schedules>& schedules) {
  const std::string isa = names_of(targets);
  try {
    std::vector<PlanOptions> options(targets.size());
    for (size_t i = 0; i < targets.size(); ++i) options[i].choices = schedules[i].choices;
    const Graph planned = optimise(graph, quantization);
    const Plans plans = make_plans(planned, targets, options);
    print_ignored(plans, schedules);
    return (quantization ? bytes_line(planned) : "") +
           ports_line(ports_of(quantization, graph), plans.best()) +
           total_line("workspace", workspace_text(plans, isa)) +
           total_line("weights",
                      fmt::format("{} bytes as packed ({})", with_commas(plans.weights_bytes), isa));
  } catch (const Unsupported& unsupported) {
    return total_line("workspace", "unknown: " + unsupported.message);
  }
}

}  // namespace

std::string as_written(const Graph& graph, const Node& node) {
  std::string text = node.op == "concat_along" ? "concat" : node.op;
  if (node.pixels) text += " " + to_string(*node.pixels);
  const Operator* op = find_operator(node.op);
  for (const AttributeRule& rule : op ? op->attributes : std::vector<AttributeRule>()) {
    const auto found = node.attributes.find(rule.name);
    if (found == node.attributes.end() || found->second == rule.default_value) continue;
    if (!rule.positional) text += fmt::format(" {}", rule.name);
    text += " " + written_value(rule, found->second);
  }
  if (node.inputs.size() < 2) return text;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    text += fmt::format("{} {}", i == 0 ? "" : ",", graph.nodes[node.inputs[i]].name);
  return text;
}

std::string layer_table(const Graph& graph) {
  std::vector<Row> rows = {{"layer", "operator", "output size", "output", "parameters", "MACs"}};
  for (const Node& node : graph.nodes) rows.push_back(layer_row(graph, node));
  return table(rows, "lllrrr") + "\n" + totals(graph);
}

int run(const SummaryOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  const std::vector<Target> targets = targets_of_library(options.targets, arithmetic_of(quantization, text));
  const std::string memory =
      memory_lines(graph, quantization, targets, read_schedules(options.schedules, targets, 1, true));
  print(fmt::format("network {}\n\n{}{}", graph.name, layer_table(graph), memory));
  return 0;
}

}  // namespace cnnc
