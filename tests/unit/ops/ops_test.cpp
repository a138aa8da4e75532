// The shape rules: shapes, errors, parameters, costs and formulas.
#include <doctest/doctest.h>

#include <limits>

#include "ops/window/window.h"
#include "support/limits.h"
#include "unit/ops/ops_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

Attributes conv(int64_t channels, Sizes filter, Attributes more = {}) {
  more.insert({{"channels", channels}, {"filter", std::move(filter)}});
  return more;
}

Attributes pool(Sizes filter, Attributes more = {}) {
  more.insert({"filter", std::move(filter)});
  return more;
}

std::string same = "same";

}  // namespace

TEST_CASE("the registry finds every operator by its name, in the order of the alphabet") {
  CHECK(find_operator("convolution") == nullptr);
  for (size_t i = 0; i < operators().size(); ++i) {
    CHECK(find_operator(operators()[i]->name) == operators()[i]);
    if (i > 0) CHECK(operators()[i - 1]->name < operators()[i]->name);
  }
  Node node;
  node.op = "nothing";
  CHECK_THROWS_AS(operator_of(node), std::logic_error);
}

TEST_CASE("the shape of a conv follows from filter, stride, padding and dilation") {
  CHECK(inferred("conv", conv(6, {5, 5}), {{1, 28, 28}}) == "6x24x24");
  CHECK(inferred("conv", conv(6, {5, 5}, {{"pad", Sizes{2, 2, 2, 2}}}), {{1, 28, 28}}) == "6x28x28");
  CHECK(inferred("conv", conv(64, {7, 7}, {{"stride", Sizes{2, 2}}, {"pad", Sizes{3, 3, 3, 3}}}),
                 {{3, 224, 224}}) == "64x112x112");
  CHECK(inferred("conv", conv(8, {3, 1}, {{"dilation", Sizes{2, 5}}}), {{4, 9, 7}}) == "8x5x7");
  CHECK(inferred("conv", conv(8, {3, 3}, {{"pad", Sizes{0, 1, 2, 0}}}), {{4, 9, 7}}) == "8x8x7");
  CHECK(inferred("conv", conv(8, {3, 3}, {{"groups", int64_t{4}}}), {{4, 9, 7}}) == "8x7x5");
}

TEST_CASE("with pad same the output is the input over the stride, rounded up") {
  for (int64_t size : {1, 2, 5, 6, 7, 224})
    for (int64_t filter : {1, 2, 3, 5, 8})
      for (int64_t stride : {1, 2, 3, 7}) {
        const Attributes a = conv(1, {filter, filter}, {{"stride", Sizes{stride, stride}}, {"pad", same}});
        const int64_t expected = (size + stride - 1) / stride;
        CHECK(inferred("conv", a, {{1, size, size}}) == to_string(Shape{1, expected, expected}));
      }
  const Operator& op = *find_operator("conv");
  const auto a = with_defaults(op, conv(1, {3, 4}, {{"stride", Sizes{2, 1}}, {"pad", same}}));
  const Window window = window_of(a, {1, 6, 6});
  CHECK(window.height.pad_before == 0);  // one element of padding: it goes after
  CHECK(window.height.pad_after == 1);
  CHECK(window.width.pad_before == 1);  // three
  CHECK(window.width.pad_after == 2);
}

TEST_CASE("a filter larger than the padded input is an error with the numbers") {
  CHECK(inferred("conv", conv(6, {5, 5}), {{1, 3, 8}}) ==
        "filter: a filter of 5x5 needs at least 5 rows; the input has 3 and padding adds 0; "
        "make the filter smaller or add 1 to the padding on each side");
  CHECK(inferred("conv", conv(6, {1, 3}, {{"dilation", Sizes{1, 4}}, {"pad", Sizes{0, 0, 1, 2}}}),
                 {{1, 3, 4}}) ==
        "filter: a filter of 1x3 with dilation 1x4 needs at least 9 columns; the input has 4 and padding "
        "adds 3; "
        "make the filter smaller or add 1 to the padding on each side");
  CHECK(inferred("maxpool", pool({3, 3}), {{1, 2, 2}}) ==
        "filter: a filter of 3x3 needs at least 3 rows; the input has 2 and padding adds 0; "
        "make the filter smaller or add 1 to the padding on each side");
}

