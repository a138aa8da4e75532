// Tensors of any rank: the terms of a program as one expression of the place in the result.
#include "schedules/tensor.h"

#include <algorithm>
#include <limits>

#include "kernels/activation.h"
#include "kernels/comparison.h"
#include "kernels/families.h"
#include "kernels/joins.h"
#include "kernels/tensor/grid_sample.h"
#include "kernels/tensor/places.h"
#include "kernels/tensors.h"
#include "ops/tensor/padding.h"

namespace cnnc {

using Halide::Expr;

namespace {

struct Arguments {
  std::vector<Halide::ImageParam> inputs, constants;
  const Kernel& kernel;
  const TensorProgram& program;
  Halide::Var image;
  int sum_term = -1;  // a reduction or product, whose value at the place that is stored is `sum`
  Expr sum = {};
};

// A vector is read by the number of its feature, a tensor in one row by that of its element.
Expr element(const Arguments& arguments, const TensorTerm& term, const Index& index) {
  const auto argument = static_cast<size_t>(term.argument);
  const std::vector<int64_t>& sizes = term.shape.sizes;
  if (term.op == "constant") return arguments.constants[argument](flattened(index, sizes, 0, sizes.size()));
  const Layout& layout = arguments.kernel.inputs[argument];
  const Halide::ImageParam& input = arguments.inputs[argument];
  const int block = size(layout.block);
  const size_t rank = sizes.size();
  if (layout.channels * layout.height == 1 && layout.width > 1)
    return input(0, flattened(index, sizes, 0, rank), 0, 0, arguments.image);
  const bool is_vector = layout.height * layout.width == 1;
  const Expr c = flattened(index, sizes, 0, is_vector ? rank : rank - 2);
  const Expr x = is_vector ? Expr(0) : index[rank - 1], y = is_vector ? Expr(0) : index[rank - 2];
  return block == 1 ? input(0, x, y, c, arguments.image) : input(c % block, x, y, c / block, arguments.image);
}

Expr value_of(const Arguments& arguments, int term, const Index& index);

Expr join_of(const Arguments& arguments, const TensorTerm& term, const Index& index) {
  const auto operand = [&](int number) {
    const Shape& shape = arguments.program[static_cast<size_t>(number)].shape;
    return value_of(arguments, number, unrepeated(index, shape));
  };
  if (term.op == "place")  // of the element where it is the greatest, else one behind all
    return select_less(operand(term.terms[0]), operand(term.terms[1]),
                       Halide::cast<float>(size(integer(term.attributes, "size"))),
                       Halide::cast<float>(index[static_cast<size_t>(integer(term.attributes, "axis"))]));
  if (term.op == "where")
    return chosen(operand(term.terms[0]), operand(term.terms[1]), operand(term.terms[2]));
  Expr value = operand(term.terms[0]);
  for (size_t i = 1; i < term.terms.size(); ++i) value = joined(term.op, value, operand(term.terms[i]));
  return value;
}

// The axes of a reduction that are more than one place long.
std::vector<size_t> reduced_axes(const TensorTerm& term, const Shape& from) {
  std::vector<size_t> axes;
  for (const int64_t axis : sizes(term.attributes, "axes"))
    if (from.sizes[static_cast<size_t>(axis)] > 1) axes.push_back(static_cast<size_t>(axis));
  return axes;
}

struct Reduction {
  std::string_view op;
  const char* join;  // of what there is by now and the next element
  float first;       // what changes nothing
  Expr accumulate(const Expr& before, const Expr& x) const { return joined(join, before, x); }
};

// Beyond every number: comparisons go without fast-math (kernels/comparison.h).
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// clang-format off
constexpr Reduction kReductions[] = {
    {"reduce_max", "maximum", -kInfinity},
    {"reduce_mean", "add", 0},
    {"reduce_min", "minimum", kInfinity},
    {"reduce_product", "multiply", 1},
    {"reduce_sum", "add", 0},
};
// clang-format on

// Null of an operator that is no reduction.
const Reduction* reduction_of(std::string_view op) {
  const auto found = std::find_if(std::begin(kReductions), std::end(kReductions),
                                  [&](const Reduction& reduction) { return reduction.op == op; });
  return found == std::end(kReductions) ? nullptr : found;
}

// Whether a term adds up several elements: a reduction, or a product of matrices.
bool is_sum(const TensorProgram& program, const TensorTerm& term) {
  if (term.terms.empty()) return false;
  const Shape& from = program[static_cast<size_t>(term.terms[0])].shape;
  if (term.op == "dense") return true;
  if (term.op == "matmul") return from.sizes.back() > 1;
  return reduction_of(term.op) && !reduced_axes(term, from).empty();
}

// `likely` tells Halide which part of a loop has no places that were added. What stands there is read from
// some place of the input, and replaced where it is the constant.
Expr padded(const Arguments& arguments, const TensorTerm& term, const Index& given) {
  const Shape& from = arguments.program[static_cast<size_t>(term.terms[0])].shape;
  const auto axis = static_cast<size_t>(integer(term.attributes, "axis"));
  const AxisPadding padding = padding_along(term.attributes, from);
  const std::string& mode = word(term.attributes, "mode");
  const int kept = size(padding.kept());
  const Expr place = given[axis] - size(std::max<int64_t>(padding.before, 0));
  Expr source = Halide::likely(place);
  if (mode == "reflect")
    source = Halide::select(place < 0, -place, place >= kept, 2 * (kept - 1) - place, source);
  if (mode == "wrap") source = Halide::select(place < 0, place + kept, place >= kept, place - kept, source);
  Index index = given;
  index[axis] = Halide::clamp(source, 0, kept - 1) + size(padding.first());
  const Expr value = value_of(arguments, term.terms[0], index);
  if (mode != "constant" || (padding.before <= 0 && padding.after <= 0)) return value;
  const auto constant = static_cast<float>(real(term.attributes, "value"));
  return Halide::select(place >= 0 && place < kept, value, constant);
}

Expr value_of(const Arguments& arguments, int number, const Index& index) {
  const TensorTerm& term = arguments.program[static_cast<size_t>(number)];
  if (number == arguments.sum_term) return arguments.sum;
  if (term.argument >= 0) return element(arguments, term, index);
  const int first = term.terms[0];
  if (const Move move = move_of(term.op)) {
    const Shape& from = arguments.program[static_cast<size_t>(first)].shape;
    return value_of(arguments, first, move(term, from, index));
  }
  if (term.op == "pad_along") return padded(arguments, term, index);
  if (term.op == "grid_sample")
    return grid_sampled(
        term.attributes, arguments.program[static_cast<size_t>(first)].shape, index,
        [&](const Index& place) { return value_of(arguments, term.terms[1], place); },
        [&](const Index& place) { return value_of(arguments, first, place); });
  if (term.terms.size() > 1) return join_of(arguments, term, index);
  const Expr x = value_of(arguments, first, index);
  if (reduction_of(term.op)) return x;  // along axes of one place
  return activate(term.op, term.attributes, x);
}

Halide::RDom domain_of_all(const std::vector<size_t>& axes, const Shape& from) {
  Halide::Region region;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis)  // the innermost axis is the innermost loop
    region.emplace_back(0, size(from.sizes[*axis]));
  return Halide::RDom(region);
}

// The same; of no axes, one place.
Halide::RDom domain_of(const std::vector<size_t>& axes, const Shape& from) {
  return axes.empty() ? Halide::RDom(0, 1) : domain_of_all(axes, from);
}

// Sums along the last axis are made in so many lanes, each of every lanes-th element, and added up at the
// end.
int lanes_of_sums(int64_t size, const Target& target) {
  int64_t best = 0;
  for (int64_t vectors = 4; vectors >= 1; --vectors) {
    const int64_t lanes = vectors * target.lanes;
    if (lanes <= size && (best == 0 || size % lanes < size % best)) best = lanes;
  }
  return static_cast<int>(best);
}

// Of a blocked tensor, whose vectors are channels, so many vectors are summed apart, each of every
// `vectors`-th place of the last axis: a single sum would wait for each addition.
int vectors_of_sums(int64_t size) {
  int64_t best = 0;
  for (int64_t vectors = 8; vectors >= 4; --vectors)
    if (vectors <= size && (best == 0 || size % vectors < size % best)) best = vectors;
  return static_cast<int>(best);
}

// The terms of a sum, which are all the same where they come from an axis that is repeated: Halide would take
// them for one. What it can tell to be true keeps the loop.
Expr of_each(const Halide::RDom& along, const Expr& term) {
  const bool is_used = Halide::Internal::expr_uses_var(term, along[0].name());
  return is_used ? term : Halide::select(along[0] >= 0, term, 0.0f);
}

// Over all elements that one of the result is made of.
void reduce(TensorStages& s, const Arguments& arguments, const TensorTerm& term, const Index& index,
            const Target& target) {
  const Reduction& reduction = *reduction_of(term.op);
  const int input = term.terms[0];
  const Shape& from = arguments.program[static_cast<size_t>(input)].shape;
  const std::vector<size_t> axes = reduced_axes(term, from);
  const int size_of_last = size(from.sizes.back());
  const bool has_last = !axes.empty() && axes.back() + 1 == from.rank();
  const bool is_blocked = arguments.kernel.output.block > 1;
  const int lanes = !has_last    ? 0
                    : is_blocked ? vectors_of_sums(size_of_last)
                                 : lanes_of_sums(size_of_last, target);
  // `step` places of the last axis at a time: the value at place `inner` of those that `along` is at.
  const auto value_at = [&](const Halide::RDom& along, int step, const Expr& inner) {
    Index inside = index;
    for (size_t i = 0; i < axes.size(); ++i) {
      const Expr place = along[size(static_cast<int64_t>(axes.size() - 1 - i))];
      inside[axes[i]] = i + 1 == axes.size() && has_last ? place * step + inner : place;
    }
    return of_each(along, value_of(arguments, input, inside));
  };
  s.sums(s.lane, s.x, s.y, s.plane, s.image) = Expr(reduction.first);
  const Expr sum = s.sums(s.lane, s.x, s.y, s.plane, s.image);
  if (lanes == 0) {
    s.along = domain_of(axes, from);
    s.sums(s.lane, s.x, s.y, s.plane, s.image) = reduction.accumulate(sum, value_at(s.along, 1, 0));
    return;
  }
  Shape whole = from, rest = from;
  whole.sizes.back() /= lanes;
  rest.sizes.back() %= lanes;
  s.lanes_of_sums = lanes;
  s.partial(s.part, s.lane, s.x, s.y, s.plane, s.image) = Expr(reduction.first);
  s.along = domain_of_all(axes, whole);
  s.partial(s.part, s.lane, s.x, s.y, s.plane, s.image) = reduction.accumulate(
      s.partial(s.part, s.lane, s.x, s.y, s.plane, s.image), value_at(s.along, lanes, s.part));
  if (rest.sizes.back() > 0) {
    s.rest = domain_of_all(axes, rest);
    const Expr part = s.rest.x;
    s.partial(part, s.lane, s.x, s.y, s.plane, s.image) =
        reduction.accumulate(s.partial(part, s.lane, s.x, s.y, s.plane, s.image),
                             value_at(s.rest, 1, size_of_last - size_of_last % lanes));
  }
  s.parts = Halide::RDom(0, lanes);
  s.sums(s.lane, s.x, s.y, s.plane, s.image) =
      reduction.accumulate(sum, s.partial(s.parts, s.lane, s.x, s.y, s.plane, s.image));
}

// Of two tensors; or of a tensor and a weight that is packed in tiles of columns.
void multiply(TensorStages& s, const Arguments& arguments, const TensorTerm& term, const Index& index) {
  const Shape a = arguments.program[static_cast<size_t>(term.terms[0])].shape;
  const Shape b = arguments.program[static_cast<size_t>(term.terms[1])].shape;
  s.along = Halide::RDom(0, size(a.sizes.back()));
  Index left = term.op == "dense" ? index : unrepeated(index, a);
  left[a.rank() - 1] = s.along.x;
  Index right;
  if (term.op == "dense") {
    const int tile = size(b.sizes[2]);
    right = {index.back() / tile, s.along.x, index.back() % tile};
  } else {
    right = unrepeated(index, b);
    right[b.rank() - 2] = s.along.x;
  }
  s.sums(s.lane, s.x, s.y, s.plane, s.image) = 0.0f;
  s.sums(s.lane, s.x, s.y, s.plane, s.image) +=
      of_each(s.along, value_of(arguments, term.terms[0], left) * value_of(arguments, term.terms[1], right));
}

// The place in the result's shape of an element of its layout. Lanes of padding repeat the last channel.
Index place_in(const Shape& shape, const Layout& layout, const Coordinates& at) {
  Index index;
  const size_t rank = shape.rank();
  if (layout.channels * layout.height == 1 && layout.width > 1) {
    unflatten(at.x, shape.sizes, 0, rank, index);
    return index;
  }
  Expr c = layout.block == 1 ? Expr(at.plane) : at.plane * size(layout.block) + at.lane;
  if (layout.channels % layout.block != 0) c = Halide::min(c, size(layout.channels) - 1);
  const bool is_vector = layout.height * layout.width == 1;
  unflatten(c, shape.sizes, 0, is_vector ? rank : rank - 2, index);
  if (!is_vector) index.insert(index.end(), {Expr(at.y), Expr(at.x)});
  return index;
}

// The number of the reduction or product of a program, of which there is one at most, and whose value goes
// through elementwise operators alone; -1: none.
int sum_of(const TensorProgram& program) {
  for (int i = static_cast<int>(program.size()) - 1; i >= 0; --i)
    if (is_sum(program, program[static_cast<size_t>(i)])) return i;
  return -1;
}

// A mean is the sum times the reciprocal of the count.
Expr finished(const TensorProgram& program, const TensorTerm& term, const Expr& sum) {
  if (term.op != "reduce_mean") return sum;
  const Shape& from = program[static_cast<size_t>(term.terms[0])].shape;
  return sum * (1.0f / static_cast<float>(from.elements() / term.shape.elements()));
}

}  // namespace

