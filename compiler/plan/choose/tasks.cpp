#include "plan/choose/tasks.h"

#include <algorithm>

namespace cnnc {

namespace {

constexpr double kMostTasks = 256;

// A core with two multiply-adds a cycle, at half of its peak.
double products_per_second(const Target& target) {
  return target.cycles_per_second * target.lanes;
}

// Of a product of matrices; else as many as elements are read by the last operator.
double products_of(const TensorProgram& program) {
  const TensorTerm& last = program.back();
  double elements = static_cast<double>(last.shape.elements());
  for (const int term : last.terms)
    elements = std::max(elements, static_cast<double>(program[static_cast<size_t>(term)].shape.elements()));
  for (const TensorTerm& term : program)
    if (term.op == "matmul" || term.op == "dense") {
      const Shape& left = program[static_cast<size_t>(term.terms[0])].shape;
      elements = static_cast<double>(term.shape.elements()) * static_cast<double>(left.sizes.back());
    }
  return elements;
}

// Each weight is used once for every pixel of the result; a window without weights counts as one. By
// whichever algorithm: a kernel has as many tasks by Winograd's transform of columns, whose weights are
// stored as points.
double products(const Kernel& kernel) {
  if (kernel.family == "tensor") return products_of(program_of(kernel));
  const WindowParameters* window = find_window(kernel);
  const auto height = static_cast<double>(window ? window->height.filter : 1),
             width = static_cast<double>(window ? window->width.filter : 1);
  const bool is_resampling = kernel.family == "upsample" || kernel.family == "resize";
  if (is_resampling && !kernel.constants.empty())  // two tables of the weights of 4 x 4 elements
    return static_cast<double>(kernel.output.elements()) * 16;
  if (kernel.constants.empty()) return static_cast<double>(kernel.output.elements()) * height * width;
  double weights = static_cast<double>(kernel.constants[0]);
  if (kernel.family == "conv_winograd")
    weights *= height / (static_cast<double>(number(kernel.schedule, "outputs")) + height - 1);
  return weights * static_cast<double>(kernel.output.height) * static_cast<double>(kernel.output.width) *
         static_cast<double>(kernel.output.images);
}

// What the first constant is stored as; those behind it have four bytes an element.
ElementType weights_type_of(const Kernel& kernel) {
  if (weight_bits_of(kernel) > 0) return ElementType::int8;
  if (const auto* dense = std::get_if<DenseParameters>(&kernel.parameters)) return dense->weights;
  return kernel.inputs[0].type == ElementType::bfloat16 ? ElementType::bfloat16 : ElementType::float32;
}

double bytes(const Kernel& kernel) {
  int64_t bytes = kernel.output.bytes();
  for (const Layout& input : kernel.inputs) bytes += input.bytes();
  for (size_t i = 0; i < kernel.constants.size(); ++i)
    bytes += kernel.constants[i] * size_of(i == 0 ? weights_type_of(kernel) : ElementType::float32);
  return static_cast<double>(bytes);
}

}  // namespace

double estimated_seconds(const Kernel& kernel, const Target& target) {
  return std::max(products(kernel) / products_per_second(target),
                  bytes(kernel) / target.memory.bytes_per_second);
}

int tasks_of(const Kernel& kernel, const Target& target, double task_seconds) {
  const double tasks = std::min(kMostTasks, estimated_seconds(kernel, target) / task_seconds);
  return tasks < static_cast<double>(kLeastTasks) ? 1 : static_cast<int>(tasks);
}

}  // namespace cnnc
