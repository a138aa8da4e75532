// Each block of pixels as channels: channel c's pixel (i, j) of a block becomes channel c * block² + i *
// block
// + j, as torch.nn.PixelUnshuffle has it.
#include <fmt/format.h>

#include "ops/checks.h"
#include "ops/spatial/blocks.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  const int64_t block = integer(a, "block");
  if (auto error = want_map("space_to_depth", input)) return *error;
  if (auto error = want_in_range("block", block, 1)) return *error;
  if (input.height() % block != 0 || input.width() % block != 0)
    return OperatorError{"block",
                         fmt::format("'block' must divide height and width; found {}, and {}x{} pixels",
                                     block, input.height(), input.width()),
                         "make the map larger or smaller first, by padding or stride"};
  // As many elements as the input has: the numbers fit.
  return Shape{input.channels() * block * block, input.height() / block, input.width() / block};
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  return fmt::format("{0} * {1} * {1} = {2}", inputs.at(0).channels(), integer(a, "block"),
                     output.channels());
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  const int64_t block = integer(node.attributes, "block");
  return {move_blocks(inputs.at(0)->values, shapes.at(0), block, false),
          move_blocks(inputs.at(0)->bounds, shapes.at(0), block, false)};
}

}  // namespace

extern const Operator space_to_depth = {"space_to_depth", "each block of pixels as channels",
                                        OperatorFacts(),  1,
                                        {block_rule()},   infer,
                                        nullptr,          nullptr,
                                        formula,          evaluate};

}  // namespace cnnc::ops
