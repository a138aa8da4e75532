// Tensors of any rank, along any axes.
#include <doctest/doctest.h>

#include <cmath>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Sizes = std::vector<int64_t>;

Model two(const std::string& op, Dims a, Dims b, std::map<std::string, Attribute> attributes = {}) {
  return model({value("a", std::move(a)), value("b", std::move(b))},
               {node(op, {"a", "b"}, {"y"}, std::move(attributes))}, {"y"});
}

// x to y by Reshape and Transpose, to what is no map: 1 x 6 x 2 of 1 x 4 x 1 x 3.
std::vector<onnx::Node> head() {
  return {node("Reshape", {"x", "split"}, {"a"}),
          node("Transpose", {"a"}, {"b"}, {{"perm", Sizes{0, 1, 3, 4, 2}}}),
          node("Reshape", {"b", "joined"}, {"h"})};
}

Model on_head(onnx::Node last, std::map<std::string, Constant> constants = {}) {
  std::vector<onnx::Node> nodes = head();
  nodes.push_back(std::move(last));
  constants.emplace("split", integers({1, 2, 2, 1, 3}));
  constants.emplace("joined", integers({1, 6, 2}));
  return model({value("x", {1, 4, 1, 3})}, std::move(nodes), {"y"}, std::move(constants));
}

}  // namespace

TEST_CASE("a detector's head is given as the model has it: anchors, then values") {
  const Model m = on_head(node("Sigmoid", {"h"}, {"y"}));
  const Network network = translated(m);
  CHECK(operators_of(network) == "sigmoid reshape permute reshape");
  CHECK(network.graph.nodes[network.graph.outputs[0].node].shape == Shape{6, 2});
  const Values y = run(on_head(node("Identity", {"h"}, {"y"})), {counting(12)});
  CHECK(y == Values{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12});
}

TEST_CASE("constants with values along any axis stand beside such a head") {
  const std::vector<std::vector<float>> x = {counting(12)};
  const auto with = [&](const char* op, Constant c) {
    return on_head(node(op, {"h", "c"}, {"y"}), {{"c", c}});
  };
  const Model grid = with("Add", floats({1, 6, 2}, counting(12)));
  CHECK(operators(grid) == "reshape permute reshape add_constant");
  CHECK(run(grid, x) == Values{2, 6, 5, 9, 8, 12, 14, 18, 17, 21, 20, 24});
  CHECK(run(with("Mul", floats({6, 1}, counting(6))), x) ==
        Values{1, 4, 4, 10, 9, 18, 28, 40, 40, 55, 54, 72});
  CHECK(run(with("Sub", floats({2}, {1, 4})), x) == Values{0, 0, 1, 1, 2, 2, 6, 6, 7, 7, 8, 8});
  CHECK(run(with("Div", floats({2}, {1, 2})), x) == Values{1, 2, 2, 2.5, 3, 3, 7, 5, 8, 5.5, 9, 6});
  CHECK(run(with("Max", floats({2}, {5, 6})), x) == Values{5, 6, 5, 6, 5, 6, 7, 10, 8, 11, 9, 12});
  CHECK(run(with("Min", floats({2}, {2, 5})), x) == Values{1, 4, 2, 5, 2, 5, 2, 5, 2, 5, 2, 5});
}

TEST_CASE("numbers beside a tensor of another rank are an affine, several in a row one") {
  Model m = on_head(node("Softmax", {"h"}, {"p"}), {{"two", scalar(2)}, {"half", scalar(0.5f)}});
  m.nodes.push_back(node("Mul", {"p", "two"}, {"m"}));
  m.nodes.push_back(node("Sub", {"m", "half"}, {"y"}));
  CHECK(operators(m) == "reshape permute reshape softmax affine");
  CHECK(run(m, {std::vector<float>(12)})[0] == doctest::Approx(0.5));
}

TEST_CASE("a tensor is taken from a constant, whatever its axes") {
  const Model m = on_head(node("Sub", {"c", "h"}, {"y"}), {{"c", floats({2}, {10, 20})}});
  CHECK(run(m, {counting(12)}) == Values{9, 16, 8, 15, 7, 14, 3, 10, 2, 9, 1, 8});
}

TEST_CASE("a constant enlarges a tensor") {
  CHECK(run(model_of("Add", {1, 1, 2}, {floats({2, 1, 1}, {10, 20})}), {{1, 2}}) == Values{11, 12, 21, 22});
  CHECK(errors_of(model_of("Add", {-1, 1, 1, 2}, {floats({2, 1, 1, 1}, {10, 20})}), {2, {}}) ==
        "Add 'y': it works along axis 0, the batch; hint: cnnc computes each image of a batch alone");
}

TEST_CASE("arithmetic of two tensors repeats axes of 1, as numpy does") {
  const auto values = [](const char* op, Dims a, Dims b) {
    const auto count = [](const Dims& dims) { return static_cast<size_t>(elements(dims)); };
    return run(two(op, a, b), {counting(count(a)), counting(count(b), 2)});
  };
  CHECK(values("Add", {1, 1, 2, 2}, {1, 2, 1, 2}) == Values{3, 5, 5, 7, 5, 7, 7, 9});
  CHECK(values("Mul", {1, 2, 1, 2}, {1, 1, 2, 2}) == Values{2, 6, 4, 10, 6, 12, 12, 20});
  CHECK(values("Sub", {1, 2, 2, 1}, {1, 1, 1, 2}) == Values{-1, -2, 0, -1, 1, 0, 2, 1});
  CHECK(values("Div", {1, 2, 1, 2}, {1, 1, 1, 2}) == Values{0.5, 2 / 3.0, 1.5, 4 / 3.0});
  CHECK(values("Max", {1, 2, 1, 2}, {1, 1, 1, 2}) == Values{2, 3, 3, 4});
  CHECK(values("Min", {1, 2, 1, 2}, {1, 1, 1, 2}) == Values{1, 2, 2, 3});
  CHECK(operators(two("Sub", {1, 2, 2, 2}, {1, 2, 2, 2})) == "neg add");  // as ever, where they are alike
}

