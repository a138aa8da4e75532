#include <numeric>

#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// A channel as a run of `size` channels that stay side by side, and its place in the run.
struct Channel {
  Expr run, place;
  int size = 1;

  Expr number() const { return size == 1 ? run : run * size + place; }
};

// The element of an input at that channel, counted over all blocks; a run that it does not have is the
// nearest. A run that lies in one block is read as a vector.
Expr element(const Kernel& kernel, const std::vector<Halide::ImageParam>& inputs, size_t i,
             const Channel& channel, const Expr& x, const Expr& y, const Expr& image) {
  const int block = static_cast<int>(kernel.inputs[i].block);
  const int runs = static_cast<int>(kernel.inputs[i].channels) / channel.size;
  const Channel at{Halide::clamp(channel.run, 0, runs - 1), channel.place, channel.size};
  if (at.size == 1 || block % at.size != 0)
    return inputs[i](at.number() % block, x, y, at.number() / block, image);
  const int of_block = block / at.size;
  return inputs[i](at.run % of_block * at.size + at.place, x, y, at.run / of_block, image);
}

Expr concatenated(const Kernel& kernel, const std::vector<Halide::ImageParam>& inputs, const Channel& channel,
                  const Coordinates& at) {
  Expr value = element(kernel, inputs, 0, channel, at.x, at.y, at.image);
  int first = 0;
  for (size_t i = 1; i < inputs.size(); ++i) {
    first += static_cast<int>(kernel.inputs[i - 1].channels) / channel.size;
    const Channel own{channel.run - first, channel.place, channel.size};
    value = Halide::select(channel.run < first, value, element(kernel, inputs, i, own, at.x, at.y, at.image));
  }
  return value;
}

// So many channels of the result come from as many that lie side by side in an input, wherever a multiple of
// it begins.
int run_of(const Kernel& kernel) {
  int64_t run = std::gcd(kernel.output.block, kernel.output.channels);
  if (const auto* slice = std::get_if<SliceParameters>(&kernel.parameters))
    run = std::gcd(run, slice->begin);
  else if (kernel.family != "concat")
    return 1;
  for (const Layout& input : kernel.inputs) run = std::gcd(run, input.channels);
  return static_cast<int>(run);
}

// Where in its only input an element of the result comes from.
struct Place {
  Expr channel, x, y;
};

Place place_of(const Kernel& kernel, const Expr& channel, const Coordinates& at) {
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
  const int block = static_cast<int>(kernel.output.block), size = run_of(kernel);
  // Lanes of padding repeat the last channels.
  const int runs = static_cast<int>(kernel.output.channels) / size;
  const Channel channel{Halide::min(at.plane * (block / size) + at.lane / size, runs - 1), at.lane % size,
                        size};
  Halide::Func result("result");
  if (kernel.family == "concat") {
    result(at.lane, at.x, at.y, at.plane, at.image) = concatenated(kernel, inputs, channel, at);
  } else if (const auto* slice = std::get_if<SliceParameters>(&kernel.parameters)) {
    const Channel from{channel.run + static_cast<int>(slice->begin) / size, channel.place, size};
    result(at.lane, at.x, at.y, at.plane, at.image) = element(kernel, inputs, 0, from, at.x, at.y, at.image);
  } else {
    const Place from = place_of(kernel, channel.number(), at);
    result(at.lane, at.x, at.y, at.plane, at.image) =
        element(kernel, inputs, 0, {from.channel, 0, 1}, from.x, from.y, at.image);
  }
  constrain_result(result, kernel);
  const Halide::Var inside("inside");
  if (size > 1)
    result.split(at.lane, at.lane, inside, size).vectorize(inside).unroll(at.lane);
  else if (block > 1)
    result.vectorize(at.lane, block);
  else
    result.reorder(at.x, at.lane, at.y, at.plane)
        .vectorize(at.x, largest_vector(target, kernel.output.width), Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  return {result, {inputs.begin(), inputs.end()}};
}

}  // namespace cnnc
