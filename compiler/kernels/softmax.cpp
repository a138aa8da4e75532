#include "kernels/elementary.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

constexpr int kMostOnStack = 16384;  // floats

}  // namespace

// Subtracting the maximum first keeps the exponentials in range and changes nothing else.
ScheduledKernel softmax(const Kernel& kernel, const Target& target) {
  const int n = static_cast<int>(kernel.output.channels);
  Halide::ImageParam input = vector_parameter(kernel, 0);
  const Coordinates at;
  Halide::Var i("i");
  Halide::RDom r(0, n);
  Halide::Func largest("largest"), exponential("exponential"), sum("sum"), result("result");
  largest(at.image) = Halide::Float(32).min();
  largest(at.image) = Halide::max(largest(at.image), input(r, at.image));
  exponential(i, at.image) = exp_of(input(i, at.image) - largest(at.image));
  sum(at.image) = 0.0f;
  sum(at.image) += exponential(r, at.image);
  result(at.lane, at.x, at.y, at.plane, at.image) = exponential(at.plane, at.image) * (1.0f / sum(at.image));

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

}  // namespace cnnc
