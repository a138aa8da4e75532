// What a kernel does to each element of its first input (BatchnormPrologue).
#pragma once
#include <Halide.h>

#include <vector>

#include "kernels/tensors.h"
#include "plan/kernel.h"

namespace cnnc {

struct Prologue {
  Halide::ImageParam scale, shift;  // (lane, plane)
  bool exists = false;

  // The element, prepared; as it is without a prologue.
  Halide::Expr operator()(const Kernel& kernel, const Halide::Expr& element, const Coordinates& at) const;

  // Its constants as the kernel's last arguments.
  void add_to(std::vector<Halide::Argument>& arguments) const;
};

Prologue prologue_of(const Kernel& kernel);

}  // namespace cnnc
