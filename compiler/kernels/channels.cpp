#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// The element of an input at that channel, counted over all blocks; a channel that it does not have is the
// nearest.
Expr element(const Kernel& kernel, const std::vector<Halide::ImageParam>& inputs, size_t i,
             const Expr& channel, const Expr& x, const Expr& y, const Expr& image) {
  const int block = static_cast<int>(kernel.inputs[i].block);
  const Expr c = Halide::clamp(channel, 0, static_cast<int>(kernel.inputs[i].channels) - 1);
  return inputs[i](c % block, x, y, c / block, image);
}

Expr concatenated(const Kernel& kernel, const std::vector<Halide::ImageParam>& inputs, const Expr& channel,
                  const Coordinates& at) {
  Expr value = element(kernel, inputs, 0, channel, at.x, at.y, at.image);
  int first = 0;
  for (size_t i = 1; i < inputs.size(); ++i) {
    first += static_cast<int>(kernel.inputs[i - 1].channels);
    value = Halide::select(channel < first, value,
                           element(kernel, inputs, i, channel - first, at.x, at.y, at.image));
  }
  return value;
}

// Where in its only input an element of the result comes from.
struct Place {
  Expr channel, x, y;
};

Place place_of(const Kernel& kernel, const Expr& channel, const Coordinates& at) {
  if (const auto* slice = std::get_if<SliceParameters>(&kernel.parameters))
    return {channel + static_cast<int>(slice->begin), at.x, at.y};
  const Attributes& attributes = attributes_of(kernel);
  if (kernel.family == "channel_shuffle") {
    const int groups = static_cast<int>(integer(attributes, "groups"));
    const int of_group = static_cast<int>(kernel.output.channels) / groups;
    return {channel % groups * of_group + channel / groups, at.x, at.y};
  }
  const int block = static_cast<int>(integer(attributes, "block"));
  if (kernel.family == "space_to_depth") {
    const Expr inside = channel % (block * block);
    return {channel / (block * block), at.x * block + inside % block, at.y * block + inside / block};
  }
  return {channel * (block * block) + at.y % block * block + at.x % block, at.x / block, at.y / block};
}

}  // namespace

ScheduledKernel channels(const Kernel& kernel, const Target& target) {
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  const Coordinates at;
  const int block = static_cast<int>(kernel.output.block);
  // Lanes of padding repeat the last channel.
  const Expr channel = Halide::min(at.plane * block + at.lane, static_cast<int>(kernel.output.channels) - 1);
  Halide::Func result("result");
  if (kernel.family == "concat") {
    result(at.lane, at.x, at.y, at.plane, at.image) = concatenated(kernel, inputs, channel, at);
  } else {
    const Place from = place_of(kernel, channel, at);
    result(at.lane, at.x, at.y, at.plane, at.image) =
        element(kernel, inputs, 0, from.channel, from.x, from.y, at.image);
  }
  constrain_result(result, kernel);
  if (block > 1)
    result.vectorize(at.lane, block);
  else
    result.reorder(at.x, at.lane, at.y, at.plane)
        .vectorize(at.x, largest_vector(target, kernel.output.width), Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  return {result, {inputs.begin(), inputs.end()}};
}

}  // namespace cnnc
