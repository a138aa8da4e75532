#include <functional>

#include "kernels/activation.h"
#include "kernels/comparison.h"
#include "kernels/families.h"
#include "kernels/prologue.h"
#include "kernels/tensors.h"
#include "kernels/window.h"
#include "schedules/tasks.h"

namespace cnnc {

using Halide::Expr;

namespace {

// A window of so few elements is unrolled.
constexpr int64_t kFewTaps = 16;

// The taps of a window in a loop: all of them or, of a few, those behind the first.
struct Taps {
  Halide::RDom r;
  Expr column, row;
  bool behind_first = false, few = false;

  Taps(const KernelWindow& w, bool without_first) {
    const int64_t count = int64_t{w.filter_height} * w.filter_width;
    few = count <= kFewTaps;
    behind_first = without_first && few && count > 1;
    r = behind_first ? Halide::RDom(1, static_cast<int>(count) - 1)
                     : Halide::RDom(0, w.filter_width, 0, w.filter_height);
    column = behind_first ? r.x % w.filter_width : Expr(r.x);
    row = behind_first ? r.x / w.filter_width : Expr(r.y);
  }

  std::vector<Halide::VarOrRVar> loops() const {
    return behind_first ? std::vector<Halide::VarOrRVar>{r.x} : std::vector<Halide::VarOrRVar>{r.x, r.y};
  }
};

bool is_padded(const WindowSteps& axis) {
  return axis.pad_before > 0 || axis.pad_after > 0;
}

using Finish = std::function<Expr(const Expr&)>;

// A window's elements combined by `combine`, then finished; outside the input they are `outside`. `start` is
// neutral: combined with an element it gives the element. With `from_first` a window of few taps begins with
// its first element instead, which spares a combination.
ScheduledKernel pool(const Kernel& kernel, const Target& target, Expr start, bool from_first, Expr outside,
                     Expr (*combine)(const Expr&, const Expr&), const Finish& finish) {
  const KernelWindow w = window_of(kernel);
  const Layout& layout = kernel.inputs[0];
  std::vector<Halide::ImageParam> inputs;
  for (size_t i = 0; i < kernel.inputs.size(); ++i) inputs.push_back(input_parameter(kernel, i));
  const Halide::ImageParam& input = inputs[0];
  const Prologue prologue = prologue_of(kernel);
  const Coordinates at;
  Halide::Func bounded("bounded"), combined("combined"), result("result");
  const WindowParameters& window = pool_of(kernel).window;
  const bool padded = is_padded(window.height) || is_padded(window.width);
  if (padded)
    bounded = Halide::BoundaryConditions::constant_exterior(input, outside,
                                                            {{Expr(), Expr()},
                                                             {0, static_cast<int>(layout.width)},
                                                             {0, static_cast<int>(layout.height)},
                                                             {Expr(), Expr()},
                                                             {Expr(), Expr()}});
  else
    bounded(at.lane, at.x, at.y, at.plane, at.image) =
        prologue(kernel, input(at.lane, at.x, at.y, at.plane, at.image), at);
  const Taps taps(w, from_first);
  const auto tap = [&](const Expr& column, const Expr& row) {
    return bounded(at.lane, w.column(at.x, column), w.row(at.y, row), at.plane, at.image);
  };
  combined(at.lane, at.x, at.y, at.plane, at.image) = taps.behind_first ? tap(0, 0) : start;
  combined(at.lane, at.x, at.y, at.plane, at.image) =
      combine(combined(at.lane, at.x, at.y, at.plane, at.image), tap(taps.column, taps.row));
  result(at.lane, at.x, at.y, at.plane, at.image) =
      apply_epilogue(kernel, finish(combined(at.lane, at.x, at.y, at.plane, at.image)),
                     [&](int i) { return operand_at(kernel, inputs[i], at); });

  constrain_result(result, kernel);
  if (kernel.output.block > 1) {
    const int lanes = static_cast<int>(kernel.output.block);
    result.vectorize(at.lane, lanes);
    combined.compute_at(result, at.x).store_in(Halide::MemoryType::Register).vectorize(at.lane, lanes);
    combined.update().vectorize(at.lane, lanes);
  } else {
    const int lanes = largest_vector(target, kernel.output.width);
    Halide::Var xo("xo"), xi("xi");
    result.split(at.x, xo, xi, lanes, Halide::TailStrategy::ShiftInwards)
        .reorder(xi, at.lane, xo)
        .vectorize(xi);
    combined.compute_at(result, xo)
        .store_in(Halide::MemoryType::Register)
        .bound_extent(at.x, lanes)
        .vectorize(at.x, lanes);
    std::vector<Halide::VarOrRVar> order = taps.loops();
    order.insert(order.begin(), at.x);
    combined.update().reorder(order).vectorize(at.x, lanes);
  }
  schedule_tasks(result, kernel, {at.y, at.plane, at.image});
  if (taps.few)
    for (const Halide::VarOrRVar& loop : taps.loops()) combined.update().unroll(loop);
  std::vector<Halide::Argument> arguments(inputs.begin(), inputs.end());
  prologue.add_to(arguments);
  return {result, arguments};
}

// ceil(n / divisor), at least 0.
Expr steps(const Expr& n, int divisor) {
  return Halide::max((n + (divisor - 1)) / divisor, 0);
}

// The taps of a window that begins at `first` in [begin, end), as a float.
Expr taps_within(const Expr& first, int filter, int dilation, int64_t begin, int64_t end) {
  const Expr before = Halide::min(steps(static_cast<int>(begin) - first, dilation), filter);
  const Expr until = Halide::min(steps(static_cast<int>(end) - first, dilation), filter);
  return Halide::cast<float>(until - before);
}

// One over the number of elements that a mean is over.
Expr mean_scale(const Kernel& kernel) {
  const KernelWindow w = window_of(kernel);
  const std::optional<CountedTaps>& counted = pool_of(kernel).counted;
  if (!counted) return 1.0f / static_cast<float>(int64_t{w.filter_height} * w.filter_width);
  const Coordinates at;
  return 1.0f / (taps_within(w.row(at.y, 0), w.filter_height, w.dilation_height, counted->row_begin,
                             counted->row_end) *
                 taps_within(w.column(at.x, 0), w.filter_width, w.dilation_width, counted->column_begin,
                             counted->column_end));
}

}  // namespace

ScheduledKernel maxpool(const Kernel& kernel, const Target& target) {
  const Halide::Type type = type_of(kernel.inputs[0].type);
  const auto itself = [](const Expr& x) { return x; };
  if (!type.is_float())
    return pool(
        kernel, target, type.min(), true, type.min(),
        [](const Expr& a, const Expr& b) { return Halide::max(a, b); }, itself);
  return pool(kernel, target, type.min(), true, type.min(), max_or_nan, itself);
}

ScheduledKernel avgpool(const Kernel& kernel, const Target& target) {
  const Expr scale = mean_scale(kernel);
  return pool(
      kernel, target, 0.0f, false, 0.0f, [](const Expr& a, const Expr& b) { return a + b; },
      [&](const Expr& sum) { return sum * scale; });
}

// The zero point counts nothing, as outside of the input, where it stands for padding.
ScheduledKernel avgpool_u8(const Kernel& kernel, const Target& target) {
  const PoolParameters& parameters = pool_of(kernel);
  const auto zero_point = static_cast<int>(parameters.zero_point);
  const int of_window = static_cast<int>(parameters.window.taps()) * zero_point;
  return pool(
      kernel, target, 0, false, Halide::cast<uint8_t>(zero_point),
      [](const Expr& sum, const Expr& byte) { return sum + Halide::cast<int>(byte); },
      [&](const Expr& sum) {
        return Halide::strict_float(Halide::cast<float>(sum - of_window) *
                                    static_cast<float>(parameters.scale));
      });
}

}  // namespace cnnc