TEST_CASE("where the largest of them is seen as channels last, nothing is moved") {
  const Model m =
      model({value("x", {1, 2, 1, 3}), value("s", {1, 1, 1, 3})},
            {node("Transpose", {"x"}, {"a"}, {{"perm", Sizes{0, 2, 3, 1}}}),
             node("Transpose", {"s"}, {"b"}, {{"perm", Sizes{0, 2, 3, 1}}}), node("Div", {"a", "b"}, {"c"}),
             node("Transpose", {"c"}, {"y"}, {{"perm", Sizes{0, 3, 1, 2}}})},
            {"y"});
  CHECK(operators(m) == "divide");
  CHECK(run(m, {counting(6), {1, 2, 3}}) == Values{1, 1, 1, 4, 2.5, 2});
}

TEST_CASE("tensors are joined along any axis, with several images along none of these") {
  const auto joined = [](int64_t axis, Dims a, Dims b) { return two("Concat", a, b, {{"axis", axis}}); };
  CHECK(operators(joined(2, {1, 2, 1, 2}, {1, 2, 2, 2})) == "concat_along");
  CHECK(run(joined(2, {1, 2, 1, 2}, {1, 2, 2, 2}), {counting(4), counting(8, 5)}) ==
        Values{1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12});
  CHECK(run(joined(0, {1, 1, 2}, {1, 1, 2}), {{1, 2}, {3, 4}}) == Values{1, 2, 3, 4});
  CHECK(run(joined(2, {2, 1, 2}, {2, 1, 1}), {counting(4), {5, 6}}) == Values{1, 2, 5, 3, 4, 6});
}

TEST_CASE("constants in a Concat are padding, and where they have several values a sum") {
  const auto m = [](std::vector<std::string> inputs, Constant c) {
    return model({value("x", {1, 2, 1, 2})},
                 {node("Concat", std::move(inputs), {"y"}, {{"axis", int64_t{1}}})}, {"y"},
                 {{"c", std::move(c)}});
  };
  const Constant zeros = floats({1, 1, 1, 2}, {0, 0}), ramp = floats({1, 1, 1, 2}, {7, 8});
  CHECK(operators(m({"x", "c"}, zeros)) == "pad_along");
  CHECK(run(m({"x", "c"}, zeros), {counting(4)}) == Values{1, 2, 3, 4, 0, 0});
  CHECK(run(m({"c", "x", "c"}, ramp), {counting(4)}) == Values{7, 8, 1, 2, 3, 4, 7, 8});
  CHECK(run(m({"x", "c", "x"}, ramp), {counting(4)}) == Values{1, 2, 3, 4, 7, 8, 1, 2, 3, 4});
  CHECK(errors_of(m({"x", "c"}, floats({1, 1, 1, 1}, {0}))) ==
        "Concat 'y': a constant of 1x1x1x1 cannot stand beside a tensor of 1x2x1x2 along axis 1");
}

TEST_CASE("parts of any axis are cropped, backwards flipped") {
  const auto slice = [](Dims x, int64_t axis, int64_t begin, int64_t end, int64_t step) {
    return model_of("Slice", std::move(x),
                    {integers({begin}), integers({end}), integers({axis}), integers({step})});
  };
  const std::vector<float> x = counting(12);
  CHECK(run(slice({1, 2, 3, 2}, 3, -1, INT64_MIN, -1), {x}) == Values{2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11});
  CHECK(run(slice({1, 1, 4, 3}, 2, -1, INT64_MIN, -2), {x}) == Values{10, 11, 12, 4, 5, 6});
  CHECK(operators(slice({1, 1, 4, 3}, 2, -1, INT64_MIN, -2)) == "flip crop");
  const Model m = on_head(node("Slice", {"h", "from", "to", "axis"}, {"y"}),
                          {{"from", integers({1})}, {"to", integers({3})}, {"axis", integers({1})}});
  CHECK(operators(m) == "reshape permute reshape crop");
  CHECK(run(m, {x}) == Values{2, 5, 3, 6});
}

TEST_CASE("Split and Gather of axis 0, as ShuffleNet's authors write it, deal out the channels") {
  const auto shuffle = [](std::vector<onnx::Node> last, std::map<std::string, Constant> constants) {
    std::vector<onnx::Node> nodes = {node("Reshape", {"x", "pairs"}, {"a"}),
                                     node("Transpose", {"a"}, {"b"}, {{"perm", Sizes{1, 0, 2}}}),
                                     node("Reshape", {"b", "halves"}, {"c"})};
    nodes.insert(nodes.end(), last.begin(), last.end());
    constants.emplace("pairs", integers({2, 2, 3}));
    constants.emplace("halves", integers({2, -1, 2, 1, 3}));
    return model({value("x", {1, 4, 1, 3})}, std::move(nodes), {"y", "z"}, std::move(constants));
  };
  const Model gathered = shuffle({node("Gather", {"c", "zero"}, {"y"}), node("Gather", {"c", "one"}, {"z"})},
                                 {{"zero", integers({}, {0})}, {"one", integers({}, {1})}});
  CHECK(operators(gathered) == "channel_shuffle split split");
  CHECK(run(translated(gathered), {counting(12)})[1] == Values{4, 5, 6, 10, 11, 12});
  const Model split = shuffle({node("Split", {"c"}, {"p", "q"}), node("Squeeze", {"p", "axis"}, {"y"}),
                               node("Squeeze", {"q", "axis"}, {"z"})},
                              {{"axis", integers({0})}});
  CHECK(operators(split) == "channel_shuffle split split");
}

