// Channels as blocks of pixels, the inverse of space_to_depth: channel c * block² + i * block + j becomes
// channel c's pixel (i, j) of each block, as torch.nn.PixelShuffle has it (Shi et al. 2016, section 2.2).
#include <fmt/format.h>

#include "ops/checks.h"
#include "ops/spatial/blocks.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape& input = inputs.at(0);
  const int64_t block = integer(a, "block");
  if (auto error = want_map("depth_to_space", input)) return *error;
  if (auto error = want_in_range("block", block, 1)) return *error;
  if (input.channels() % (block * block) != 0)  // within 62 bits
    return OperatorError{
        "block",
        fmt::format("the square of 'block', {0} * {0} = {1}, must divide the input's channels; "
                    "found {2}",
                    block, block * block, input.channels()),
        "a 1x1 conv before it makes another number of channels"};
  // As many elements as the input has: the numbers fit.
  return Shape{input.channels() / (block * block), input.height() * block, input.width() * block};
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  return fmt::format("{0} / ({1} * {1}) = {2}", inputs.at(0).channels(), integer(a, "block"),
                     output.channels());
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  const int64_t block = integer(node.attributes, "block");
  return {move_blocks(inputs.at(0)->values, node.shape, block, true),
          move_blocks(inputs.at(0)->bounds, node.shape, block, true)};
}

}  // namespace

extern const Operator depth_to_space = {"depth_to_space", "channels as blocks of pixels",
                                        OperatorFacts(),  1,
                                        {block_rule()},   infer,
                                        nullptr,          nullptr,
                                        formula,          evaluate};

}  // namespace cnnc::ops
