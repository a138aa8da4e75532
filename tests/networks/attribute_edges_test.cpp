// The attributes at the edges of the number types (unit/ops/attribute_texts.h): what the front end accepts
// and is small compiles, and is right; what is large compiles or says that it cannot.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "networks/fault.h"
#include "networks/thorough.h"
#include "plan/plan.h"
#include "target/host.h"
#include "unit/ops/attribute_texts.h"

namespace {

using namespace cnnc;
using namespace cnnc::testing;

constexpr int64_t kSmall = 100000;

bool is_small(const Graph& graph) {
  const Node& node = graph.nodes.back();
  const Operator& op = operator_of(node);
  const int64_t macs = op.macs ? op.macs(node.attributes, {graph.nodes[0].shape}, node.shape) : 0;
  const auto few = [](const Parameter& p) { return p.shape.elements() <= kSmall; };
  return node.shape.elements() <= kSmall && macs <= 10 * kSmall &&
         std::all_of(node.parameters.begin(), node.parameters.end(), few);
}

// Of an input of one element every third layer is tried, but for the campaign.
bool is_tried(const std::string& input, size_t layer) {
  const bool is_single = input.find_first_not_of("1x") == std::string::npos;
  return !is_single || layer % 3 == 0 || is_thorough();
}

// The layers of one operator that are accepted on the input and small, each with an output of its own; the
// number of them in `ways`.
std::string small_ones(const Operator& op, const std::string& input, const Target& target, int& ways) {
  std::string text = fmt::format("network edges\ninput x {}\n", input);
  size_t layers = 0;
  for (const EdgeCase& edge : edge_cases()) {
    if (edge.operation != op.name || !is_tried(input, layers++)) continue;
    const auto graph = graph_of(fmt::format("input x {}\n{}\n", input, edge.layer));
    if (!graph) continue;
    try {
      make_plan(*graph, target);
    } catch (const Unsupported&) {  // which is an error with a place, too
      continue;
    }
    if (is_small(*graph)) text += fmt::format("from x\n{}\noutput as way{}\n", edge.layer, ways++);
  }
  return text;
}

}  // namespace

TEST_CASE("an attribute at the edge of the number types compiles and is right, or is refused") {
  const Isa isa = host_isa().value_or(Isa::sse41);
  if (!runs_here(isa)) return;
  int all_ways = 0;
  for (const Operator* op : operators())
    for (const std::string& input : edge_inputs()) {
      int ways = 0;
      const std::string text = small_ones(*op, input, target_for(isa), ways);
      if (ways == 0) continue;
      all_ways += ways;
      const std::string fault = fault_of(text, isa);
      CHECK_MESSAGE(fault.empty(), fault, "\n", text);
    }
  CHECK(all_ways > 100);
}