TEST_CASE("indices of two dimensions take the place of the axis; many places are a product") {
  const Model m = model_of("Gather", {1, 4, 1, 2}, {integers({2, 2}, {3, 0, 1, 2})}, {{"axis", int64_t{1}}});
  CHECK(run(m, {counting(8)}) == Values{7, 8, 1, 2, 3, 4, 5, 6});
  std::vector<int64_t> squares;
  for (int64_t i = 0; i < 140; ++i) squares.push_back(i * i);
  const Model many = model_of("Gather", {1, 2, 20000}, {integers(squares)}, {{"axis", int64_t{2}}});
  CHECK(operators(many).find("dense") != std::string::npos);
  const Values picked = run(many, {counting(40000, 0)});
  REQUIRE(picked.size() == 280);
  CHECK(picked[139] == 139 * 139);
  CHECK(picked[140 + 70] == 20000 + 70 * 70);
  CHECK(errors_of(model_of("Gather", {1, 2, 1000000}, {integers(squares)}, {{"axis", int64_t{2}}})) ==
        "Gather 'y': with the constants that it needs, 140000000 elements for this node, the network would "
        "be many "
        "times as large as its file");
}

TEST_CASE("GatherND takes blocks at places of several dimensions") {
  const Constant places = integers({2, 2}, {0, 1, 0, -1});
  const Model rows = model_of("GatherND", {1, 3, 2, 2}, {places});
  CHECK(run(rows, {counting(12)}) == Values{5, 6, 7, 8, 9, 10, 11, 12});
  const Model first = model_of("GatherND", {1, 3, 2}, {integers({1, 2, 3}, {0, 2, 1, 0, 0, 0})});
  CHECK(run(first, {counting(6)}) == Values{6, 1});
  CHECK(errors_of(model_of("GatherND", {1, 3, 2}, {integers({1, 1}, {0})}, {{"batch_dims", int64_t{1}}})) ==
        "GatherND 'y': it has indices of its own for each of a batch");
  CHECK(errors_of(model_of("GatherND", {1, 3}, {integers({1, 3}, {0, 0, 0})})) ==
        "GatherND 'y': its indices of 1x3 name no places of a tensor of 1x3");
}

TEST_CASE("an operator of a constant alone is computed, whichever it is") {
  const auto added = [](onnx::Node of_constant, std::map<std::string, Constant> constants) {
    of_constant.outputs = {"c"};
    return model({value("x", {1, 2, 2, 2})}, {of_constant, node("Add", {"x", "c"}, {"y"})}, {"y"}, constants);
  };
  const std::vector<std::vector<float>> zeros = {std::vector<float>(8)};
  const Model conv = added(node("Conv", {"p", "w"}, {}),
                           {{"p", floats({1, 1, 2, 2}, {1, 2, 3, 4})}, {"w", floats({2, 1, 1, 1}, {1, 10})}});
  CHECK(run(conv, zeros) == Values{1, 2, 3, 4, 10, 20, 30, 40});
  CHECK(operators(conv) == "add_constant");
  const Model softmax = added(node("Softmax", {"p"}, {}), {{"p", floats({2, 1, 2}, {0, 0, 0, 0})}});
  CHECK(run(softmax, zeros) == Values(8, 0.5));
  CHECK(errors_of(added(node("Conv", {"p", "w"}, {}), {{"p", floats({1, 1, 2, 2, 2, 1}, counting(8))},
                                                       {"w", floats({2, 1, 1, 1, 1, 1}, {1, 10})}}))
            .find("Conv 'c': its weight is 2x1x1x1x1x1 and its input 1x1x2x2x2x1") == 0);
  CHECK(errors_of(added(node("Softmax", {"p"}, {}), {{"p", floats({1, 1, 1, 1, 1, 1, 1, 2}, {1, 1})}})) ==
        "Softmax 'c': its input 'p' is a constant of 1x1x1x1x1x1x1x2");
  CHECK(errors_of(added(node("Softmax", {"p"}, {}), {{"p", floats({2, 0}, {})}})) ==
        "Softmax 'c': its input 'p' is a constant of 2x0");
}

TEST_CASE("softmax along any axis; before opset 13 along all from there on as one") {
  const auto first = [](Model m) { return run(m, {std::vector<float>(12)})[0]; };
  CHECK(first(model_of("Softmax", {1, 2, 2, 3}, {}, {{"axis", int64_t{3}}})) == doctest::Approx(1 / 3.0));
  CHECK(first(model_of("Softmax", {1, 2, 2, 3}, {}, {{"axis", int64_t{2}}})) == doctest::Approx(1 / 2.0));
  Model old = model_of("Softmax", {1, 2, 2, 3}, {}, {{"axis", int64_t{2}}});
  old.opset = 11;
  CHECK(first(old) == doctest::Approx(1 / 6.0));
  CHECK(operators(old) == "reshape softmax");
}

TEST_CASE("repeated in whole, and along any axis") {
  CHECK(run(model_of("Tile", {1, 2, 1, 2}, {integers({1, 1, 2, 2})}), {counting(4)}) ==
        Values{1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 3, 4});
  CHECK(operators(model_of("Tile", {1, 2, 1, 2}, {integers({1, 1, 2, 2})})) == "tile");
  CHECK(run(model_of("Expand", {1, 2, 1}, {integers({2, 2, 2})}), {{1, 2}}) ==
        Values{1, 1, 2, 2, 1, 1, 2, 2});
}

