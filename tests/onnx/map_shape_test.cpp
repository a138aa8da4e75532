#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Sizes = std::vector<int64_t>;

// x of the given sizes through the nodes to y, and a relu behind it, so that something is computed.
Model chain(Dims x, std::vector<onnx::Node> nodes, std::map<std::string, Constant> constants = {}) {
  nodes.push_back(node("Relu", {"y"}, {"z"}));
  return model({value("x", std::move(x))}, std::move(nodes), {"z"}, std::move(constants));
}

}  // namespace

TEST_CASE("the shape arithmetic of x.view(x.size(0), -1) is folded to a flatten") {
  const Model m =
      model({value("x", {2, 3, 2, 2})},
            {node("Shape", {"x"}, {"s"}), node("Gather", {"s", "zero"}, {"n"}),
             node("Unsqueeze", {"n", "axis"}, {"n1"}),
             node("Concat", {"n1", "rest"}, {"shape"}, {{"axis", int64_t{0}}}),
             node("Reshape", {"x", "shape"}, {"y"}), node("Softmax", {"y"}, {"z"})},
            {"z"}, {{"zero", integers({}, {0})}, {"axis", integers({0})}, {"rest", integers({-1})}});
  TranslateOptions options;
  options.images = 2;
  CHECK(operators_of(translated(m, options)) == "flatten softmax");
}

TEST_CASE("what only changes dimensions changes nothing") {
  CHECK(operators(chain(
            {1, 3, 1, 2},
            {node("Squeeze", {"x"}, {"a"}), node("Unsqueeze", {"a", "axes"}, {"b"}),
             node("Flatten", {"b"}, {"c"}, {{"axis", int64_t{-1}}}), node("Reshape", {"c", "shape"}, {"y"})},
            {{"axes", integers({0, 2})}, {"shape", integers({0, 1, -1})}})) == "relu");
}

TEST_CASE("transposes to channels last and back cancel each other") {
  const auto to = node("Transpose", {"x"}, {"a"}, {{"perm", Sizes{0, 2, 3, 1}}});
  const auto back = node("Transpose", {"b"}, {"y"}, {{"perm", Sizes{0, 3, 1, 2}}});
  CHECK(operators(chain({1, 3, 4, 5}, {to, node("Sigmoid", {"a"}, {"b"}), back})) == "sigmoid relu");
}

TEST_CASE("a reshape that splits what is no multiple is one of the network") {
  const Model m = chain({1, 3, 5, 7}, {node("Reshape", {"x", "s"}, {"y"})}, {{"s", integers({1, 5, 3, 7})}});
  CHECK(operators(m) == "reshape relu");
}

TEST_CASE("an Expand that repeats nothing is none; rows and columns are resized, others repeated") {
  const auto expand = node("Expand", {"x", "s"}, {"y"});
  const Model rows = model({value("x", {1, 1, 1, 2})}, {expand}, {"y"}, {{"s", integers({1, 1, 2, 2})}});
  CHECK(run(rows, {{1, 2}}) == Values{1, 2, 1, 2});
  CHECK(run(model({value("x", {1, 1, 2, 1})}, {expand}, {"y"}, {{"s", integers({2, 3})}}), {{1, 2}}) ==
        Values{1, 1, 1, 2, 2, 2});
  CHECK(operators(chain({1, 3, 2, 2}, {expand}, {{"s", integers({1, 1, 2})}})) == "relu");
  CHECK(operators(chain({1, 1, 2, 2}, {expand}, {{"s", integers({1, 3, 2, 2})}})) == "expand relu");
}

TEST_CASE("a constant beside a tensor that only reshapes take must be known") {
  CHECK(errors_of(chain({1, 3, 1, 1}, {node("Reshape", {"x", "x"}, {"y"})}))
            .find("its shape is computed by the network, not a constant") != std::string::npos);
}
