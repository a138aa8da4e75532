// All that determines the code of a kernel but the target.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "plan/kernel_parameters.h"
#include "plan/layout.h"
#include "plan/schedule.h"

namespace cnnc {

// Bytes: what the workspace, the tensors in it and the packed constants are aligned to; a cache line and a
// vector.
constexpr int64_t kAlignment = 64;

// Bytes that an allocation in scratch memory may take more than its elements do.
constexpr int64_t kHeapPadding = 64;

// Two steps of a plan with equal kernels share one.
// A kernel is a function (inputs…, constants…, output) of pointers: to an input's first stored element, in
// its halo if it has one; to the output's element (0, 0, 0).
struct Kernel {
  std::string family;           // the builder in kernels/registry.cpp: "conv_blocked"
  KernelParameters parameters;  // those of the family
  std::vector<Layout> inputs;
  std::vector<int64_t> constants;  // elements of each
  Layout output;
  std::vector<EpilogueStep> epilogue;
  Schedule schedule;  // all numbers that its family has (plan/choose/space.h)
  // How it is computed: empty, by the schedule; else as Halide or one of its autoschedulers has it
  // (kernels/strategies.h), for comparison.
  std::string strategy;
  int strategy_threads = 1;  // that an autoscheduler reckons with
  // Bytes that these pointers are aligned to: inputs, then the output. Constants are aligned to 64.
  std::vector<int64_t> alignments;
  int tasks = 1;  // for several threads, at most: pieces of its outermost loop; 1: the loop is not shared out
  // Floats of the workspace that it uses while it runs, for what is too large for the stack; 0: none. Or
  // those that each of at most so many threads has to itself in a loop that is shared out.
  int64_t scratch = 0, own_scratch = 0;
  int scratch_places = 0;
  int64_t all_scratch() const { return scratch + own_scratch * scratch_places; }
};
bool operator==(const Kernel& a, const Kernel& b);
std::string to_string(const Kernel& kernel);

// The parameters as those of its family. Throw std::bad_variant_access where they are another's.
const Attributes& attributes_of(const Kernel& kernel);
const ConvParameters& conv_of(const Kernel& kernel);
const PoolParameters& pool_of(const Kernel& kernel);
const DenseParameters& dense_of(const Kernel& kernel);
const TensorProgram& program_of(const Kernel& kernel);

// The window of a convolution or a pool; null of other kernels.
const WindowParameters* find_window(const Kernel& kernel);
// As find_window; throws std::logic_error where there is none.
const WindowParameters& window_parameters(const Kernel& kernel);

// What is computed of each element of the first input as it is read; null if nothing is.
const BatchnormPrologue* find_prologue(const Kernel& kernel);

// The constants of the kernel that are not its prologue's.
size_t own_constants(const Kernel& kernel);

// Of weights that are whole numbers; 0 of a kernel that has none.
int64_t weight_bits_of(const Kernel& kernel);

// The first of two convolutions; null where there is one or none. Its geometry: plan/inner_conv.h.
const InnerConv* find_inner_conv(const Kernel& kernel);

}  // namespace cnnc