TEST_CASE("any axis is padded") {
  CHECK(run(model_of("Pad", {1, 2, 2}, {integers({0, 1, 0, 0, 1, 0}), scalar(9)}), {counting(4)}) ==
        Values{9, 9, 1, 2, 3, 4, 9, 9});
  CHECK(run(model_of("Pad", {1, 3, 1, 1, 1}, {integers({0, 1, 0, 0, 0, 0, 1, 0, 0, 0})},
                     {{"mode", std::string("reflect")}}),
            {{1, 2, 3}}) == Values{2, 1, 2, 3, 2});
  const auto wrapped = [](Dims x, Dims pads) {
    return model_of("Pad", std::move(x), {integers(std::move(pads))}, {{"mode", std::string("wrap")}});
  };
  CHECK(run(wrapped({1, 1, 1, 3}, {0, 0, 0, 1, 0, 0, 0, 2}), {{1, 2, 3}}) == Values{3, 1, 2, 3, 1, 2});
  CHECK(run(wrapped({1, 1, 3}, {0, 0, -1, 0, 0, 1}), {{1, 2, 3}}) == Values{2, 3, 2});
  CHECK(operators(model_of("Pad", {1, 3, 2, 2}, {integers({0, 1, 0, 0, 0, 2, 0, 0})})) == "pad_along");
}

TEST_CASE("reductions over any axes, which stay or do not") {
  const auto reduced = [](const char* op, Sizes axes, int64_t keeps = 1) {
    return model_of(op, {1, 2, 2, 2}, {}, {{"axes", std::move(axes)}, {"keepdims", keeps}});
  };
  const std::vector<std::vector<float>> x = {counting(8)};
  CHECK(run(reduced("ReduceMean", {1}), x) == Values{3, 4, 5, 6});
  CHECK(run(reduced("ReduceMax", {1, 3}), x) == Values{6, 8});
  CHECK(run(reduced("ReduceMin", {1}), x) == Values{1, 2, 3, 4});
  CHECK(run(reduced("ReduceProd", {3}, 0), x) == Values{2, 12, 30, 56});
  CHECK(run(reduced("ReduceL1", {-1}), x) == Values{3, 7, 11, 15});
  CHECK(run(reduced("ReduceMean", {}, 0), x) == Values{4.5});
  CHECK(run(model_of("ReduceSum", {1, 2, 2}, {integers({1})}), {counting(4)}) == Values{4, 6});
  CHECK(errors_of(model_of("ReduceSum", {-1, 2, 2, 2}, {integers({0})}), {2, {}}) ==
        "ReduceSum 'y': it works along axis 0, the batch; hint: cnnc computes each image of a batch alone");
}

TEST_CASE("products of two tensors, in batches, and with what is one row or column") {
  CHECK(run(two("MatMul", {1, 2, 2}, {1, 2, 1}), {{1, 2, 3, 4}, {10, 1}}) == Values{12, 34});
  CHECK(run(two("MatMul", {1, 2, 1, 2}, {1, 1, 2, 1}), {{1, 2, 3, 4}, {10, 1}}) == Values{12, 34});
  CHECK(run(two("MatMul", {2, 2, 2}, {2, 2, 1}), {counting(8), {1, 0, 0, 1}}) == Values{1, 3, 6, 8});
  CHECK(run(two("Gemm", {2, 2}, {2, 1}, {{"transA", int64_t{1}}, {"alpha", 2.0f}}), {{1, 2, 3, 4}, {10, 1}})
            .size() == 2);
  CHECK(errors_of(two("Gemm", {2, 3}, {2, 2}, {{"transA", int64_t{1}}})) == "");
}

// a times b by numpy's rule: vectors are a row and a column, of which nothing is left.
Values product_of(const Dims& a, const Dims& b) {
  Dims left = a, right = b;
  if (left.size() == 1) left.insert(left.begin(), 1);
  if (right.size() == 1) right.push_back(1);
  while (left.size() < right.size()) left.insert(left.begin(), 1);
  while (right.size() < left.size()) right.insert(right.begin(), 1);
  const size_t rank = left.size();
  const int64_t m = left[rank - 2], k = left[rank - 1], n = right[rank - 1];
  int64_t count = 1;
  for (size_t i = 0; i + 2 < rank; ++i) count *= std::max(left[i], right[i]);
  const auto matrix = [&](const Dims& dims, int64_t at) {  // number `at` of the result's, in the operand
    int64_t place = 0, step = 1;
    for (size_t i = rank - 2; i-- > 0;) {
      const int64_t here = std::max(left[i], right[i]);
      if (dims[i] > 1) place += at % here * step;
      step *= dims[i];
      at /= here;
    }
    return place;
  };
  Values result;
  for (int64_t i = 0; i < count; ++i)
    for (int64_t row = 0; row < m; ++row)
      for (int64_t column = 0; column < n; ++column) {
        double sum = 0;
        for (int64_t j = 0; j < k; ++j)
          sum += static_cast<double>(1 + (matrix(left, i) * m + row) * k + j) *
                 static_cast<double>(1 + (matrix(right, i) * k + j) * n + column);
        result.push_back(sum);
      }
  return result;
}

TEST_CASE("a product of matrices and vectors of any rank has numpy's values, whichever is constant") {
  const std::pair<Dims, Dims> pairs[] = {{{3}, {3}},
                                         {{3}, {3, 2}},
                                         {{2, 3}, {3}},
                                         {{1, 2, 3}, {3}},
                                         {{3}, {1, 3, 2}},
                                         {{4, 2, 3}, {3}},
                                         {{3}, {4, 3, 2}},
                                         {{2, 2, 2, 3}, {3}},
                                         {{3}, {2, 2, 3, 2}},
                                         {{2, 3}, {4, 3, 2}},
                                         {{4, 2, 3}, {3, 2}},
                                         {{4, 2, 3}, {4, 3, 2}},
                                         {{1, 3}, {1, 3, 2}},
                                         {{2, 3}, {3, 2}},
                                         {{1, 1, 2, 3}, {3, 1}},
                                         {{2, 1, 2, 3}, {3, 3, 2}},
                                         {{3, 2, 3}, {2, 1, 3, 2}},
                                         {{1}, {1}}};
  for (const auto& [a, b] : pairs) {
    const auto values = [](const Dims& dims) { return counting(static_cast<size_t>(elements(dims))); };
    const Values expected = product_of(a, b);
    CAPTURE(to_string(a));
    CAPTURE(to_string(b));
    const auto times = [&](std::vector<ValueInfo> inputs, std::map<std::string, Constant> constants) {
      return model(std::move(inputs), {node("MatMul", {"a", "b"}, {"y"})}, {"y"}, std::move(constants));
    };
    CHECK(run(times({value("a", a)}, {{"b", floats(b, values(b))}}), {values(a)}) == expected);
    CHECK(run(times({value("b", b)}, {{"a", floats(a, values(a))}}), {values(b)}) == expected);
    CHECK(run(times({value("a", a), value("b", b)}, {}), {values(a), values(b)}) == expected);
  }
  CHECK(errors_of(model_of("MatMul", {4, 2, 3}, {floats({4, 2, 2}, counting(16))})) ==
        "MatMul 'y': rows of 3 meet columns of 2");
}