TEST_CASE("groups must divide the channels on both sides") {
  CHECK(inferred("conv", conv(8, {1, 1}, {{"groups", int64_t{4}}}), {{6, 3, 3}}) ==
        "groups: 'groups' must divide the input's channels; 6 channels in 4 groups leave 2 over; "
        "the input has 6 channels, the result 8; the greatest number that divides both is 2");
  CHECK(inferred("conv", conv(10, {1, 1}, {{"groups", int64_t{4}}}), {{8, 3, 3}}) ==
        "groups: 'groups' must divide the number of channels; 10 channels in 4 groups leave 2 over; "
        "the input has 8 channels, the result 10; the greatest number that divides both is 2");
}

TEST_CASE("maps and vectors are told apart") {
  CHECK(inferred("conv", conv(8, {1, 1}), {{120}}) ==
        ": 'conv' wants a map, channels x height x width; its input is a vector of 120; "
        "put it before 'flatten' and 'dense', where there is a height and a width");
  CHECK(inferred("global_avgpool", {}, {{120}}) ==
        ": 'global_avgpool' wants a map, channels x height x width; its input is a vector of 120; "
        "put it before 'flatten' and 'dense', where there is a height and a width");
  CHECK(inferred("dense", {{"features", int64_t{10}}}, {{16, 5, 5}}) ==
        ": 'dense' wants a vector; its input is a map of 16x5x5; write 'flatten' before it");
  CHECK(inferred("flatten", {}, {{400}}) ==
        ": 'flatten' wants a map, or another tensor of several sizes; its input is a vector of 400; "
        "leave it out: a vector is flat already");
}

TEST_CASE("a pool's stride is its filter by default") {
  CHECK(inferred("maxpool", pool({2, 3}), {{4, 9, 9}}) == "4x4x3");
  CHECK(inferred("avgpool", pool({3, 3}, {{"stride", Sizes{2, 2}}, {"pad", Sizes{1, 1, 1, 1}}}),
                 {{4, 112, 112}}) == "4x56x56");
  CHECK(inferred("maxpool", pool({3, 3}, {{"stride", Sizes{1, 1}}, {"pad", same}}), {{4, 9, 9}}) == "4x9x9");
  CHECK(inferred("global_maxpool", {}, {{512, 7, 5}}) == "512x1x1");
}

TEST_CASE("each window of a pool holds an element of its input") {
  CHECK(inferred("maxpool", pool({2, 2}, {{"pad", Sizes{2, 2, 0, 0}}}), {{4, 9, 9}}) ==
        "pad: a window would lie on padding alone: 2 rows of padding, and a window spans 2; "
        "pad by less than the filter's size");
  CHECK(inferred("avgpool", pool({2, 2}, {{"dilation", Sizes{1, 3}}, {"pad", Sizes{0, 0, 1, 1}}}),
                 {{4, 9, 2}}) ==
        "dilation: a window could step over the input: its taps are 3 columns apart; the input has 2; "
        "use a smaller dilation, or no padding");
  CHECK(inferred("maxpool", pool({2, 2}, {{"pad", Sizes{1, 1, 1, 1}}}), {{4, 9, 9}}) == "4x5x5");
}

TEST_CASE("what accepts windows on padding alone is never a pool") {
  for (int64_t size = 1; size <= 4; ++size)
    for (int64_t filter = 1; filter <= 3; ++filter)
      for (int64_t dilation = 1; dilation <= 4; ++dilation)
        for (int64_t stride = 1; stride <= 3; ++stride)
          for (int64_t before = 0; before <= 3; ++before)
            for (int64_t after = 0; after <= 3; ++after) {
              const auto a = with_defaults(*find_operator("maxpool"),
                                           pool({1, filter}, {{"stride", Sizes{1, stride}},
                                                              {"dilation", Sizes{1, dilation}},
                                                              {"pad", Sizes{0, 0, before, after}}}));
              const Shape shape{1, 1, size};
              if (!std::holds_alternative<Shape>(find_operator("maxpool")->infer(a, {shape}))) continue;
              const Window w = window_of(a, shape);
              for (int64_t o = 0; o < w.width.output; ++o) {
                int64_t held = 0;
                for (int64_t k = 0; k < filter; ++k) {
                  const int64_t x = o * stride - before + k * dilation;
                  const Tap tap = tap_of(w.width, k);
                  CHECK((o >= tap.begin && o < tap.end) == (x >= 0 && x < size));
                  held += x >= 0 && x < size;
                }
                CHECK(held > 0);
              }
            }
}

