// A kernel's tensors as Halide parameters.
#pragma once
#include <Halide.h>

#include <string>
#include <vector>

#include "plan/kernel.h"
#include "schedules/sizes.h"

namespace cnnc {

// As Halide has it.
Halide::Type type_of(ElementType type);

// All tensors of a kernel have these dimensions: lane (channel in its block), x, y, plane (block of
// channels), image (of the batch).
struct Coordinates {
  Halide::Var lane{"lane"}, x{"x"}, y{"y"}, plane{"plane"}, image{"image"};
};

// An input of the kernel: its halo has negative coordinates, or ones beyond its size. The pointer is to the
// first element of the halo, since Halide 14 fails where it sees a constant place before a pointer.
Halide::ImageParam input_parameter(const Kernel& kernel, size_t index);

// The element of an operand of the epilogue that belongs to an element of the result. Where the result is a
// phase (Layout::row_step), ConvParameters::phase has the place of its first element in the operand.
Halide::Expr operand_at(const Kernel& kernel, const Halide::ImageParam& input, const Coordinates& at);

// An input that is a vector, with two dimensions: its stored elements, image.
Halide::ImageParam vector_parameter(const Kernel& kernel, size_t index);

// Blocks of a tensor that hold the same number of channels.
struct BlockRange {
  int first_block, blocks, channels;  // channels of each
};
// The whole blocks, then the last one where it has padding; either may be missing.
std::vector<BlockRange> block_ranges(const Layout& layout);

// A constant of the kernel with these extents, innermost first, densely packed.
Halide::ImageParam constant_parameter(const std::string& name, const std::vector<int64_t>& extents,
                                      ElementType type = ElementType::float32);

// The parameters of a layer with a weight and perhaps a bias.
struct LayerTensors {
  std::vector<Halide::ImageParam> inputs;
  Halide::ImageParam weight, bias;
  bool has_bias = false;

  // All of them, in the order of the kernel's arguments.
  std::vector<Halide::Argument> arguments() const;
};

// With input_parameter() or, of `vectors`, vector_parameter(); constants of these extents.
LayerTensors layer_tensors(const Kernel& kernel, const std::vector<int64_t>& weight,
                           const std::vector<int64_t>& bias, bool vectors = false);

// Gives the result the layout of the kernel's output, whose halo is left alone: the pointer is to element (0,
// 0, 0).
void constrain_result(Halide::Func result, const Kernel& kernel);

}  // namespace cnnc
