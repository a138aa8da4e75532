#include "onnx/fold/fold.h"

#include <doctest/doctest.h>

#include <cmath>

#include "model_fixture.h"
#include "onnx/translation/translation.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Attributes = std::map<std::string, onnx::Attribute>;

std::vector<Constant> folded(const std::string& op, const std::vector<Constant>& inputs,
                             Attributes attributes = {}, size_t outputs = 1, int64_t opset = 13) {
  onnx::Node n = node(op, std::vector<std::string>(inputs.size(), "in"),
                      std::vector<std::string>(outputs, "out"), std::move(attributes));
  std::vector<const Constant*> pointers;
  for (const Constant& input : inputs) pointers.push_back(input.dims == Dims{-1} ? nullptr : &input);
  int64_t left = 1000;
  return fold(n, pointers, opset, left).value();
}

std::string why(const std::string& op, const std::vector<Constant>& inputs, Attributes attributes = {}) {
  try {
    folded(op, inputs, std::move(attributes));
  } catch (const Unmapped& reason) {
    return reason.why;
  }
  return "";
}

const Constant kLeftOut = {"", {-1}, nullptr, nullptr};

bool is(const Constant& c, const Dims& dims, const std::vector<int64_t>& values) {
  return c.dims == dims && c.integers && *c.integers == values;
}

bool is(const Constant& c, const Dims& dims, const std::vector<float>& values) {
  return c.dims == dims && c.floats && *c.floats == values;
}

Constant boolean(std::vector<int64_t> values) {
  Constant c = integers(std::move(values));
  c.type = "bool";
  return c;
}

}  // namespace

TEST_CASE("a Constant has the value of whichever attribute it has") {
  CHECK(is(folded("Constant", {}, {{"value", integers({4, 5})}})[0], {2}, std::vector<int64_t>{4, 5}));
  CHECK(is(folded("Constant", {}, {{"value_int", int64_t{7}}})[0], {}, std::vector<int64_t>{7}));
  CHECK(is(folded("Constant", {}, {{"value_ints", std::vector<int64_t>{7, 8}}})[0], {2},
           std::vector<int64_t>{7, 8}));
  CHECK(is(folded("Constant", {}, {{"value_float", 0.5F}})[0], {}, std::vector<float>{0.5F}));
  CHECK(is(folded("Constant", {}, {{"value_floats", std::vector<float>{1, 2}}})[0], {2},
           std::vector<float>{1, 2}));
  CHECK(why("Constant", {}, {{"value_string", std::string("a")}}) == "its value is no tensor of numbers");
}

TEST_CASE("what does not change the data shares it") {
  const Constant weight = floats({2, 3}, counting(6));
  CHECK((folded("Identity", {weight})[0].floats == weight.floats));
  CHECK((folded("Reshape", {weight, integers({3, -1})})[0].floats == weight.floats));
  CHECK((folded("Cast", {weight}, {{"to", int64_t{10}}})[0].floats == weight.floats));
  CHECK((folded("Expand", {weight, integers({1, 1})})[0].floats == weight.floats));
  CHECK((folded("Slice", {weight, integers({0}), integers({9})})[0].floats == weight.floats));
}

TEST_CASE("the padding that PyTorch computes for a map is folded to its eight numbers") {
  const Constant pads = integers({1, 2, 3, 4});  // left, right, top, bottom
  const Constant zeros = folded("ConstantOfShape", {integers({4})}, {{"value", integers({0})}})[0];
  const Constant all = folded("Concat", {pads, zeros}, {{"axis", int64_t{0}}})[0];
  const Constant pairs = folded("Reshape", {all, integers({-1, 2})})[0];
  const Constant turned =
      folded("Slice", {pairs, integers({-1}), integers({INT64_MIN + 1}), integers({0}), integers({-1})})[0];
  const Constant rows = folded("Transpose", {turned}, {{"perm", std::vector<int64_t>{1, 0}}})[0];
  CHECK(is(folded("Reshape", {rows, integers({-1})})[0], {8}, std::vector<int64_t>{0, 0, 3, 1, 0, 0, 4, 2}));
}

