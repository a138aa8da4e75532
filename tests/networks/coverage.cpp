#include "networks/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ops/registry.h"

namespace cnnc {

namespace {

std::string layout_of(const Layout& layout) {
  return layout.height * layout.width == 1 ? "vector" : layout.block > 1 ? "blocked" : "planar";
}

// Of an elementwise operator only a kernel of its own has its name: as others' epilogue it is fused.
bool is_fused(const Node& node, const Kernel& kernel) {
  return operator_of(node).facts.is_elementwise && kernel.family != node.op;
}

std::string way_of(const Node& node, const Plan& plan) {
  const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const Step& s) {
    return std::count(s.covers.begin(), s.covers.end(), node.name) > 0;
  });
  if (step == plan.steps.end()) return "none";
  const Kernel& kernel = plan.kernels[static_cast<size_t>(step->kernel)];
  if (is_fused(node, kernel)) return "fused";
  const std::string to = layout_of(kernel.output);
  const std::string from = kernel.inputs.empty() ? to : layout_of(kernel.inputs[0]);
  return from == to ? to : from + ">" + to;
}

std::set<std::string> ways_of(const Coverage& coverage) {
  std::set<std::string> ways;
  for (const auto& [op, counts] : coverage)
    for (const auto& [way, count] : counts) ways.insert(way);
  return ways;
}

}  // namespace

void add_to(Coverage& coverage, const Graph& graph, const Plan& plan) {
  for (const Node& node : graph.nodes)
    if (node.op != "input") ++coverage[node.op][way_of(node, plan)];
}

std::string table(const Coverage& coverage) {
  const std::set<std::string> ways = ways_of(coverage);
  std::string text = fmt::format("{:18}", "operator");
  for (const std::string& way : ways) text += fmt::format("  {}", way);
  for (const Operator* op : operators()) {
    text += fmt::format("\n{:18}", op->name);
    const auto counts = coverage.find(op->name);
    for (const std::string& way : ways) {
      const bool drawn = counts != coverage.end() && counts->second.count(way) > 0;
      const std::string count = drawn ? fmt::format("{}", counts->second.at(way)) : ".";
      text += fmt::format("  {:>{}}", count, way.size());
    }
  }
  return text + "\n";
}

}  // namespace cnnc
