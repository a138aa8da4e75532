#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

TEST_CASE("Gemm is a dense layer, its weight transposed or not, times alpha, plus beta C") {
  const Constant in_by_out = floats({3, 2}, {1, 2, 3, 4, 5, 6}),
                 out_by_in = floats({2, 3}, {1, 3, 5, 2, 4, 6});
  const Constant c = floats({2}, {100, 200});
  const std::vector<std::vector<float>> x = {{1, 10, 100}};
  CHECK(run(model_of("Gemm", {1, 3}, {in_by_out}), x) == Values{531, 642});
  CHECK(run(model_of("Gemm", {1, 3}, {out_by_in, c}, {{"transB", int64_t{1}}}), x) == Values{631, 842});
  CHECK(run(model_of("Gemm", {1, 3}, {in_by_out, c}, {{"alpha", 2.0f}, {"beta", 0.5f}}), x) ==
        Values{1112, 1384});
}

TEST_CASE("Gemm may transpose its input back") {
  const Model net = model({value("x", {2, 3})},
                          {node("Transpose", {"x"}, {"t"}, {{"perm", Dims{1, 0}}}),
                           node("Gemm", {"t", "w"}, {"y"}, {{"transA", int64_t{1}}})},
                          {"y"}, {{"w", floats({3, 1}, {1, 10, 100})}});
  CHECK(run(net, {{1, 2, 3, 4, 5, 6}}) == Values{321, 654});
}

TEST_CASE("Gemm's C is one number, a row, or a tensor of the network") {
  const Constant weight = floats({1, 2}, {1, 2});
  CHECK(run(model_of("Gemm", {2, 1}, {weight, scalar(5)}), {{1, 10}}) == Values{6, 7, 15, 25});
  CHECK(run(model_of("Gemm", {2, 1}, {weight, floats({1, 2}, {5, 6})}), {{1, 10}}) == Values{6, 8, 15, 26});
  const Model sum = model({value("x", {1, 1}), value("c", {1, 2})},
                          {node("Gemm", {"x", "w", "c"}, {"y"}, {{"beta", 3.0f}})}, {"y"}, {{"w", weight}});
  CHECK(run(sum, {{10}, {1, 2}}) == Values{13, 26});
  CHECK(run(model_of("Gemm", {2, 1}, {weight, floats({2, 2}, {1, 2, 3, 4})}), {{1, 10}}) ==
        Values{2, 4, 13, 24});
}

TEST_CASE("a product with a matrix and the bias after it are one dense layer") {
  const Model net =
      model({value("x", {1, 2})}, {node("MatMul", {"x", "w"}, {"a"}), node("Add", {"bias", "a"}, {"y"})},
            {"y"}, {{"w", floats({2, 2}, {1, 2, 3, 4})}, {"bias", floats({2}, {5, 6})}});
  const Network network = translated(net);
  CHECK(operators_of(network) == "dense");
  CHECK(run(network, {{1, 10}})[0] == Values{36, 48});
}

TEST_CASE("a bias whose product is read elsewhere too is added on its own") {
  const Model net = model(
      {value("x", {1, 2})},
      {node("MatMul", {"x", "w"}, {"a"}), node("Add", {"a", "bias"}, {"y"}), node("Relu", {"a"}, {"z"})},
      {"y", "z"}, {{"w", floats({2, 2}, {1, 2, 3, 4})}, {"bias", floats({2}, {5, 6})}});
  CHECK(operators_of(translated(net)) == "dense batchnorm relu");
}

TEST_CASE("a product with a matrix over the channels of each pixel is a 1x1 convolution") {
  const Constant weight = floats({2, 3}, {1, 2, 3, 4, 5, 6});
  const Model last = model(
      {value("x", {1, 2, 1, 2})},
      {node("Transpose", {"x"}, {"nhwc"}, {{"perm", Dims{0, 2, 3, 1}}}), node("MatMul", {"nhwc", "w"}, {"a"}),
       node("Transpose", {"a"}, {"y"}, {{"perm", Dims{0, 3, 1, 2}}})},
      {"y"}, {{"w", weight}});
  CHECK(run(last, {{1, 2, 10, 20}}) == Values{41, 82, 52, 104, 63, 126});
  const Model first =
      model({value("x", {1, 3, 2})}, {node("MatMul", {"w", "x"}, {"y"})}, {"y"}, {{"w", weight}});
  CHECK(run(first, {{1, 2, 10, 20, 100, 200}}) == Values{321, 642, 654, 1308});
}

TEST_CASE("dense layers that do not suit their inputs say why") {
  CHECK(errors_of(model_of("Gemm", {1, 3}, {floats({2, 2}, {1, 2, 3, 4})})) ==
        "Gemm 'y': its weight takes 2 features, and its input has 3");
  CHECK(errors_of(model_of("Gemm", {1, 2}, {floats({2}, {1, 2})})) ==
        "Gemm 'y': its weight is 2, and no matrix");
  CHECK(errors_of(model({value("a", {1, 2, 4}), value("b", {1, 3, 2})}, {node("MatMul", {"a", "b"}, {"y"})},
                        {"y"})) ==
        "MatMul 'y': 'matmul' cannot multiply 2x4 and 3x2: the last size of the first is the last but one of "
        "the "
        "second");
}

TEST_CASE("a matrix beside what holds no channels moves it there") {
  Model m = model({value("x", {1, 2, 2, 3})}, {node("MatMul", {"x", "w"}, {"y"})}, {"y"},
                  {{"w", floats({3, 1}, {1, 10, 100})}});
  CHECK(run(m, {counting(12)}) == Values{321, 654, 987, 1320});
  m.inputs[0] = value("x", {1, 3, 2, 2});
  m.nodes.insert(m.nodes.begin(), node("Transpose", {"x"}, {"t"}, {{"perm", Dims{0, 2, 3, 1}}}));
  m.nodes[1].inputs[0] = "t";
  CHECK(run(m, {counting(12)}) == Values{951, 1062, 1173, 1284});
}

TEST_CASE("a vector without a batch times a matrix, or a matrix times it, is a dense layer") {
  const Constant wide = floats({3, 2}, {1, 2, 3, 4, 5, 6});
  const Network network = translated(model_of("MatMul", {3}, {wide}));
  CHECK(operators_of(network) == "dense");
  CHECK(run(network, {{1, 10, 100}}).at(0) == Values{531, 642});
  const auto before = [](Dims x) {
    return model({value("x", std::move(x))}, {node("MatMul", {"w", "x"}, {"y"})}, {"y"},
                 {{"w", floats({2, 3}, {1, 3, 5, 2, 4, 6})}});
  };
  CHECK(run(before({3}), {{1, 10, 100}}) == Values{531, 642});
  CHECK(run(before({3, 4}), {counting(12)}) == Values{61, 70, 79, 88, 76, 88, 100, 112});
}