TEST_CASE("a constant matrix is multiplied along any dimension: a dense layer of rows, with its bias") {
  Model m = on_head(node("MatMul", {"h", "w"}, {"p"}),
                    {{"w", floats({2, 2}, {1, 0, 10, 0})}, {"bias", floats({2}, {1, 2})}});
  m.nodes.push_back(node("Add", {"p", "bias"}, {"y"}));
  CHECK(operators(m) == "reshape permute reshape dense");
  CHECK(run(m, {counting(12)}) == Values{42, 2, 53, 2, 64, 2, 108, 2, 119, 2, 130, 2});
  const Model first = on_head(node("MatMul", {"w", "h"}, {"y"}), {{"w", floats({1, 6}, {1, 0, 0, 0, 0, 1})}});
  CHECK(run(first, {counting(12)}) == Values{10, 16});
}

TEST_CASE("sums of products by letters") {
  const auto of_two = [](const char* equation, Dims a, Dims b) {
    const auto count = [](const Dims& dims) { return static_cast<size_t>(elements(dims)); };
    const size_t from_a = count(a), from_b = count(b);
    return run(two("Einsum", std::move(a), std::move(b), {{"equation", std::string(equation)}}),
               {counting(from_a), counting(from_b)});
  };
  CHECK(of_two("bij,bjk->bik", {1, 2, 2}, {1, 2, 1}) == Values{5, 11});
  CHECK(of_two("bci,bdi->bcd", {1, 2, 2}, {1, 2, 2}) == Values{5, 11, 11, 25});
  CHECK(of_two("bij,bjk", {1, 2, 2}, {1, 2, 1}) == Values{5, 11});
  CHECK(of_two("bhqd,bhkd->bqhk", {1, 2, 1, 2}, {1, 2, 2, 2}) == Values{5, 11, 39, 53});
  CHECK(of_two("bij,bjk->bik", {2, 1, 2}, {2, 2, 1}) == Values{5, 25});
  CHECK(of_two("bi,bj->bji", {1, 2}, {1, 2}) == Values{1, 2, 2, 4});
  CHECK(of_two("bij,bk->bk", {1, 2, 2}, {1, 2}) == Values{10, 20});
  const auto with = [](const char* equation, Dims x, Constant c) {
    return model_of("Einsum", std::move(x), {std::move(c)}, {{"equation", std::string(equation)}});
  };
  CHECK(run(with("bchw,oc->bohw", {1, 2, 1, 2}, floats({1, 2}, {1, 10})), {counting(4)}) == Values{31, 42});
  CHECK(run(with("bij,ijo->bo", {1, 2, 2}, floats({2, 2, 1}, {1, 0, 0, 10})), {counting(4)}) == Values{41});
  CHECK(run(with("bc,cl->bc", {1, 2}, floats({2, 2}, {1, 2, 3, 4})), {{1, 10}}) == Values{3, 70});
  CHECK(run(with("bcl,c->bcl", {1, 2, 2}, floats({2}, {1, 10})), {counting(4)}) == Values{1, 2, 30, 40});
  CHECK(run(with("blc,cl->bcl", {1, 2, 2}, floats({2, 2}, {1, 2, 3, 4})), {counting(4)}) ==
        Values{1, 6, 6, 16});
  CHECK(run(model_of("Einsum", {1, 2, 2}, {}, {{"equation", std::string("bij->bj")}}), {counting(4)}) ==
        Values{4, 6});
  CHECK(errors_of(model_of("Einsum", {1, 2, 2}, {}, {{"equation", std::string("bii->bi")}})) ==
        "Einsum 'y': its equation is 'bii->bi'; letters are known, each once for an input");
  CHECK(errors_of(model_of("Einsum", {1, 2, 2}, {}, {{"equation", std::string("bij->bk")}})) ==
        "Einsum 'y': the letter 'k' of its result is of no input");
  CHECK(run(with("bci,cio->bco", {1, 2, 2}, floats({2, 2, 1}, {1, 2, 3, 4})), {counting(4)}) ==
        Values{5, 25});
  CHECK(run(with("bci,cio->boc", {1, 2, 2}, floats({2, 2, 2}, {1, 0, 0, 1, 1, 1, 2, 2})), {counting(4)}) ==
        Values{1, 11, 2, 11});
}