TEST_CASE("arithmetic on shapes: gather, multiply, divide toward zero, concat") {
  const Constant shape = folded("Shape", {floats({2, 6, 1, 1}, counting(12))})[0];
  CHECK(is(shape, {4}, std::vector<int64_t>{2, 6, 1, 1}));
  const Constant channels = folded("Gather", {shape, integers({}, {1})}, {{"axis", int64_t{0}}})[0];
  CHECK(is(channels, {}, std::vector<int64_t>{6}));
  CHECK(is(folded("Div", {channels, integers({}, {-4})})[0], {}, std::vector<int64_t>{-1}));
  CHECK(is(folded("Mod", {channels, integers({}, {-4})})[0], {}, std::vector<int64_t>{-2}));
  CHECK(is(folded("Mod", {integers({}, {-7}), integers({}, {4})}, {{"fmod", int64_t{1}}})[0], {},
           std::vector<int64_t>{-3}));
  CHECK(is(folded("BitwiseAnd", {integers({}, {6}), integers({}, {3})})[0], {}, std::vector<int64_t>{2}));
  CHECK(
      is(folded("BitShift", {integers({}, {6}), integers({}, {3})}, {{"direction", std::string("LEFT")}})[0],
         {}, std::vector<int64_t>{48}));
  CHECK(is(
      folded("BitShift", {integers({}, {48}), integers({}, {3})}, {{"direction", std::string("RIGHT")}})[0],
      {}, std::vector<int64_t>{6}));
  CHECK(why("BitShift", {integers({}, {1}), integers({}, {70})}, {{"direction", std::string("LEFT")}}) ==
        "its whole numbers have no result of 64 bits");
  CHECK(is(folded("NonZero", {floats({2, 3}, {0, 1, 0, 2, 0, 3})})[0], {2, 3},
           std::vector<int64_t>{0, 1, 1, 1, 0, 2}));
  CHECK(is(folded("NonZero", {integers({3}, {0, 0, 0})})[0], {1, 0}, std::vector<int64_t>{}));
  CHECK(is(folded("Mul", {channels, integers({3, 5})})[0], {2}, std::vector<int64_t>{18, 30}));
  const Constant one = folded("Unsqueeze", {channels, integers({0})})[0];
  CHECK(is(folded("Concat", {one, integers({-1, 2})}, {{"axis", int64_t{0}}})[0], {3},
           std::vector<int64_t>{6, -1, 2}));
}

TEST_CASE("Shape has a start and an end") {
  const Constant x = floats({2, 3, 4}, counting(24));
  CHECK(is(folded("Shape", {x}, {{"start", int64_t{1}}}, 1, 15)[0], {2}, std::vector<int64_t>{3, 4}));
  CHECK(is(folded("Shape", {x}, {{"end", int64_t{-1}}}, 1, 15)[0], {2}, std::vector<int64_t>{2, 3}));
  CHECK(is(folded("Size", {x})[0], {}, std::vector<int64_t>{24}));
}

TEST_CASE("constants of different shapes are broadcast") {
  const Constant column = floats({2, 1}, {10, 20}), row = floats({3}, {1, 2, 3});
  CHECK(is(folded("Add", {column, row})[0], {2, 3}, std::vector<float>{11, 12, 13, 21, 22, 23}));
  CHECK(is(folded("Sub", {row, column})[0], {2, 3}, std::vector<float>{-9, -8, -7, -19, -18, -17}));
  CHECK(is(folded("Less", {column, floats({}, {15})})[0], {2, 1}, std::vector<int64_t>{1, 0}));
  CHECK(is(folded("Where", {boolean({1, 0, 1}), column, row})[0], {2, 3},
           std::vector<float>{10, 2, 10, 20, 2, 20}));
  CHECK(why("Add", {floats({2}, {1, 2}), row}) == "its inputs of 2 and 3 do not fit each other");
}

