#include <doctest/doctest.h>

#include <functional>

#include "elaborate/elaborate.h"
#include "ops/verify.h"
#include "syntax/parser.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;

namespace {

Graph elaborated(const std::string& text) {
  const Source source{"model.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  REQUIRE(file);
  auto graph = elaborate(*file, source, diagnostics);
  REQUIRE(graph);
  return *graph;
}

std::string fault(const std::function<void(Graph&)>& change) {
  Graph graph = elaborated("input x 8x5x5\nconv 8 3x3 pad 1\nrelu\nadd with x\n");
  change(graph);
  try {
    verify_operators(graph);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("verify_operators names the rule that a node breaks") {
  CHECK(fault([](Graph&) {}) == "");
  CHECK(fault([](Graph& g) { g.nodes[2].op = "nothing"; }) ==
        "node 'relu1' (nothing): there is no such operator");
  CHECK(fault([](Graph& g) { g.nodes[1].attributes.erase("groups"); }) ==
        "node 'conv1' (conv): an attribute has no value");
  CHECK(fault([](Graph& g) {
          g.nodes[1].inputs = {0, 0};
        }) == "node 'conv1' (conv): it has more or fewer inputs than its operator takes");
  CHECK(fault([](Graph& g) {
          g.nodes[1].attributes["stride"] = std::vector<int64_t>{2, 2};
        }) == "node 'conv1' (conv): its shape is not what its operator's rule gives");
  CHECK(fault([](Graph& g) {
          g.nodes[0].shape = {4, 5, 5};
        }) == "node 'conv1' (conv): its parameters are not those of its operator");
  CHECK(fault([](Graph& g) { g.nodes[1].parameters.pop_back(); }) ==
        "node 'conv1' (conv): its parameters are not those of its operator");
}

TEST_CASE(
    "verify_operators takes operands of an epilogue for no inputs of the operator, and knows its steps") {
  CHECK(fault([](Graph& g) {
          g.nodes[1].inputs = {0, 0};
          g.nodes[1].epilogue = {{"add", {}, 1}, {"relu", {}, -1}};
        }) == "");
  CHECK(fault([](Graph& g) {
          g.nodes[1].epilogue = {{"maxpool", {}, -1}};
        }) == "node 'conv1' (conv): 'maxpool' in its epilogue is no elementwise operator");
  CHECK(fault([](Graph& g) {
          g.nodes[1].epilogue = {{"batchnorm", {}, -1}};
        }) == "node 'conv1' (conv): 'batchnorm' in its epilogue lacks an attribute");
  CHECK(fault([](Graph& g) {
          g.nodes[1].inputs = {0, 0};
          g.nodes[1].epilogue = {{"relu", {}, 1}};
        }) == "node 'conv1' (conv): 'relu' in its epilogue has an operand and is no join");
  CHECK(fault([](Graph& g) {
          g.nodes[1].epilogue = {{"add", {}, -1}};
        }) == "node 'conv1' (conv): 'add' in its epilogue has no operand");
}