TEST_CASE("letters for dimensions that an equation leaves to dots, and more than two tensors") {
  const auto einsum = [](const char* equation, Dims a, Dims b, std::vector<Constant> further = {}) {
    Model m = two("Einsum", a, b, {{"equation", std::string(equation)}});
    for (size_t i = 0; i < further.size(); ++i) {
      m.constants.emplace("c" + std::to_string(i), further[i]);
      m.nodes[0].inputs.push_back("c" + std::to_string(i));
    }
    return m;
  };
  const auto of = [&](const Model& m) {
    std::vector<std::vector<float>> inputs;
    for (const ValueInfo& input : m.inputs) {
      size_t count = 1;
      for (const Dimension& d : *input.dims) count *= static_cast<size_t>(*d.size);
      inputs.push_back(counting(count));
    }
    return run(m, inputs);
  };
  CHECK(of(einsum("...ij,...jk->...ik", {1, 2, 1, 2}, {1, 2, 2, 1})) == Values{5, 25});
  CHECK(of(einsum("...ij,...jk", {1, 2, 1, 2}, {1, 1, 2, 1})) == Values{5, 11});
  CHECK(of(einsum("...i,bi->b...", {1, 2, 2}, {1, 2})) == Values{5, 11});
  CHECK(run(model_of("Einsum", {1, 2, 1, 2}, {floats({2, 1}, {1, 10})},
                     {{"equation", std::string("...j,jk->...k")}}),
            {counting(4)}) == Values{21, 43});
  CHECK(of(einsum("bi,bj,i->bj", {1, 2}, {1, 2}, {floats({2}, {1, 10})})) == Values{21, 42});
  CHECK(errors_of(einsum("bij...,b->b", {1, 2}, {1})).find("Einsum 'y': its '...' stands for") == 0);
}

TEST_CASE("a prelu with other slopes than one a channel") {
  CHECK(run(model_of("PRelu", {1, 1, 1, 2}, {floats({2}, {0.5f, 2})}), {{-2, -2}}) == Values{-1, -4});
  CHECK(run(two("PRelu", {1, 2}, {1, 2}), {{-2, 3}, {5, 7}}) == Values{-10, 3});
}

TEST_CASE("operators that converters of WinML and CoreML wrote before ONNX had a version") {
  CHECK(run(model_of("Affine", {1, 2}, {}, {{"alpha", 2.0f}, {"beta", 1.0f}}), {{1, 2}}) == Values{3, 5});
  CHECK(run(model_of("ImageScaler", {1, 2, 1, 1}, {}, {{"scale", 2.0f}, {"bias", std::vector<float>{1, 10}}}),
            {{1, 2}}) == Values{3, 14});
  CHECK(run(model_of("Crop", {1, 1, 3, 4}, {}, {{"border", Sizes{1, 0, 2, 1}}}), {counting(12)}) ==
        Values{2, 6});
  CHECK(run(model_of("Crop", {1, 1, 3, 4}, {}, {{"border", Sizes{1, 0, 0, 0}}, {"scale", Sizes{2, 1}}}),
            {counting(12)}) == Values{2, 6});
  CHECK(errors_of(model_of("Crop", {1, 1, 3, 4}, {}, {{"border", Sizes{3, 0, 2, 0}}})) ==
        "Crop 'y': it takes places 3 to 1 of axis 3, which has 4");
}

TEST_CASE(
    "halves and doubles are given as floats, whole numbers where the model makes floats of them; a note says "
    "so") {
  Model m = model({value("x", {1, 2}), value("n", {1, 2})},
                  {node("Unsqueeze", {"n", "axis"}, {"a"}), node("Squeeze", {"a", "axis"}, {"b"}),
                   node("Cast", {"b"}, {"c"}, {{"to", int64_t{1}}}), node("Add", {"x", "c"}, {"y"})},
                  {"y"}, {{"axis", integers({0})}});
  m.inputs[0].type = "float16";
  m.inputs[1].type = "uint8";
  m.outputs[0].type = "double";
  CHECK(translated(m).notes ==
        std::vector<std::string>{"input 'x' is of type float16 in the model, and of floats in the network",
                                 "input 'n' is of type uint8 in the model, and of floats in the network",
                                 "output 'y' is of type double in the model, and of floats in the network"});
  m.nodes[2].attributes["to"] = int64_t{7};
  CHECK(errors_of(m) ==
        "input 'n' is of type uint8; hint: cnnc computes with floats: declare it as float in the model, and "
        "give it "
        "floats; where a Cast to float reads it, it is taken so");
}

TEST_CASE("seven parts of axes are moved as six where two stay side by side, and else refused") {
  const auto moved = [](Sizes order) {
    return model({value("x", {1, 4, 4, 8})},
                 {node("Reshape", {"x", "parts"}, {"a"}),
                  node("Transpose", {"a"}, {"b"}, {{"perm", std::move(order)}}),
                  node("Reshape", {"b", "flat"}, {"c"}), node("Sigmoid", {"x"}, {"s"}),
                  node("Reshape", {"s", "flat"}, {"d"}), node("Sub", {"c", "d"}, {"y"})},
                 {"y"}, {{"parts", integers({1, 2, 2, 2, 2, 2, 2, 2})}, {"flat", integers({1, 16, 8})}});
  };
  const Network network = translated(moved({0, 7, 6, 5, 4, 2, 3, 1}));
  CHECK(operators_of(network) == "sigmoid reshape permute reshape reshape subtract");
  CHECK(cnnc::sizes(network.graph.nodes[2].attributes, "shape") == Sizes{2, 4, 2, 2, 2, 2});
  CHECK(cnnc::sizes(network.graph.nodes[3].attributes, "order") == Sizes{5, 4, 3, 2, 1, 0});
  CHECK(errors_of(moved({0, 7, 6, 5, 4, 3, 2, 1})) ==
        "Sub 'y': 7 parts of the axes of 'x' change places; tensors have at most 6 axes; hint: transpose in "
        "two "
        "steps, with something computed between them; to compile what stands in front of it, add --output d");
}

TEST_CASE("batch normalisation of tensors of any rank, and matrices in front of which both have other axes") {
  CHECK(
      close(run(model_of("BatchNormalization", {1, 2, 1, 2, 1},
                         {floats({2}, {1, 2}), floats({2}, {0, 1}), floats({2}, {1, 3}), floats({2}, {1, 4})},
                         {{"epsilon", 1e-20f}}),
                {{1, 2, 3, 5}}),
            {0, 1, 1, 3}));
  CHECK(run(two("MatMul", {1, 2, 1, 1, 1}, {1, 1, 2, 1, 1}), {{1, 2}, {3, 5}}) == Values{3, 5, 6, 10});
}

