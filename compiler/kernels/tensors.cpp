#include "kernels/tensors.h"

#include <fmt/format.h>

#include <stdexcept>

namespace cnnc {

namespace {

// The places that a dimension has, which autoschedulers take from their estimates.
void set_bounds(Halide::Internal::Dimension dimension, int64_t min, int64_t extent) {
  dimension.set_bounds(size(min), size(extent)).set_estimate(size(min), size(extent));
}

void set_strides(Halide::OutputImageParam tensor, const Layout& layout, int64_t alignment) {
  set_bounds(tensor.dim(0).set_stride(1), 0, layout.block);
  tensor.dim(1).set_stride(size(layout.column_stride()));
  tensor.dim(2).set_stride(size(layout.row_stride()));
  set_bounds(tensor.dim(3).set_stride(size(layout.plane_stride())), 0, layout.planes());
  set_bounds(tensor.dim(4).set_stride(size(layout.image_stride())), 0, layout.images);
  tensor.set_host_alignment(size(alignment));
}

}  // namespace

Halide::Type type_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return Halide::Float(32);
    case ElementType::int32:
      return Halide::Int(32);
    case ElementType::uint8:
      return Halide::UInt(8);
    case ElementType::int8:
      return Halide::Int(8);
    case ElementType::float16:
    case ElementType::bfloat16:
      return Halide::UInt(16);  // Halide 14 computes its own halves by a dozen of instructions
  }
  throw std::logic_error("an element type that kernels do not know");
}

Halide::ImageParam input_parameter(const Kernel& kernel, size_t index) {
  Halide::ImageParam tensor(type_of(kernel.inputs[index].type), 5, fmt::format("input{}", index));
  const Layout& layout = kernel.inputs[index];
  set_strides(tensor, layout, kernel.alignments[index]);
  set_bounds(tensor.dim(1), -layout.left, layout.pitch());
  set_bounds(tensor.dim(2), -layout.top, layout.rows());
  return tensor;
}

Halide::Expr operand_at(const Kernel& kernel, const Halide::ImageParam& input, const Coordinates& at) {
  const auto* conv = std::get_if<ConvParameters>(&kernel.parameters);
  if (!conv || !conv->phase) return input(at.lane, at.x, at.y, at.plane, at.image);
  return input(at.lane, at.x * size(kernel.output.column_step) + size(conv->phase->column),
               at.y * size(kernel.output.row_step) + size(conv->phase->row), at.plane, at.image);
}

Halide::ImageParam vector_parameter(const Kernel& kernel, size_t index) {
  Halide::ImageParam tensor(type_of(kernel.inputs[index].type), 2, fmt::format("input{}", index));
  const Layout& layout = kernel.inputs[index];
  set_bounds(tensor.dim(0).set_stride(1), 0, layout.planes() * layout.plane_stride());
  set_bounds(tensor.dim(1).set_stride(size(layout.image_stride())), 0, layout.images);
  tensor.set_host_alignment(size(kernel.alignments[index]));
  return tensor;
}

std::vector<BlockRange> block_ranges(const Layout& layout) {
  const int whole = size(layout.channels / layout.block), rest = size(layout.channels % layout.block);
  std::vector<BlockRange> ranges;
  if (whole > 0) ranges.push_back({0, whole, size(layout.block)});
  if (rest > 0) ranges.push_back({whole, 1, rest});
  return ranges;
}

Halide::ImageParam constant_parameter(const std::string& name, const std::vector<int64_t>& extents,
                                      ElementType type) {
  Halide::ImageParam constant(type_of(type), static_cast<int>(extents.size()), name);
  int64_t stride = 1;
  for (size_t i = 0; i < extents.size(); ++i) {
    set_bounds(constant.dim(static_cast<int>(i)).set_stride(size(stride)), 0, extents[i]);
    stride *= extents[i];
  }
  constant.set_host_alignment(kAlignment);
  return constant;
}

std::vector<Halide::Argument> LayerTensors::arguments() const {
  std::vector<Halide::Argument> all(inputs.begin(), inputs.end());
  all.push_back(weight);
  if (has_bias) all.push_back(bias);
  return all;
}

LayerTensors layer_tensors(const Kernel& kernel, const std::vector<int64_t>& weight,
                           const std::vector<int64_t>& bias, bool vectors) {
  LayerTensors tensors;
  for (size_t i = 0; i < kernel.inputs.size(); ++i)
    tensors.inputs.push_back(vectors ? vector_parameter(kernel, i) : input_parameter(kernel, i));
  tensors.weight = constant_parameter("weight", weight);
  tensors.bias = constant_parameter("bias", bias);
  tensors.has_bias = own_constants(kernel) > 1;
  return tensors;
}

void constrain_result(Halide::Func result, const Kernel& kernel) {
  set_strides(result.output_buffer(), kernel.output, kernel.alignments.back());
  set_bounds(result.output_buffer().dim(1), 0, kernel.output.width);
  set_bounds(result.output_buffer().dim(2), 0, kernel.output.height);
}

}  // namespace cnnc
