// Some of the input's channels, or of a vector's features: begin, begin + 1, … end - 1.
#include <fmt/format.h>

#include "ops/channels/channels.h"
#include "ops/checks.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t begin = integer(a, "begin"), end = integer(a, "end");
  Shape result = inputs.at(0);
  if (auto error = want_channels("slice", result, "crop AXIS BEGIN END")) return *error;
  if (auto error = want_in_range("begin", begin, 0)) return *error;
  if (auto error = want_in_range("end", end, 1)) return *error;
  const std::string word = channels_word(result);
  if (end > result.channels())
    return OperatorError{
        "end", fmt::format("the input has {} {}; found an end of {}", result.channels(), word, end),
        fmt::format("'slice BEGIN END' takes the {} BEGIN to END - 1, counted from 0", word)};
  if (begin >= end)
    return OperatorError{
        "end",
        fmt::format("no {} lie from {} to before {}: the end must be greater than the begin", word, begin,
                    end),
        fmt::format("'slice BEGIN END' takes the {} BEGIN to END - 1, counted from 0", word)};
  result.sizes[0] = end - begin;
  return result;
}

std::string formula(const Attributes& a, const std::vector<Shape>&, const Shape& output) {
  return fmt::format("{} - {} = {}", integer(a, "end"), integer(a, "begin"), output.channels());
}

std::vector<ChannelRange> source_channels(const Attributes& a, const std::vector<Shape>&) {
  const int64_t begin = integer(a, "begin");
  return {{0, begin, 0, integer(a, "end") - begin}};
}

}  // namespace

extern const Operator slice = {"slice",
                               "some of the channels of a map, or features of a vector",
                               channel_facts(),
                               1,
                               {{"begin", AttributeKind::integer, true, std::nullopt, 0, 2147483647, "0"},
                                {"end", AttributeKind::integer, true, std::nullopt, 1}},
                               infer,
                               nullptr,
                               nullptr,
                               formula,
                               evaluate_channels,
                               source_channels};

}  // namespace cnnc::ops