TEST_CASE("functions of single elements") {
  CHECK(is(folded("Sqrt", {floats({2}, {4, 9})})[0], {2}, std::vector<float>{2, 3}));
  CHECK(is(folded("Round", {floats({3}, {0.5F, 1.5F, -0.4F})})[0], {3}, std::vector<float>{0, 2, 0}));
  CHECK(is(folded("Neg", {integers({3, -4})})[0], {2}, std::vector<int64_t>{-3, 4}));
  CHECK(is(folded("Not", {boolean({1, 0})})[0], {2}, std::vector<int64_t>{0, 1}));
  CHECK(is(folded("Pow", {integers({3, -2}), integers({}, {3})})[0], {2}, std::vector<int64_t>{27, -8}));
  CHECK(is(folded("Pow", {floats({2}, {4, 9}), floats({}, {0.5F})})[0], {2}, std::vector<float>{2, 3}));
  CHECK(is(folded("Max", {integers({1, 9}), integers({5, 5}), integers({}, {6})})[0], {2},
           std::vector<int64_t>{6, 9}));
  CHECK(why("Sqrt", {integers({4})}) == "it is not defined for constants of type int64");
}

TEST_CASE("casts: toward zero, and none out of the type's range") {
  CHECK(is(folded("Cast", {floats({2}, {-1.9F, 3.7F})}, {{"to", int64_t{7}}})[0], {2},
           std::vector<int64_t>{-1, 3}));
  CHECK(is(folded("Cast", {integers({0, 5})}, {{"to", int64_t{1}}})[0], {2}, std::vector<float>{0, 5}));
  CHECK(is(folded("Cast", {integers({0, 5})}, {{"to", int64_t{9}}})[0], {2}, std::vector<int64_t>{0, 1}));
  CHECK(why("Cast", {integers({300})}, {{"to", int64_t{2}}}) == "its value 300 does not fit type uint8");
  CHECK(why("Cast", {floats({1}, {1e30F})}, {{"to", int64_t{7}}}) ==
        "its value 1e+30 does not fit type int64");
  CHECK(why("Cast", {integers({3})}, {{"to", int64_t{8}}}) ==
        "it casts to string, of which cnnc has no values");
  CHECK(why("Cast", {floats({1}, {3})}, {{"to", int64_t{17}}, {"saturate", int64_t{0}}}) ==
        "it casts to float8e4m3fn, of which cnnc has no values");
  CHECK(why("Cast", {integers({3})}, {{"to", int64_t{22}}}) ==
        "it casts to int4, of which cnnc has no values");
  CHECK(why("Cast", {integers({3})}, {{"to", int64_t{1} << 40}}) ==
        "it casts to type 1099511627776, of which cnnc has no values");
}

TEST_CASE("whole numbers that their type cannot hold are refused, not wrapped around") {
  const auto of_type = [](const char* type, int64_t value) {
    Constant c = integers({value});
    c.type = type;
    return c;
  };
  CHECK(why("Add", {of_type("uint8", 200), of_type("uint8", 100)}) ==
        "its value 300 does not fit type uint8");
  CHECK(why("Neg", {of_type("int32", INT32_MIN)}) == "its value 2.14748e+09 does not fit type int32");
  CHECK(why("ReduceProd", {of_type("int8", -128)}) == "");
}