TEST_CASE("add and multiply want one shape, or sizes of 1 in its place, concat one height and width") {
  CHECK(inferred("add", {}, {{4, 3, 3}, {4, 3, 3}, {4, 3, 3}}) == "4x3x3");
  CHECK(inferred("add", {}, {{4, 3, 3}, {8, 3, 3}}) ==
        ": 'add' wants tensors of one shape, or sizes of 1 in its place; found 4x3x3 and 8x3x3; "
        "bring them to one shape first, as a 1x1 conv with a stride does; 4x1x1 fits as well");
  CHECK(inferred("add", {}, {{4}, {8}}) ==
        ": 'add' wants tensors of one shape, or sizes of 1 in its place; found 4 and 8; "
        "bring them to one shape first, as a 1x1 conv with a stride does");
  for (const std::string op : {"add", "multiply"}) {
    CHECK(inferred(op, {}, {{4, 3, 3}, {4, 1, 1}}) == "4x3x3");
    CHECK(inferred(op, {}, {{4, 1, 1}, {4, 3, 3}, {4, 3, 3}}) == "4x3x3");
    CHECK(inferred(op, {}, {{4, 1, 1}, {4, 1, 1}}) == "4x1x1");
    CHECK(inferred(op, {}, {{7}, {7}}) == "7");
    CHECK(inferred(op, {}, {{4, 3, 3}, {1, 3, 3}}) == "4x3x3");
    CHECK(inferred(op, {}, {{4, 3, 3}, {3}}) == "4x3x3");
  }
  CHECK(inferred("multiply", {}, {{8, 1, 1}, {4, 3, 3}}) ==
        ": 'multiply' wants tensors of one shape, or sizes of 1 in its place; found 8x1x1 and 4x3x3; "
        "bring them to one shape first, as a 1x1 conv with a stride does");
  CHECK(inferred("multiply", {}, {{4, 3, 3}, {4}}) ==
        ": 'multiply' wants tensors of one shape, or sizes of 1 in its place; found 4x3x3 and 4; "
        "bring them to one shape first, as a 1x1 conv with a stride does; 4x1x1 fits as well");
  CHECK(inferred("add", {}, {{4, 3, 3}}) ==
        ": 'add' wants at least two tensors; found 1; name the others: 'add with NAME'");
  CHECK(inferred("concat", {}, {{4, 3, 3}, {8, 3, 3}}) == "12x3x3");
  CHECK(inferred("concat", {}, {{4}, {5}, {6}}) == "15");
  CHECK(inferred("concat", {}, {{4, 3, 3}, {8, 2, 3}}) ==
        ": 'concat' joins channels of maps of equal height and width; found 4x3x3 and 8x2x3; "
        "bring them to one height and width first, by stride or padding");
  CHECK(inferred("concat", {}, {{4, 3, 3}, {8, 3, 2}}) ==
        ": 'concat' joins channels of maps of equal height and width; found 4x3x3 and 8x3x2; "
        "bring them to one height and width first, by stride or padding");
  CHECK(inferred("concat", {}, {{4, 3, 3}, {8}}) ==
        ": 'concat' joins maps, or vectors; found a map of 4x3x3 and a vector of 8; "
        "write 'flatten' behind the map");
}

TEST_CASE("a tensor or parameter over the limit of elements is an error") {
  CHECK(inferred("conv", conv(4096, {1, 1}), {{3, 1000, 1000}}) ==
        "channels: the result of 4096x1000x1000 would have 4096000000 elements; the limit is 2147483648");
  CHECK(inferred("conv", conv(2147483647, {2147483647, 2147483647}, {{"pad", same}}), {{8, 1, 1}}) ==
        "channels: the weight of 2147483647x8x2147483647x2147483647 would have more than 2^63 elements; "
        "the limit is 2147483648");
  CHECK(inferred("dense", {{"features", int64_t{2147483647}}}, {{100}}) ==
        "features: the weight of 2147483647x100 would have 214748364700 elements; the limit is 2147483648");
  CHECK(inferred("concat", {}, {{1 << 30}, {1 << 30}, {1 << 30}}) ==
        ": the result of 3221225472 would have 3221225472 elements; the limit is 2147483648");
}

