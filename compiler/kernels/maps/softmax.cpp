#include "kernels/elementary.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;
using Halide::Func;

namespace {

constexpr int64_t kMostOnStack = 16384;  // floats

// Of an element x, its e^(x - largest), the greatest element and the sum of all e^(x - largest). Subtracting
// the greatest first keeps the exponentials in range and changes nothing else.
Expr probability(const Kernel& kernel, const Expr& x, const Expr& exponential, const Expr& largest,
                 const Expr& sum) {
  if (kernel.family == "softmax") return exponential * (1.0f / sum);
  // In this order: largest + log(sum), the same for all elements, would lose what is small beside the
  // largest.
  return Halide::strict_float(x - largest - log_of(sum));
}

ScheduledKernel softmax_of_vector(const Kernel& kernel, const Target& target) {
  const int n = static_cast<int>(kernel.output.channels);
  Halide::ImageParam input = vector_parameter(kernel, 0);
  const Coordinates at;
  Halide::Var i("i");
  Halide::RDom r(0, n);
  Func largest("largest"), exponential("exponential"), sum("sum"), result("result");
  largest(at.image) = Halide::Float(32).min();
  largest(at.image) = Halide::max(largest(at.image), input(r, at.image));
  exponential(i, at.image) = exp_of(input(i, at.image) - largest(at.image));
  sum(at.image) = 0.0f;
  sum(at.image) += exponential(r, at.image);
  result(at.lane, at.x, at.y, at.plane, at.image) = probability(
      kernel, input(at.plane, at.image), exponential(at.plane, at.image), largest(at.image), sum(at.image));

  constrain_result(result, kernel);
  const int lanes = largest_vector(target, n);
  result.reorder(at.plane, at.lane, at.x, at.y)
      .vectorize(at.plane, lanes, Halide::TailStrategy::ShiftInwards);
  schedule_tasks(result, kernel, {at.image});
  largest.compute_at(result, at.image);
  // On the stack (Halide's word for that is "register") unless there are very many; those are computed twice.
  if (n <= kMostOnStack)
    exponential.compute_at(result, at.image).vectorize(i, lanes).store_in(Halide::MemoryType::Register);
  sum.compute_at(result, at.image);
  return {result, {input}};
}

// A vector is the lanes of a block at one pixel or, of planar maps, some pixels of a row; all parts are
// computed for one vector of pixels, on the stack.
void schedule_by_pixel(Func result, std::vector<Func> parts, const Kernel& kernel, const Target& target) {
  const Coordinates at;
  const Layout& layout = kernel.output;
  const bool blocked = layout.block > 1;
  const int lanes = static_cast<int>(blocked ? layout.block : largest_vector(target, layout.width));
  Halide::Var xo("xo"), xi("xi"), level = blocked ? at.x : xo;
  if (blocked)
    result.reorder(at.lane, at.plane, at.x, at.y).vectorize(at.lane, lanes);
  else
    result.split(at.x, xo, xi, lanes, Halide::TailStrategy::ShiftInwards)
        .reorder(xi, at.lane, at.plane, xo, at.y)
        .vectorize(xi);
  schedule_tasks(result, kernel, {at.y, at.image});
  for (Func& part : parts) {
    part.compute_at(result, level).store_in(Halide::MemoryType::Register);
    if (!blocked) part.bound_extent(at.x, lanes);
    const bool has_lanes = !blocked || part.args().front().same_as(at.lane);
    if (!has_lanes) continue;
    const Halide::Var along = blocked ? at.lane : at.x;
    part.vectorize(along, lanes);
    if (part.has_update_definition()) part.update().vectorize(along, lanes);
  }
}

// Over the channels at each pixel: first those in one lane of all blocks, then the lanes. What is beyond the
// channels in the last block does not count, and becomes 0.
ScheduledKernel softmax_of_map(const Kernel& kernel, const Target& target) {
  const Layout& layout = kernel.output;
  const int block = static_cast<int>(layout.block), channels = static_cast<int>(layout.channels);
  const Expr lowest = Halide::Float(32).min();
  Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  const Halide::Var &lane = at.lane, &x = at.x, &y = at.y, &plane = at.plane, &image = at.image;
  Halide::RDom planes(0, static_cast<int>(layout.planes())), lanes(0, block);
  const auto if_channel = [&](const Expr& of_plane, const Expr& value, const Expr& otherwise) {
    return channels % block == 0 ? value
                                 : Halide::select(of_plane * block + lane < channels, value, otherwise);
  };
  Func lane_largest("lane_largest"), largest("largest"), exponential("exponential"), lane_sum("lane_sum"),
      sum("sum"), result("result");
  lane_largest(lane, x, y, image) = lowest;
  lane_largest(lane, x, y, image) = Halide::max(lane_largest(lane, x, y, image),
                                                if_channel(planes, input(lane, x, y, planes, image), lowest));
  largest(x, y, image) = lowest;
  largest(x, y, image) = Halide::max(largest(x, y, image), lane_largest(lanes, x, y, image));
  const Expr element = input(lane, x, y, plane, image);
  exponential(lane, x, y, plane, image) = if_channel(plane, exp_of(element - largest(x, y, image)), 0.0f);
  lane_sum(lane, x, y, image) = 0.0f;
  lane_sum(lane, x, y, image) += exponential(lane, x, y, planes, image);
  sum(x, y, image) = 0.0f;
  sum(x, y, image) += lane_sum(lanes, x, y, image);
  result(lane, x, y, plane, image) =
      if_channel(plane,
                 probability(kernel, element, exponential(lane, x, y, plane, image), largest(x, y, image),
                             sum(x, y, image)),
                 0.0f);

  constrain_result(result, kernel);
  std::vector<Func> parts = {lane_largest, largest, lane_sum, sum};
  // Computed twice where there are too many channels for the stack.
  const int64_t lanes_of_pixels = block > 1 ? block : largest_vector(target, layout.width);
  if (layout.planes() * lanes_of_pixels <= kMostOnStack) parts.push_back(exponential);
  schedule_by_pixel(result, parts, kernel, target);
  return {result, {input}};
}

}  // namespace

ScheduledKernel softmax(const Kernel& kernel, const Target& target) {
  const bool is_vector = kernel.output.height * kernel.output.width == 1 && kernel.output.block == 1 &&
                         !kernel.inputs[0].has_halo();
  return is_vector ? softmax_of_vector(kernel, target) : softmax_of_map(kernel, target);
}

}  // namespace cnnc
