// Lists of tensors, as PyTorch's older dynamo exporter writes them for split and cat.
#include <doctest/doctest.h>

#include "model_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;

namespace {

using Nodes = std::vector<onnx::Node>;

const std::map<std::string, Attribute> kAlongRows = {{"axis", int64_t{1}}};

// y of x, which is 1 x 3 x 2.
Values of(Nodes nodes, std::map<std::string, Constant> constants = {}) {
  return run(model({value("x", {1, 3, 2})}, std::move(nodes), {"y"}, std::move(constants)), {counting(6)});
}

std::string why(Nodes nodes, std::map<std::string, Constant> constants = {}) {
  return errors_of(model({value("x", {1, 3, 2})}, std::move(nodes), {"y"}, std::move(constants)));
}

}  // namespace

TEST_CASE("a part of a sequence is a part of the tensor") {
  const auto split = node("SplitToSequence", {"x", "parts"}, {"s"}, kAlongRows);
  const auto at = node("SequenceAt", {"s", "i"}, {"y"});
  CHECK(of({split, at}, {{"parts", integers({1, 2})}, {"i", integers({}, {1})}}) == Values{3, 4, 5, 6});
  CHECK(of({split, at}, {{"parts", integers({}, {2})}, {"i", integers({}, {-1})}}) == Values{5, 6});
  auto rows = kAlongRows;
  rows["keepdims"] = int64_t{0};
  const Model m = model({value("x", {1, 3, 2})}, {node("SplitToSequence", {"x"}, {"s"}, rows), at}, {"y"},
                        {{"i", integers({}, {1})}});
  CHECK(run(m, {counting(6)}) == Values{3, 4});
  CHECK(translated(m).graph.nodes.back().shape == Shape{2});
  CHECK(why({split, at}, {{"parts", integers({1, 1})}, {"i", integers({}, {1})}})
            .find("SplitToSequence 's': its parts have 2 places of 3") == 0);
  CHECK(why({split, at}, {{"parts", integers({1, 2})}, {"i", integers({}, {2})}})
            .find("SequenceAt 'y': its place is 2, and the sequence has 2") == 0);
}

TEST_CASE("what is put into a sequence is joined") {
  const auto negative = node("Neg", {"x"}, {"n"});
  CHECK(of({negative, node("SequenceConstruct", {"x", "n"}, {"s"}), node("Identity", {"s"}, {"t"}),
            node("ConcatFromSequence", {"t"}, {"y"}, kAlongRows)}) ==
        Values{1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6});
  auto stacked = kAlongRows;
  stacked["new_axis"] = int64_t{1};
  const Model m = model({value("x", {1, 3, 2})},
                        {negative, node("SequenceConstruct", {"x", "n"}, {"s"}),
                         node("ConcatFromSequence", {"s"}, {"y"}, stacked)},
                        {"y"});
  CHECK(translated(m).graph.nodes.back().shape == Shape{2, 3, 2});
  CHECK(of({negative, node("SequenceEmpty", {}, {"e"}), node("SequenceInsert", {"e", "x"}, {"s"}),
            node("SequenceInsert", {"s", "n", "first"}, {"t"}), node("SequenceErase", {"t", "first"}, {"u"}),
            node("ConcatFromSequence", {"u"}, {"y"}, kAlongRows)},
           {{"first", integers({}, {0})}}) == Values{1, 2, 3, 4, 5, 6});
  CHECK(of({node("SequenceConstruct", {"x", "x"}, {"s"}), node("SequenceLength", {"s"}, {"l"}),
            node("Cast", {"l"}, {"f"}, {{"to", int64_t{1}}}), node("Mul", {"x", "f"}, {"y"})}) ==
        Values{2, 4, 6, 8, 10, 12});
}

TEST_CASE("what no network can do with a sequence is refused") {
  CHECK(why({node("SequenceConstruct", {"x", "x"}, {"s"}), node("Relu", {"s"}, {"y"})})
            .find("Relu 'y': it reads a sequence of tensors") == 0);
  CHECK(why({node("ConcatFromSequence", {"x"}, {"y"}, kAlongRows)})
            .find("ConcatFromSequence 'y': its input 0 is no sequence of tensors") == 0);
  CHECK(why({node("SequenceEmpty", {}, {"s"}), node("SequenceAt", {"s", "i"}, {"y"})},
            {{"i", integers({}, {0})}})
            .find("SequenceAt 'y': its sequence has no tensors") == 0);
}
