// Channels in groups, dealt out in turn: the first of each group, then the second of each (Zhang et al. 2018,
// ShuffleNet, section 3.1). As torch.nn.ChannelShuffle.
#include "ops/channels/channels.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes& a, const std::vector<Shape>& inputs) {
  if (auto error = want_channels("channel_shuffle", inputs.at(0), "permute")) return *error;
  if (auto error = want_divisor("groups", integer(a, "groups"), inputs.at(0),
                                "all groups have the same number of channels"))
    return *error;
  return inputs[0];
}

// Channel j of group g becomes channel j * groups + g. A range for each group or each j, whichever are fewer:
// at most the square root of the number of channels.
std::vector<ChannelRange> source_channels(const Attributes& a, const std::vector<Shape>& inputs) {
  const int64_t groups = integer(a, "groups"), size = inputs.at(0).channels() / groups;
  std::vector<ChannelRange> ranges;
  if (groups <= size)
    for (int64_t g = 0; g < groups; ++g) ranges.push_back({0, g * size, g, size, 1, groups});
  else
    for (int64_t j = 0; j < size; ++j) ranges.push_back({0, j, j * groups, groups, size, 1});
  return ranges;
}

}  // namespace

extern const Operator channel_shuffle = {
    "channel_shuffle",
    "the channels of groups, dealt out in turn",
    channel_facts(),
    1,
    {{"groups", AttributeKind::integer, true, std::nullopt, 1, 2147483647, "2"}},
    infer,
    nullptr,
    nullptr,
    nullptr,
    evaluate_channels,
    source_channels};

}  // namespace cnnc::ops
