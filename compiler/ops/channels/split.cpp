// One of equal parts of the input's channels, or of a vector's features; parts count from 0.
#include <fmt/format.h>

#include "ops/channels/channels.h"
#include "ops/checks.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t parts = integer(a, "parts"), part = integer(a, "part");
  Shape result = inputs.at(0);
  if (auto error = want_channels("split", result, "crop AXIS BEGIN END")) return *error;
  if (auto error = want_divisor("parts", parts, result, "unequal parts are written 'slice BEGIN END'"))
    return *error;
  if (auto error = want_in_range("part", part, 0)) return *error;
  if (part >= parts)
    return OperatorError{"part",
                         fmt::format("'part' must be below the number of parts, {}; found {}", parts, part),
                         "parts count from 0"};
  result.sizes[0] /= parts;
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>& inputs, const Shape& output) {
  return fmt::format("{} / {} = {}", inputs.at(0).channels(), integer(a, "parts"), output.channels());
}

std::vector<ChannelRange> source_channels(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t count = inputs.at(0).channels() / integer(a, "parts");
  return {{0, integer(a, "part") * count, 0, count}};
}

}  // namespace

extern const Operator split = {"split",
                               "one of equal parts of the channels of a map, or features of a vector",
                               channel_facts(),
                               1,
                               {{"parts", AttributeKind::integer, true, std::nullopt, 1, 2147483647, "2"},
                                {"part", AttributeKind::integer, false, std::nullopt, 0, 2147483647, "0"}},
                               infer,
                               nullptr,
                               nullptr,
                               formula,
                               evaluate_channels,
                               source_channels};

}  // namespace cnnc::ops