TEST_CASE("parameters have PyTorch's names and shapes") {
  const auto names = [](const std::string& name, Attributes a, const Shape& input) {
    const Operator& op = *find_operator(name);
    std::string text;
    for (const auto& p : op.parameters(with_defaults(op, a), {input}))
      text += p.name + " " + to_string(p.shape) + " ";
    return text;
  };
  CHECK(names("conv", conv(8, {3, 5}, {{"groups", int64_t{2}}}), {4, 9, 9}) == "weight 8x2x3x5 bias 8 ");
  CHECK(names("conv", conv(8, {3, 5}, {{"bias", false}}), {4, 9, 9}) == "weight 8x4x3x5 ");
  CHECK(names("dense", {{"features", int64_t{10}}}, {84}) == "weight 10x84 bias 10 ");
  CHECK(names("prelu", {}, {64, 7, 7}) == "weight 1 ");
  CHECK(names("prelu", {{"per_channel", true}}, {64, 7, 7}) == "weight 64 ");
  CHECK(names("batchnorm", {}, {64, 7, 7}) == "weight 64 bias 64 running_mean 64 running_var 64 ");
}

TEST_CASE("multiply-adds are those of the definition") {
  const auto macs = [](const std::string& name, Attributes a, const Shape& input) {
    const Operator& op = *find_operator(name);
    a = with_defaults(op, a);
    return op.macs(a, {input}, std::get<Shape>(op.infer(a, {input})));
  };
  CHECK(macs("conv", conv(6, {5, 5}, {{"pad", same}}), {1, 28, 28}) == 6 * 28 * 28 * 25);
  CHECK(macs("conv", conv(8, {3, 3}, {{"groups", int64_t{4}}}), {4, 9, 9}) == 8 * 7 * 7 * 9);
  CHECK(macs("dense", {{"features", int64_t{10}}}, {84}) == 840);
}

TEST_CASE("a formula shows the shape rule with the numbers of the node") {
  const auto formula = [](const std::string& name, Attributes a, std::vector<Shape> inputs) {
    const Operator& op = *find_operator(name);
    a = with_defaults(op, a);
    return op.formula(a, inputs, std::get<Shape>(op.infer(a, inputs)));
  };
  CHECK(formula("conv", conv(6, {5, 5}, {{"pad", Sizes{2, 2, 2, 2}}}), {{1, 28, 28}}) ==
        "(28 + 2 + 2 - 5) / 1 + 1 = 28");
  CHECK(formula("conv", conv(64, {7, 7}, {{"stride", Sizes{2, 2}}, {"pad", Sizes{3, 3, 3, 3}}}),
                {{3, 224, 224}}) == "floor((224 + 3 + 3 - 7) / 2) + 1 = 112");
  CHECK(formula("maxpool", pool({2, 2}), {{6, 28, 28}}) == "(28 - 2) / 2 + 1 = 14");
  CHECK(formula("conv", conv(1, {3, 3}, {{"dilation", Sizes{2, 1}}}), {{1, 9, 7}}) ==
        "(9 - 2 * (3 - 1) - 1) / 1 + 1 = 5, (7 - 3) / 1 + 1 = 5");
  CHECK(formula("flatten", {}, {{16, 5, 5}}) == "16 * 5 * 5 = 400");
  CHECK(formula("concat", {}, {{64, 7, 7}, {32, 7, 7}}) == "64 + 32 = 96");
}