TEST_CASE(
    "a power of whole and half numbers is a product and a root, another e to a multiple of the logarithm") {
  const auto power = [](float p, std::vector<float> x) {
    return run(model_of("Pow", {1, 2}, {scalar(p)}), {x});
  };
  CHECK(power(3, {2, -2}) == Values{8, -8});
  CHECK(power(5, {2, -1}) == Values{32, -1});
  CHECK(power(0.5f, {4, 9}) == Values{2, 3});
  CHECK(power(1.5f, {4, 9}) == Values{8, 27});
  CHECK(power(-1, {4, -8}) == Values{0.25, -0.125});
  CHECK(power(-2, {4, -8}) == Values{0.0625, 0.015625});
  CHECK(close(power(2.2f, {4, 9}), {std::pow(4, 2.2), std::pow(9, 2.2)}));
  const Model base = model({value("x", {1, 2})}, {node("Pow", {"c", "x"}, {"y"})}, {"y"}, {{"c", scalar(2)}});
  CHECK(close(run(base, {{3, -1}}), {8, 0.5}));
  const Network several = translated(model_of("Pow", {1, 2}, {floats({2}, {2, 0.5f})}));
  CHECK(close(run(several, {{3, 4}})[0], {9, 2}));
  CHECK(several.notes ==
        std::vector<std::string>{"Pow 'y' has several exponents: where what it takes the powers of is "
                                 "less than 0, the network has no value for it"});
  CHECK(close(run(two("Pow", {1, 2}, {1, 2}), {{2, 4}, {3, 0.5f}}), {8, 2}));
  CHECK(errors_of(model_of("Pow", {1, 2}, {scalar(17)})) ==
        "Pow 'y': its exponent is 17; whole numbers up to 16 are possible");
  CHECK(errors_of(model_of("Pow", {1, 2}, {scalar(0)})) ==
        "Pow 'y': its exponent is 0: the result is a constant");
}

TEST_CASE(
    "places of the greatest element are those of any axis, the last of several too; as an output whole") {
  const auto of = [](const std::string& op, std::map<std::string, Attribute> attributes, std::vector<float> x,
                     const std::string& type = "int64") {
    Model m = model_of(op, {1, 2, 3}, {}, std::move(attributes));
    m.outputs[0].type = type;
    return std::pair(operators(m), run(m, {std::move(x)}));
  };
  const std::vector<float> x = {3, 7, 7, 9, 1, 9};
  CHECK(of("ArgMax", {{"axis", int64_t{2}}}, x).first == "reshape argmax int32");
  CHECK(of("ArgMax", {{"axis", int64_t{2}}}, x).second == Values{1, 0});
  CHECK(of("ArgMin", {{"axis", int64_t{-1}}, {"keepdims", int64_t{0}}}, x).second == Values{0, 1});
  CHECK(of("ArgMax", {{"axis", int64_t{1}}}, x, "").first == "reshape argmax int32");
  CHECK(of("ArgMax", {{"axis", int64_t{1}}}, x, "").second == Values{1, 0, 1});
  CHECK(of("ArgMax", {{"axis", int64_t{2}}, {"select_last_index", int64_t{1}}}, x).second == Values{2, 2});
  Model m = model_of("ArgMax", {1, 2, 3}, {}, {{"axis", int64_t{2}}});
  m.outputs[0].type = "int64";
  CHECK(translated(m).notes ==
        std::vector<std::string>{"output 'y' is of type int64 in the model, and of int32 in the network"});
  m.outputs[0].type = "int32";
  CHECK(translated(m).notes.empty());
  Model mask = model({value("x", {1, 2, 3})},
                     {node("ArgMax", {"x"}, {"a"}, {{"axis", int64_t{1}}}),
                      node("Cast", {"a"}, {"f"}, {{"to", int64_t{1}}}), node("Mul", {"x", "f"}, {"y"})},
                     {"y"});
  CHECK(run(mask, {x}) == Values{3, 0, 7, 9, 0, 9});
  CHECK(errors_of(model_of("ArgMax", {-1, 2, 3}), {2, {}}) ==
        "ArgMax 'y': it works along axis 0, the batch; hint: cnnc computes each image of a batch alone");
}

TEST_CASE("numbers are made whole without their fractions") {
  Model m = model_of("Cast", {1, 4}, {}, {{"to", int64_t{7}}});
  m.outputs[0].type = "int64";
  CHECK(run(m, {{-1.5F, 1.5F, 0, -7}}) == Values{-1, 1, 0, -7});
}

// Whether NaN stands beside NaN, and all else beside its equal.
bool same(const Values& a, const Values& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) return false;
  return true;
}