TEST_CASE("a constant is mirrored by less than it has, and no more taken away than it has") {
  const auto padded = [](const char* mode, std::vector<int64_t> pads) {
    return why("Pad", {floats({3}, {1, 2, 3}), integers(std::move(pads))}, {{"mode", std::string(mode)}});
  };
  CHECK(padded("reflect", {2, 2}) == "");
  CHECK(padded("reflect", {3, 0}) == "its padding 3x0 has no meaning");
  CHECK(padded("constant", {-1, 0}) == "");
  CHECK(padded("constant", {INT64_MIN, INT64_MAX}) ==
        "its padding -9223372036854775808x9223372036854775807 has no meaning");
  CHECK(why("Pad", {floats({0}, {}), integers({1, 0})}, {{"mode", std::string("edge")}}) ==
        "its padding 1x0 has no meaning");
}

TEST_CASE("parts of constants: slices forward and backward, splits, rows gathered, padding, tiles") {
  const Constant x = floats({2, 3}, counting(6));
  CHECK(is(folded("Slice", {x, integers({-1}), integers({-4}), integers({1}), integers({-2})})[0], {2, 2},
           std::vector<float>{3, 1, 6, 4}));
  CHECK(is(folded("Slice", {x},
                  {{"starts", std::vector<int64_t>{1}},
                   {"ends", std::vector<int64_t>{INT64_MAX}},
                   {"axes", std::vector<int64_t>{-1}}},
                  1, 9)[0],
           {2, 2}, std::vector<float>{2, 3, 5, 6}));
  const auto parts = folded("Split", {x, integers({1, 2})}, {{"axis", int64_t{1}}}, 2);
  CHECK(is(parts[0], {2, 1}, std::vector<float>{1, 4}));
  CHECK(is(parts[1], {2, 2}, std::vector<float>{2, 3, 5, 6}));
  const auto halves = folded("Split", {x}, {{"axis", int64_t{1}}, {"num_outputs", int64_t{2}}}, 2);
  CHECK(is(halves[0], {2, 2}, std::vector<float>{1, 2, 4, 5}));
  CHECK(is(halves[1], {2, 1}, std::vector<float>{3, 6}));
  CHECK(is(folded("Pad", {x, integers({1, 0}), scalar(0), integers({1})})[0], {2, 4},
           std::vector<float>{0, 1, 2, 3, 0, 4, 5, 6}));
  CHECK(why("Pad", {x, integers({1, 0}), kLeftOut, integers({1})}, {{"mode", std::string("wrap")}}) ==
        "its mode 'wrap' is not known");
  CHECK(why("Pad", {x, integers({1, 0, 0}), kLeftOut, integers({1})}) ==
        "it has 3 numbers of padding for 1 axes");
  CHECK(is(folded("Gather", {x, integers({1, 2}, {2, -3})}, {{"axis", int64_t{1}}})[0], {2, 1, 2},
           std::vector<float>{3, 1, 6, 4}));
  CHECK(is(folded("Pad", {integers({1, 2}), integers({1, 1}), integers({}, {9})})[0], {4},
           std::vector<int64_t>{9, 1, 2, 9}));
  CHECK(is(folded("Pad", {floats({3}, {1, 2, 3}), integers({2, 1})}, {{"mode", std::string("reflect")}})[0],
           {6}, std::vector<float>{3, 2, 1, 2, 3, 2}));
  CHECK(is(folded("Tile", {x, integers({1, 2})})[0], {2, 6},
           std::vector<float>{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}));
  CHECK(is(folded("Range", {integers({}, {5}), integers({}, {0}), integers({}, {-2})})[0], {3},
           std::vector<int64_t>{5, 3, 1}));
}

