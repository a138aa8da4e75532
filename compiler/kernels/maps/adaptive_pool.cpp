#include "ops/window/adaptive_pool.h"

#include <algorithm>

#include "kernels/comparison.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// o * input / output, in 64 bits where 32 are too few.
Expr part(const Expr& o, const AdaptiveAxis& axis, bool round_up) {
  const bool fits = (axis.output + 1) * axis.input < INT32_MAX;
  const Halide::Type type = fits ? Halide::Int(32) : Halide::Int(64);
  const Expr product = Halide::cast(type, o) * Halide::cast(type, static_cast<int>(axis.input));
  const Expr divisor = Halide::cast(type, static_cast<int>(axis.output));
  return Halide::cast<int>((round_up ? product + divisor - 1 : product) / divisor);
}

// The windows of one axis as expressions of the output's number.
struct Windows {
  Expr begin, end;
  int most = 1;  // elements of the longest

  Windows(const AdaptiveAxis& axis, const Expr& o)
      : begin(part(o, axis, false)),
        end(part(o + 1, axis, true)),
        most(static_cast<int>(std::min(axis.input, (axis.input - 1) / axis.output + 2))) {}

  // Element `tap`, or the last where the window has fewer.
  Expr element(const Expr& tap) const { return Halide::min(begin + tap, end - 1); }
  Expr count() const { return end - begin; }
};

}  // namespace

ScheduledKernel adaptive_pool(const Kernel& kernel, const Target&) {
  const Layout &from = kernel.inputs[0], &to = kernel.output;
  const bool is_max = kernel.family == "adaptive_maxpool";
  Halide::ImageParam input = input_parameter(kernel, 0);
  const Coordinates at;
  const Windows rows({from.height, to.height}, at.y), columns({from.width, to.width}, at.x);
  Halide::Func combined("combined"), result("result");
  Halide::RDom r(0, columns.most, 0, rows.most);
  const Expr element = input(at.lane, columns.element(r.x), rows.element(r.y), at.plane, at.image);
  combined(at.lane, at.x, at.y, at.plane, at.image) = is_max ? Halide::Float(32).min() : Expr(0.0f);
  const Expr before = combined(at.lane, at.x, at.y, at.plane, at.image);
  // The last element once more changes no maximum; of a sum it is left out.
  const Expr counts = r.x < columns.count() && r.y < rows.count();
  combined(at.lane, at.x, at.y, at.plane, at.image) =
      is_max ? max_or_nan(before, element) : before + Halide::select(counts, element, 0.0f);
  const Expr sum = combined(at.lane, at.x, at.y, at.plane, at.image);
  const Expr elements = Halide::cast<float>(columns.count()) * Halide::cast<float>(rows.count());
  result(at.lane, at.x, at.y, at.plane, at.image) = is_max ? sum : sum / elements;

  constrain_result(result, kernel);
  combined.compute_at(result, at.x).store_in(Halide::MemoryType::Register);
  if (to.block > 1) {
    const int lanes = static_cast<int>(to.block);
    result.vectorize(at.lane, lanes);
    combined.vectorize(at.lane, lanes).update().vectorize(at.lane, lanes);
  }
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  return {result, {input}};
}

}  // namespace cnnc
