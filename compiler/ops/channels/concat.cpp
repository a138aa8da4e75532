// Tensors one behind the other: the channels of maps of equal height and width, or the features of vectors.
#include <fmt/format.h>

#include "ops/channels/channels.h"
#include "ops/checks.h"
#include "support/checked.h"

namespace cnnc::ops {
namespace {

// Why `other` cannot follow `first`.
std::optional<OperatorError> mismatch(const Shape& first, const Shape& other) {
  if (first.rank() != other.rank())
    return OperatorError{
        "", fmt::format("'concat' joins maps, or vectors; found {} and {}", describe(first), describe(other)),
        "write 'flatten' behind the map"};
  if (first.height() == other.height() && first.width() == other.width()) return std::nullopt;
  return OperatorError{
      "",
      fmt::format("'concat' joins channels of maps of equal height and width; found {} and {}",
                  to_string(first), to_string(other)),
      "bring them to one height and width first, by stride or padding"};
}

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  if (auto error = want_several("concat", inputs)) return *error;
  Shape result = inputs[0];
  if (auto error = want_channels("concat", result, "concat along AXIS with …")) return *error;
  result.sizes[0] = 0;
  for (const Shape& other : inputs) {
    if (auto error = mismatch(inputs[0], other)) return *error;
    const auto channels = checked_add(result.channels(), other.channels());
    if (!channels) return OperatorError{"", "the result would have more than 2^63 channels", ""};
    result.sizes[0] = *channels;
  }
  if (auto error = want_elements("", "the result", result)) return *error;
  return result;
}

std::string formula(const Attributes&, const std::vector<Shape>& inputs, const Shape& output) {
  std::vector<int64_t> channels;
  for (const Shape& input : inputs) channels.push_back(input.channels());
  return fmt::format("{} = {}", fmt::join(channels, " + "), output.channels());
}

std::vector<ChannelRange> source_channels(const Attributes&, const std::vector<Shape>& inputs) {
  std::vector<ChannelRange> ranges;
  int64_t to = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    ranges.push_back({static_cast<int>(i), 0, to, inputs[i].channels()});
    to += inputs[i].channels();
  }
  return ranges;
}

}  // namespace

extern const Operator concat = {"concat",
                                "channels of maps, or features of vectors, one behind the other",
                                channel_facts(),
                                0,
                                {},
                                infer,
                                nullptr,
                                nullptr,
                                formula,
                                evaluate_channels,
                                source_channels};

}  // namespace cnnc::ops