TEST_CASE("triangles of matrices are computed") {
  const Constant x = floats({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  using Floats = std::vector<float>;
  CHECK(is(folded("Trilu", {x})[0], {1, 2, 3}, Floats{1, 2, 3, 0, 5, 6}));
  CHECK(is(folded("Trilu", {x, integers({}, {1})})[0], {1, 2, 3}, Floats{0, 2, 3, 0, 0, 6}));
  CHECK(is(folded("Trilu", {x, integers({}, {-1})}, {{"upper", int64_t{0}}})[0], {1, 2, 3},
           Floats{0, 0, 0, 4, 0, 0}));
}

TEST_CASE("reductions and products of matrices") {
  const Constant x = floats({2, 3}, counting(6));
  CHECK(is(folded("ReduceSum", {x, integers({0})}, {{"keepdims", int64_t{0}}})[0], {3},
           std::vector<float>{5, 7, 9}));
  CHECK(is(folded("ReduceMax", {x}, {{"axes", std::vector<int64_t>{-1}}})[0], {2, 1},
           std::vector<float>{3, 6}));
  CHECK(is(folded("ReduceProd", {integers({2, 3, 7})}, {{"keepdims", int64_t{0}}})[0], {},
           std::vector<int64_t>{42}));
  CHECK(is(folded("ReduceL2", {floats({2}, {3, 4})})[0], {1}, std::vector<float>{5}));
  for (const char* op : {"ReduceL2", "ReduceMax", "ReduceMean"}) {
    CHECK(folded(op, {x, integers({1})}, {{"keepdims", int64_t{0}}})[0].dims == Dims{2});
    CHECK(is(folded(op, {x, integers({})}, {{"noop_with_empty_axes", int64_t{1}}})[0], {2, 3}, *x.floats));
    CHECK(is(folded(op, {x}, {{"noop_with_empty_axes", int64_t{1}}})[0], {2, 3}, *x.floats));
  }
  CHECK(is(folded("ReduceL2", {floats({2}, {3, -4})}, {{"noop_with_empty_axes", int64_t{1}}})[0], {2},
           std::vector<float>{3, 4}));
  CHECK(is(folded("ReduceMin", {boolean({1, 0})})[0], {1}, std::vector<int64_t>{0}));
  CHECK(is(folded("MatMul", {x, floats({3, 1}, {1, 10, 100})})[0], {2, 1}, std::vector<float>{321, 654}));
}

TEST_CASE("matrices are multiplied in batches, as numpy does it") {
  const Constant rows = floats({2, 1, 2}, {1, 2, 3, 4}), columns = floats({3, 2, 1}, counting(6));
  CHECK(is(folded("MatMul", {rows, floats({2}, {1, 10})})[0], {2, 1}, std::vector<float>{21, 43}));
  CHECK(
      is(folded("MatMul", {floats({1, 2}, {1, 10}), columns})[0], {3, 1, 1}, std::vector<float>{21, 43, 65}));
  CHECK(is(folded("MatMul", {floats({2}, {1, 10}), floats({2}, {1, 2})})[0], {}, std::vector<float>{21}));
  CHECK(is(folded("MatMul", {floats({2, 1, 1, 2}, {1, 2, 3, 4}), columns})[0], {2, 3, 1, 1},
           std::vector<float>{5, 11, 17, 11, 25, 39}));
  CHECK(why("MatMul", {rows, floats({3}, {1, 2, 3})}) ==
        "constants of 2x1x2 and 3 are no matrices that fit each other");
}

TEST_CASE("a weight is standardised: what trains takes its own statistics") {
  const Constant x = floats({1, 2, 2}, {1, 3, 10, 30}), ones = floats({2}, {1, 1}),
                 zeros = floats({2}, {0, 0});
  const std::map<std::string, onnx::Attribute> exact = {{"epsilon", 0.0F}},
                                               trains = {{"epsilon", 0.0F}, {"training_mode", int64_t{1}}};
  CHECK(is(folded("BatchNormalization", {x, ones, zeros, zeros, ones}, trains, 3, 17)[0], {1, 2, 2},
           std::vector<float>{-1, 1, -1, 1}));
  CHECK(is(folded("BatchNormalization", {x, ones, zeros, zeros, ones}, exact, 3, 13)[0], {1, 2, 2},
           std::vector<float>{-1, 1, -1, 1}));
  CHECK(is(folded("BatchNormalization",
                  {x, floats({2}, {1, 2}), floats({2}, {5, 6}), floats({2}, {1, 10}), floats({2}, {4, 1})},
                  exact, 1, 17)[0],
           {1, 2, 2}, std::vector<float>{5, 6, 6, 46}));
  CHECK(why("BatchNormalization", {x, ones, zeros, zeros, floats({1}, {1})}) ==
        "its input 4 has 1 numbers for 2 channels");
}

TEST_CASE("sums from one place to the next, along an axis") {
  const Constant x = floats({2, 3}, counting(6));
  CHECK(is(folded("CumSum", {x, integers({}, {1})})[0], {2, 3}, std::vector<float>{1, 3, 6, 4, 9, 15}));
  CHECK(is(folded("CumSum", {x, integers({}, {0})})[0], {2, 3}, std::vector<float>{1, 2, 3, 5, 7, 9}));
  CHECK(is(folded("CumSum", {integers({1, 2, 3}), integers({-1})},
                  {{"reverse", int64_t{1}}, {"exclusive", int64_t{1}}})[0],
           {3}, std::vector<int64_t>{5, 3, 0}));
  CHECK(why("CumSum", {integers({INT64_MAX, 1}), integers({0})}) ==
        "its whole numbers have no result of 64 bits");
}

TEST_CASE("blocks are taken from places and put to others") {
  const Constant x = integers({2, 2}, {1, 2, 3, 4});
  CHECK(is(folded("GatherND", {x, integers({1, 2}, {-1, 0})})[0], {1}, std::vector<int64_t>{3}));
  CHECK(is(folded("GatherND", {floats({2, 2}, counting(4)), integers({2, 1}, {1, 0})})[0], {2, 2},
           std::vector<float>{3, 4, 1, 2}));
  CHECK(is(folded("ScatterND", {x, integers({1, 1}, {1}), integers({1, 2}, {8, 9})})[0], {2, 2},
           std::vector<int64_t>{1, 2, 8, 9}));
  CHECK(is(folded("ScatterND", {x, integers({1, 2}, {0, -1}), integers({7})})[0], {2, 2},
           std::vector<int64_t>{1, 7, 3, 4}));
  CHECK(why("ScatterND", {x, integers({1, 1}, {1}), integers({8, 9})}) == "its updates are 2, not 1x2");
  CHECK(why("ScatterND", {x, integers({1, 1}, {2}), integers({1, 2}, {8, 9})}) ==
        "its index 2 is outside of an axis of 2 elements");
  CHECK(why("ScatterND", {x, integers({1, 2}, {0, 0}), integers({7})}, {{"reduction", std::string("add")}}) ==
        "its reduction 'add' is not computed");
}

TEST_CASE("a unit matrix is of the type that is wanted, else of its input's") {
  const Constant x = integers({2, 3}, {5, 5, 5, 5, 5, 5});
  CHECK(is(folded("EyeLike", {x})[0], {2, 3}, std::vector<int64_t>{1, 0, 0, 0, 1, 0}));
  CHECK(is(folded("EyeLike", {x}, {{"k", int64_t{2}}, {"dtype", int64_t{1}}})[0], {2, 3},
           std::vector<float>{0, 0, 1, 0, 0, 0}));
  CHECK(is(folded("EyeLike", {x}, {{"k", int64_t{-1}}})[0], {2, 3}, std::vector<int64_t>{0, 0, 0, 1, 0, 0}));
  CHECK(why("EyeLike", {integers({1})}) == "its input is 1, no matrix");
}

TEST_CASE("limits of a Clip are inputs, or attributes of old opsets") {
  CHECK(is(folded("Clip", {integers({-5, 5, 50}), integers({}, {0}), integers({}, {10})})[0], {3},
           std::vector<int64_t>{0, 5, 10}));
  CHECK(is(folded("Clip", {floats({3}, {-5, 5, 50}), kLeftOut, scalar(10)})[0], {3},
           std::vector<float>{-5, 5, 10}));
  CHECK(is(folded("Clip", {floats({3}, {-5, 5, 50})}, {{"min", 0.0F}, {"max", 10.0F}})[0], {3},
           std::vector<float>{0, 5, 10}));
}

TEST_CASE("the greatest and the least of what is not a number beside others is not a number") {
  for (const char* op : {"ReduceMax", "ReduceMin"})
    for (const Constant& x : {floats({2}, {NAN, 1}), floats({2}, {1, NAN})})
      CHECK(std::isnan(folded(op, {x})[0].floats->at(0)));
}

TEST_CASE("Reshape keeps dimensions, and finds the one that is left") {
  const Constant x = floats({2, 3, 4}, counting(24));
  CHECK(folded("Reshape", {x, integers({0, -1})})[0].dims == Dims{2, 12});
  CHECK(folded("Flatten", {x}, {{"axis", int64_t{-1}}})[0].dims == Dims{6, 4});
  CHECK(folded("Squeeze", {floats({1, 2, 1}, {1, 2})})[0].dims == Dims{2});
  CHECK(folded("Unsqueeze", {floats({2}, {1, 2}), integers({0, -1})})[0].dims == Dims{1, 2, 1});
  CHECK(why("Reshape", {x, integers({5, -1})}) ==
        "2x3x4 cannot be reshaped to 5x-1: the number of elements is another");
  CHECK(why("Squeeze", {x, integers({1})}) == "it takes away axis 1, which has 3 elements");
}

TEST_CASE("what would be too large is not computed, nor what does not fit 64 bits") {
  CHECK(why("ConstantOfShape", {integers({1000, 1000, 1000})}) ==
        "it would compute 1000000000 constants, and 1000 are left of those that a model of its size may");
  CHECK(why("ConstantOfShape", {integers({INT64_MAX, 2})}) == "it would have 9223372036854775807x2 elements");
  CHECK(why("ConstantOfShape", {integers({-1})}) == "it would have -1 elements");
  CHECK(why("Tile", {integers({1}), integers({INT64_MAX})}).find("it would compute") == 0);
  CHECK(why("Range", {integers({}, {0}), integers({}, {5}), integers({}, {0})}) == "its range has no end");
  CHECK(why("Mul", {integers({INT64_MAX}), integers({2})}) == "its whole numbers have no result of 64 bits");
  CHECK(why("Div", {integers({1}), integers({0})}) == "its whole numbers have no result of 64 bits");
  CHECK(why("Div", {integers({INT64_MIN}), integers({-1})}) == "its whole numbers have no result of 64 bits");
  CHECK(why("Unsqueeze", {integers({1}), integers(std::vector<int64_t>(40, 0))}) ==
        "it makes a tensor of 41 dimensions; at most 32 are understood");
}

TEST_CASE("what a chain of nodes computes counts together") {
  int64_t left = 10;
  const Constant shape = integers({6});
  const onnx::Node n = node("ConstantOfShape", {"s"}, {"y"});
  CHECK(fold(n, {&shape}, 13, left).has_value());
  CHECK_THROWS_AS(fold(n, {&shape}, 13, left), Unmapped);
  CHECK(left == 4);
}

TEST_CASE("inputs that are missing or of no type are said") {
  CHECK(why("Reshape", {floats({1}, {1})}) == "it has no input 1");
  CHECK(why("Neg", {Constant{"string", {1}, nullptr, nullptr}}) == "its input 'in' is of type string");
  CHECK(why("Gather", {floats({2}, {1, 2}), integers({2})}) ==
        "its index 2 is outside of an axis of 2 elements");
  CHECK(why("Add", {floats({1}, {1}), integers({1})}) == "it is not defined for constants of type int64");
  CHECK(is(folded("Pad", {integers({1}), integers({0, 1}), kLeftOut})[0], {2}, std::vector<int64_t>{1, 0}));
}