namespace {

const std::vector<int64_t> kExtremes = {
    0, 1, -1, (int64_t{1} << 31) - 1, int64_t{1} << 31, std::numeric_limits<int64_t>::max()};

AttributeValue value_for(const AttributeRule& rule, int64_t v, bool one_side) {
  const int64_t other = one_side ? 1 : v;
  const AttributeKind kind = rule.kind;
  if (kind == AttributeKind::word) return std::string(rule.choices[v & 1]);
  if (kind == AttributeKind::integer) return v;
  if (kind == AttributeKind::real) return static_cast<double>(v);
  if (kind == AttributeKind::on_off) return v != 0;
  if (kind == AttributeKind::axis) return v;
  if (kind == AttributeKind::shape || kind == AttributeKind::axes)
    return one_side ? Sizes{v} : Sizes{v, 1, v};
  if (kind == AttributeKind::pair) return Sizes{other, v};
  return Sizes{other, v, other, v};
}

// Attributes that are all harmless: 1, and no padding.
Attributes harmless(const Operator& op) {
  Attributes a;
  for (const AttributeRule& rule : op.attributes)
    a[std::string(rule.name)] = value_for(rule, rule.kind == AttributeKind::padding ? 0 : 1, false);
  return a;
}

// Either an error with a message, or a shape that the rest of the compiler can work with.
void check_sane(const Operator& op, const Attributes& a, const Shape& input) {
  const std::vector<Shape> inputs(op.inputs == 1 ? 1 : 3, input);
  const auto result = op.infer(a, inputs);
  if (const auto* error = std::get_if<OperatorError>(&result)) {
    CHECK(!error->message.empty());
    return;
  }
  const Shape& shape = std::get<Shape>(result);
  for (int64_t size : shape.sizes) CHECK(size > 0);
  CHECK(shape.elements() <= limits::kElements);
  if (op.parameters)
    for (const auto& p : op.parameters(a, inputs)) CHECK(p.shape.elements() <= limits::kElements);
  if (op.macs) CHECK(op.macs(a, inputs, shape) > 0);
  if (op.formula) CHECK(!op.formula(a, inputs, shape).empty());
}

void check_extremes(const Operator& op, const Shape& input) {
  for (const AttributeRule& first : op.attributes)
    for (const AttributeRule& second : op.attributes)
      for (int64_t v : kExtremes)
        for (int64_t w : kExtremes)
          for (bool one_side : {false, true}) {
            Attributes a = harmless(op);
            a[std::string(first.name)] = value_for(first, v, one_side);
            a[std::string(second.name)] = value_for(second, w, one_side);
            check_sane(op, a, input);
          }
}

}  // namespace

TEST_CASE("extreme attributes give a shape or an error") {
  for (const Operator* op : operators())
    for (const Shape& input : {Shape{1, 1, 1}, Shape{12, 5, 7}, Shape{1, 46340, 46340}, Shape{1},
                               Shape{2147483647}, Shape{12, 6}, Shape{1, 3, 17, 17}, Shape{2, 1, 2, 3, 1, 4}})
      check_extremes(*op, input);
}

TEST_CASE("a join of tensors of any ranks gives a shape or an error") {
  const std::vector<Shape> shapes = {
      {4}, {4, 4}, {4, 4, 4}, {1, 4, 4, 4}, {4, 1, 4, 1, 4}, {1, 1, 1, 1, 1, 1}, {3, 5, 7}};
  for (const Operator* op : operators())
    for (const Shape& first : shapes)
      for (const Shape& second : shapes)
        if (op->inputs == 0) {
          const std::string result = inferred(std::string(op->name), harmless(*op), {first, second});
          CHECK_MESSAGE(!result.empty(), op->name);
        }
}

TEST_CASE("a clip's limits are in order") {
  const auto clip = [](double least, double greatest) {
    return inferred("clip", {{"min", least}, {"max", greatest}}, {{4}});
  };
  CHECK(clip(-1, 1) == "4");
  CHECK(clip(2, 2) == "4");
  const double none = std::numeric_limits<float>::max();
  CHECK(clip(-none, -5) == "4");
  CHECK(clip(7, none) == "4");
  CHECK(clip(-none, none) ==
        "min: 'clip' has neither a min nor a max; write one of them, or both: 'clip min 0 max 6'");
  CHECK(clip(1.5, -0.5) ==
        "max: 'max' must be at least 'min', 1.5; found -0.5; "
        "write the lesser one first: 'clip min 0 max 6'");
}

TEST_CASE("a value out of its range is named") {
  CHECK(inferred("conv", conv(1, {3, 3}, {{"stride", Sizes{1, 0}}}), {{1, 9, 9}}) ==
        "stride: 'stride' must be from 1 to 2147483647; found 0");
  CHECK(inferred("conv", conv(0, {3, 3}), {{1, 9, 9}}) ==
        "channels: 'channels' must be from 1 to 2147483647; found 0");
}