TEST_CASE(
    "constants may hold infinities, as masks do, in whatever a network adds, chooses, pads or compares") {
  constexpr float inf = INFINITY;
  const Constant mask = floats({1, 3}, {0, -inf, inf}), condition = integers({3}, {1, 0, 1});
  const auto of = [](const std::string& op, std::vector<Constant> further,
                     std::map<std::string, Attribute> a = {}) {
    return run(model_of(op, {1, 2, 3}, std::move(further), std::move(a)), {{1, 2, 3, 4, 5, 6}});
  };
  CHECK(of("Add", {mask}) == Values{1, -inf, inf, 4, -inf, inf});
  CHECK(of("Add", {scalar(-inf)}) == Values(6, -inf));
  CHECK(of("Add", {floats({2, 1}, {0, -inf})}) == Values{1, 2, 3, -inf, -inf, -inf});
  CHECK(of("Sum", {floats({2, 1}, {0, -inf})}) == Values{1, 2, 3, -inf, -inf, -inf});
  CHECK(of("Sub", {mask}) == Values{1, inf, -inf, 4, inf, -inf});
  CHECK(same(of("Mul", {mask}), {0, -inf, inf, 0, -inf, inf}));
  CHECK(of("Div", {floats({1, 3}, {1, -inf, inf})}) == Values{1, 0, 0, 4, 0, 0});
  CHECK(of("Min", {mask}) == Values{0, -inf, 3, 0, -inf, 6});
  CHECK(of("Max", {mask}) == Values{1, 2, inf, 4, 5, inf});
  CHECK(of("Less", {mask}) == Values{0, 0, 1, 0, 0, 1});
  CHECK(of("Pad", {integers({0, 0, 1, 0, 1, 0}), scalar(-inf)}) ==
        Values{-inf, 1, 2, 3, -inf, 4, 5, 6, -inf, -inf, -inf, -inf});
  const auto chosen = [&](std::vector<std::string> inputs, float otherwise) {
    return run(model({value("x", {1, 2, 3})}, {node("Where", std::move(inputs), {"y"})}, {"y"},
                     {{"c", condition}, {"k", scalar(otherwise)}}),
               {{1, 2, 3, 4, 5, 6}});
  };
  CHECK(chosen({"c", "x", "k"}, -inf) == Values{1, -inf, 3, 4, -inf, 6});
  CHECK(chosen({"c", "k", "x"}, inf) == Values{inf, 2, inf, inf, 5, inf});
  const Model positive = model({value("x", {1, 3})},
                               {node("Greater", {"x", "zero"}, {"c"}), node("Where", {"c", "x", "k"}, {"y"})},
                               {"y"}, {{"zero", scalar(0)}, {"k", scalar(-inf)}});
  CHECK(run(positive, {{1, -2, 3}}) == Values{1, -inf, 3});
}

TEST_CASE("a constant that is not a number is refused, with what to do") {
  const std::string hint =
      "; hint: what it meets is no number either: correct the constant, or take a checkpoint from before";
  CHECK(errors_of(model_of("Add", {1, 2, 3}, {floats({3}, {0, NAN, -INFINITY})})) ==
        "Add 'y': its constant 'c0' holds nan" + hint);
  CHECK(errors_of(model_of("Pad", {1, 2, 3}, {integers({0, 0, 1, 0, 0, 1}), scalar(NAN)})) ==
        "Pad 'y': a constant of it is not a number" + hint);
}

TEST_CASE("a constant is divided by a tensor") {
  const Model m =
      model({value("x", {1, 2})}, {node("Div", {"c", "x"}, {"y"})}, {"y"}, {{"c", floats({2}, {10, 20})}});
  CHECK(run(m, {{2, 8}}) == Values{5, 2.5});
}

TEST_CASE("norms of vectors, and sums of exponentials that would be too large") {
  const auto reduced = [](const char* op, std::vector<float> x) {
    return run(model_of(op, {1, 2}, {}, {{"axes", Sizes{1}}}), {x});
  };
  CHECK(reduced("ReduceL2", {3, -4}) == Values{5});
  CHECK(reduced("ReduceSumSquare", {3, -4}) == Values{25});
  CHECK(close(reduced("ReduceLogSum", {3, 4}), {std::log(7)}));
  CHECK(close(reduced("ReduceLogSumExp", {1000, 1000}), {1000 + std::log(2)}));
  CHECK(run(model_of("LpNormalization", {1, 2}, {}, {{"p", int64_t{1}}}), {{1, -4}}) == Values{0.2, -0.8});
  CHECK(run(model_of("LpNormalization", {1, 2}), {{3, -4}}) == Values{0.6, -0.8});
}

TEST_CASE("elements at the places of a grid, constant or not; other modes are refused") {
  const auto of_constant = [](Dims x, Dims grid, std::vector<float> places,
                              std::map<std::string, Attribute> attributes = {}) {
    return model_of("GridSample", std::move(x), {floats(std::move(grid), std::move(places))},
                    std::move(attributes));
  };
  const Model m = of_constant({1, 1, 1, 2}, {1, 1, 1, 2}, {0, 0});
  CHECK(operators_of(translated(m)) == "grid_sample_constant");
  CHECK(run(m, {{3, 5}}) == Values{4});
  CHECK(run(of_constant({1, 1, 1, 2}, {1, 1, 1, 2}, {0.9f, 0}, {{"mode", std::string("nearest")}}),
            {{3, 5}}) == Values{5});
  CHECK(run(two("GridSample", {1, 1, 1, 2}, {1, 1, 1, 2}), {{3, 5}, {0, 0}}) == Values{4});
  CHECK(errors_of(of_constant({1, 1, 1, 2}, {1, 1, 1, 2}, {0, 0}, {{"mode", std::string("bicubic")}})) ==
        "GridSample 'y': its mode is 'bicubic'; cnnc has 'linear' ('bilinear' before opset 20) and "
        "'nearest'; hint: "
        "export it with one of these");
  CHECK(errors_of(of_constant({1, 1, 1, 2}, {1, 1, 1, 2}, {0, 0}, {{"padding_mode", std::string("wrap")}})) ==
        "GridSample 'y': its padding_mode is 'wrap'; 'zeros', 'border' and 'reflection' are possible");
  CHECK(errors_of(of_constant({2, 1, 1, 2}, {2, 1, 1, 2}, {0, 0, 0, 0})) ==
        "GridSample 'y': its constant grid of 2x1x1x2 has places for each of 2 images; hint: cnnc computes "
        "each "
        "image "
        "of a batch alone, with the same constants");
  CHECK(errors_of(of_constant({1, 1, 1, 2}, {1, 1, 2}, {0, 0})) ==
        "GridSample 'y': its grid has the dimensions 1x1x2; 4 are expected");
}