ScheduledKernel tensor(const Kernel& kernel, const Target& target) {
  const Coordinates at;
  const TensorProgram& program = program_of(kernel);
  Arguments arguments{{}, {}, kernel, program, at.image};
  for (size_t i = 0; i < kernel.inputs.size(); ++i) arguments.inputs.push_back(input_parameter(kernel, i));
  for (size_t i = 0; i < kernel.constants.size(); ++i)
    arguments.constants.push_back(constant_parameter("constant" + std::to_string(i), {kernel.constants[i]}));
  const Index index = place_in(program.back().shape, kernel.output, at);
  TensorStages stages;
  stages.lane = at.lane, stages.x = at.x, stages.y = at.y, stages.plane = at.plane, stages.image = at.image;
  stages.sum_term = sum_of(program);
  if (stages.sum_term >= 0) {
    const TensorTerm& term = program[static_cast<size_t>(stages.sum_term)];
    if (term.op == "matmul" || term.op == "dense")
      multiply(stages, arguments, term, index);
    else
      reduce(stages, arguments, term, index, target);
    arguments.sum = finished(program, term, stages.sums(at.lane, at.x, at.y, at.plane, at.image));
    arguments.sum_term = stages.sum_term;
  }
  stages.result(at.lane, at.x, at.y, at.plane, at.image) =
      value_of(arguments, static_cast<int>(program.size()) - 1, index);
  constrain_result(stages.result, kernel);
  schedule_tensor(stages, kernel, target);
  std::vector<Halide::Argument> all(arguments.inputs.begin(), arguments.inputs.end());
  all.insert(all.end(), arguments.constants.begin(), arguments.constants.end());
  return {stages.result, all};
}

}  // namespace cnnc
