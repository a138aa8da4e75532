// Tensors of any rank: the terms of a program as one expression of the place in the result.
#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "kernels/activation.h"
#include "kernels/comparison.h"
#include "kernels/elementary.h"
#include "kernels/families.h"
#include "kernels/tensors.h"
#include "schedules/tensor.h"

namespace cnnc {

using Halide::Expr;

namespace {

// Of each axis, the outermost first.
using Index = std::vector<Expr>;

int size(int64_t n) {
  return static_cast<int>(n);
}

// The number of a place among those of the axes from `begin` to before `end`.
Expr flattened(const Index& index, const std::vector<int64_t>& sizes, size_t begin, size_t end) {
  Expr number = 0;
  for (size_t i = begin; i < end; ++i) {
    if (sizes[i] == 1) continue;
    number = is_const_zero(number) ? index[i] : number * size(sizes[i]) + index[i];
  }
  return number;
}

// The reverse: appended to the index.
void unflatten(Expr number, const std::vector<int64_t>& sizes, size_t begin, size_t end, Index& index) {
  Index reversed;
  int64_t outside = std::accumulate(sizes.begin() + static_cast<std::ptrdiff_t>(begin),
                                    sizes.begin() + static_cast<std::ptrdiff_t>(end), int64_t{1},
                                    std::multiplies<>());
  for (size_t i = end; i-- > begin;) {
    const bool is_outermost = outside == sizes[i];
    reversed.push_back(sizes[i] == 1 ? Expr(0) : is_outermost ? number : number % size(sizes[i]));
    if (!is_outermost && sizes[i] != 1) number = number / size(sizes[i]);
    outside /= sizes[i];
  }
  index.insert(index.end(), reversed.rbegin(), reversed.rend());
}

// The place in a tensor of shape `from` that a place in one of shape `to`, which has the same elements, is. Axes
// whose products agree go over into each other, so that as little as can be is divided.
Index reshaped(const Index& index, const std::vector<int64_t>& to, const std::vector<int64_t>& from) {
  Index result;
  size_t i = 0, k = 0;
  while (i < to.size() || k < from.size()) {
    size_t i_end = i, k_end = k;
    int64_t products[2] = {1, 1};
    if (i_end < to.size()) products[0] *= to[i_end++];
    if (k_end < from.size()) products[1] *= from[k_end++];
    while (products[0] != products[1])
      if (products[0] < products[1])
        products[0] *= to[i_end++];
      else
        products[1] *= from[k_end++];
    unflatten(flattened(index, to, i, i_end), from, k, k_end, result);
    i = i_end;
    k = k_end;
  }
  return result;
}

// The place in a tensor that is repeated to another shape.
Index unrepeated(const Index& index, const Shape& from) {
  Index result(index.end() - static_cast<std::ptrdiff_t>(from.rank()), index.end());
  for (size_t i = 0; i < from.rank(); ++i)
    if (from.sizes[i] == 1) result[i] = 0;
  return result;
}

struct Arguments {
  std::vector<Halide::ImageParam> inputs, constants;
  const Kernel& kernel;
  const TensorProgram& program;
  Halide::Var image;
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

Expr joined(const std::string& op, const Expr& a, const Expr& b) {
  if (op == "add") return a + b;
  if (op == "subtract") return a - b;
  if (op == "multiply") return a * b;
  if (op == "divide") return a / b;
  if (op == "maximum") return max_or_nan(a, b);
  if (op == "minimum") return -max_or_nan(-a, -b);
  throw std::logic_error("no join: " + op);
}

Expr join_of(const Arguments& arguments, const TensorTerm& term, const Index& index) {
  const auto operand = [&](int number) {
    const Shape& shape = arguments.program[static_cast<size_t>(number)].shape;
    return value_of(arguments, number, unrepeated(index, shape));
  };
  Expr value = operand(term.terms[0]);
  for (size_t i = 1; i < term.terms.size(); ++i) value = joined(term.op, value, operand(term.terms[i]));
  return value;
}

// Where in its only term an element comes from.
Index source_of(const TensorTerm& term, const Shape& from, const Index& index) {
  if (term.op == "reshape") return reshaped(index, term.shape.sizes, from.sizes);
  if (term.op == "expand") return unrepeated(index, from);
  Index source = index;
  if (term.op == "permute") {
    const std::vector<int64_t>& order = sizes(term.attributes, "order");
    for (size_t i = 0; i < order.size(); ++i) source[static_cast<size_t>(order[i])] = index[i];
  } else if (term.op == "crop") {
    Expr& place = source[static_cast<size_t>(integer(term.attributes, "axis"))];
    place = place * size(integer(term.attributes, "step")) + size(integer(term.attributes, "begin"));
  } else if (term.op == "flip") {
    for (const int64_t axis : sizes(term.attributes, "axes")) {
      Expr& place = source[static_cast<size_t>(axis)];
      place = size(from.sizes[static_cast<size_t>(axis)] - 1) - place;
    }
  }
  return source;
}

bool is_move(const TensorTerm& term) {
  return term.op == "reshape" || term.op == "expand" || term.op == "permute" || term.op == "crop" ||
         term.op == "flip";
}

Expr value_of(const Arguments& arguments, int number, const Index& index) {
  const TensorTerm& term = arguments.program[static_cast<size_t>(number)];
  if (term.argument >= 0) return element(arguments, term, index);
  const int first = term.terms[0];
  if (is_move(term)) {
    const Shape& from = arguments.program[static_cast<size_t>(first)].shape;
    return value_of(arguments, first, source_of(term, from, index));
  }
  if (term.terms.size() > 1) return join_of(arguments, term, index);
  const Expr x = value_of(arguments, first, index);
  if (term.op == "exp") return exp_of(x);
  if (term.op == "log") return log_of(x);
  return activate(term.op, term.attributes, x);
}

// A reduction or a product of matrices, which a Func adds up: its value for each place of the result.
struct Sums {
  Halide::Func sums;
  Halide::RDom along;
};

// The axes of a reduction that are more than one place long.
std::vector<size_t> reduced_axes(const TensorTerm& term, const Shape& from) {
  std::vector<size_t> axes;
  for (const int64_t axis : sizes(term.attributes, "axes"))
    if (from.sizes[static_cast<size_t>(axis)] > 1) axes.push_back(static_cast<size_t>(axis));
  return axes;
}

Halide::RDom domain_of(const std::vector<size_t>& axes, const Shape& from) {
  Halide::Region region;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis)  // the innermost axis is the innermost loop
    region.emplace_back(0, size(from.sizes[*axis]));
  if (region.empty()) region.emplace_back(0, 1);
  return Halide::RDom(region);
}

Expr neutral(const std::string& op) {
  if (op == "reduce_max") return Halide::Float(32).min();
  if (op == "reduce_min") return Halide::Float(32).max();
  return op == "reduce_product" ? 1.0f : 0.0f;
}

Expr accumulated(const std::string& op, const Expr& before, const Expr& x) {
  if (op == "reduce_max") return max_or_nan(before, x);
  if (op == "reduce_min") return -max_or_nan(-before, -x);
  return op == "reduce_product" ? before * x : before + x;
}

Sums reduction(const Arguments& arguments, const TensorTerm& term, const Coordinates& at, const Index& index) {
  const int input = term.terms[0];
  const Shape& from = arguments.program[static_cast<size_t>(input)].shape;
  const std::vector<size_t> axes = reduced_axes(term, from);
  Sums s{Halide::Func("sums"), domain_of(axes, from)};
  Index inside = index;
  for (size_t i = 0; i < axes.size(); ++i) inside[axes[i]] = s.along[size(static_cast<int64_t>(axes.size() - 1 - i))];
  s.sums(at.lane, at.x, at.y, at.plane, at.image) = neutral(term.op);
  s.sums(at.lane, at.x, at.y, at.plane, at.image) =
      accumulated(term.op, s.sums(at.lane, at.x, at.y, at.plane, at.image), value_of(arguments, input, inside));
  return s;
}

Sums matrix_product(const Arguments& arguments, const TensorTerm& term, const Coordinates& at,
                    const Index& index) {
  const auto operand = [&](size_t i) { return arguments.program[static_cast<size_t>(term.terms[i])].shape; };
  const Shape a = operand(0), b = operand(1);
  Sums s{Halide::Func("sums"), Halide::RDom(0, size(a.sizes.back()))};
  Index left = unrepeated(index, a), right = unrepeated(index, b);
  left[a.rank() - 1] = s.along.x;
  right[b.rank() - 2] = s.along.x;
  // The last axis but one of the first, and the last of the second, are the result's.
  if (a.sizes[a.rank() - 2] == 1) left[a.rank() - 2] = 0;
  s.sums(at.lane, at.x, at.y, at.plane, at.image) = 0.0f;
  s.sums(at.lane, at.x, at.y, at.plane, at.image) +=
      value_of(arguments, term.terms[0], left) * value_of(arguments, term.terms[1], right);
  return s;
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

bool is_sum(const TensorTerm& term) {
  return term.op == "matmul" || term.op.rfind("reduce_", 0) == 0;
}

// What is stored of a sum.
Expr after_sum(const TensorProgram& program, const Expr& sum) {
  const TensorTerm& term = program.back();
  if (term.op != "reduce_mean") return sum;
  const Shape& from = program[static_cast<size_t>(term.terms[0])].shape;
  return sum * (1.0f / static_cast<float>(from.elements() / term.shape.elements()));
}

}  // namespace

ScheduledKernel tensor(const Kernel& kernel, const Target& target) {
  const Coordinates at;
  Arguments arguments{{}, {}, kernel, program_of(kernel), at.image};
  for (size_t i = 0; i < kernel.inputs.size(); ++i) arguments.inputs.push_back(input_parameter(kernel, i));
  for (size_t i = 0; i < kernel.constants.size(); ++i)
    arguments.constants.push_back(constant_parameter("constant" + std::to_string(i), {kernel.constants[i]}));
  const TensorProgram& program = arguments.program;
  const Index index = place_in(program.back().shape, kernel.output, at);
  TensorStages stages{Halide::Func("result"), {}, {}, at.lane, at.x, at.y, at.plane, at.image};
  const TensorTerm& last = program.back();
  if (is_sum(last)) {
    const Sums s = last.op == "matmul" ? matrix_product(arguments, last, at, index)
                                       : reduction(arguments, last, at, index);
    stages.sums = s.sums;
    stages.along = s.along;
    stages.result(at.lane, at.x, at.y, at.plane, at.image) =
        after_sum(program, s.sums(at.lane, at.x, at.y, at.plane, at.image));
  } else {
    stages.result(at.lane, at.x, at.y, at.plane, at.image) =
        value_of(arguments, static_cast<int>(program.size()) - 1, index);
  }
  constrain_result(stages.result, kernel);
  schedule_tensor(stages, kernel, target);
  std::vector<Halide::Argument> all(arguments.inputs.begin(), arguments.inputs.end());
  all.insert(all.end(), arguments.constants.begin(), arguments.constants.end());
  return {stages.result, all};
}

}  // namespace cnnc
