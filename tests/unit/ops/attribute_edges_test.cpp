// Every attribute of every operator at the edges of the number types: a located error or a right result.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>

#include "elaborate/elaborate.h"
#include "ops/evaluation/evaluate.h"
#include "support/limits.h"
#include "syntax/parser.h"
#include "unit/ops/attribute_texts.h"
#include "weights/weights.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

constexpr int64_t kSmall = 1000000;

int64_t macs_of(const Node& node, const std::vector<Shape>& inputs) {
  const Operator& op = operator_of(node);
  return op.macs ? op.macs(node.attributes, inputs, node.shape) : 0;
}

bool is_small(const Graph& graph) {
  const Node& node = graph.nodes.back();
  for (const Parameter& p : node.parameters)
    if (p.shape.elements() >= kSmall) return false;
  return node.shape.elements() < kSmall && macs_of(node, {graph.nodes[0].shape}) < 10 * kSmall;
}

// The reference of the only layer has a finite value and a bound for every element.
void check_reference(Graph graph) {
  bind_random(graph, 1);
  std::vector<float> image(graph.nodes[0].shape.elements());
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = static_cast<float>(std::sin(1.7 * static_cast<double>(i)));
  const Reference result = evaluate(graph, {image}).back();
  REQUIRE(static_cast<int64_t>(result.values.size()) == graph.nodes.back().shape.elements());
  REQUIRE(result.bounds.size() == result.values.size());
  for (size_t i = 0; i < result.values.size(); ++i) {
    if (!std::isfinite(result.values[i])) FAIL_CHECK("element ", i, " is ", result.values[i]);
    if (!(result.bounds[i] >= 0)) FAIL_CHECK("the bound of element ", i, " is ", result.bounds[i]);
  }
}

void check_graph(const Graph& graph) {
  verify(graph);
  const Node& node = graph.nodes.back();
  const Operator& op = operator_of(node);
  const std::vector<Shape> inputs = {graph.nodes[0].shape};
  CHECK(node.shape.elements() <= limits::kElements);
  CHECK(macs_of(node, inputs) >= 0);
  if (op.formula) CHECK(!op.formula(node.attributes, inputs, node.shape).empty());
  if (is_small(graph)) check_reference(graph);
}

// Whether the layer was accepted on that input.
bool check(const std::string& input, const std::string& layer) {
  const std::string text = "input x " + input + "\n" + layer + "\n";
  CAPTURE(text);
  const Source source{"model.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  const auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  const std::string errors = render(diagnostics, source, false);
  if (graph) {
    CHECK(errors == "");
    check_graph(*graph);
  } else {
    CHECK(errors.rfind("model.dsl:2:", 0) == 0);
  }
  return graph.has_value();
}

long peak_kilobytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("an attribute at the edge of the number types gives a result or a located error, at once") {
  using Clock = std::chrono::steady_clock;
  const long before = peak_kilobytes();
  for (const EdgeCase& edge : edge_cases())
    for (const std::string& input : edge_inputs()) {
      const auto start = Clock::now();
      check(input, edge.layer);
      CHECK_MESSAGE(Clock::now() - start < std::chrono::seconds(10), edge.layer, " on ", input);
    }
  CHECK(peak_kilobytes() - before < 512 * 1024);
}

TEST_CASE("every attribute of an operator has an edge case that is accepted, and one that is refused") {
  for (const Operator* op : operators())
    for (const AttributeRule& rule : op->attributes) {
      int accepted = 0, refused = 0;
      for (const EdgeCase& edge : edge_cases()) {
        if (edge.operation != op->name || edge.attribute != rule.name) continue;
        for (const std::string& input : edge_inputs()) ++(check(input, edge.layer) ? accepted : refused);
      }
      CAPTURE(op->name);
      CAPTURE(rule.name);
      CHECK(refused > 0);
      // No number is a switch or a word.
      if (rule.kind != AttributeKind::on_off && rule.kind != AttributeKind::word) CHECK(accepted > 0);
    }
}
