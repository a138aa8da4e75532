// All that must hold of a compiled network, checked on one network.
#pragma once
#include <optional>
#include <string>

#include "graph/graph.h"
#include "plan/plan.h"

namespace cnnc {

// The graph of a text, without weights; empty if the text is not valid.
std::optional<Graph> graph_of(const std::string& text);

// What the inputs are, uniform in [middle - reach, middle + reach), in steps of reach 2^-23; and what a
// batchnorm of the name kNormalised takes for their mean and standard deviation, which may be others. Where a
// tensor would leave the range of float, the inputs are in [-1, 1) all the same.
struct InputRange {
  float middle = 0, reach = 1;
  float mean = 0, deviation = 1;
};
constexpr const char* kNormalised = "normalised";

// Constant tensors whose names begin so hold minus infinity at every third place from the second on, else 0.
constexpr const char* kMask = "mask";

// Compiles a valid text with random weights and runs it on a random input. What does not hold, or "":
//  - each step is within the bound of its definition, and each output within that of the whole network
//    (driver/run/verify_outputs.h);
//  - no byte outside of the tensors and the workspace is touched, and no input is written;
//  - memory full of no numbers, memory at other addresses, a workspace in which tensors share their place and
//    several threads give the same bits;
//  - nothing crashes, and no process takes more than a minute of processor time.
// The instruction set must be one that this machine runs, or for which there is an emulator, by which of this
// the bounds are checked, and that several threads give the same bits.
// With options.sharing its plan is followed as of a library for several targets.
std::string fault_of(const std::string& text, Isa isa, const PlanOptions& options = {},
                     const InputRange& range = {});

// The network of a valid text in bytes, as quantize/ makes it, with random weights and the ranges of the
// input that fault_in_bytes runs it on.
Graph in_bytes(const std::string& text, int weight_bits, const PlanOptions& options = {},
               const InputRange& range = {});

// The same with convolutions of bfloat16, as passes/use_bfloat16.h makes them.
Graph in_bfloat16(const std::string& text, const PlanOptions& options = {}, const InputRange& range = {});

// As fault_of, of such a network: its integer steps must have the bits of their definition.
std::string fault_in_bytes(const Graph& graph, Isa isa, const PlanOptions& options = {},
                           const InputRange& range = {});

// Options with which each kernel that can be is shared out among threads, however small it is.
PlanOptions many_tasks();

// Whether it is one; if not, says on the standard output that the test is skipped.
bool runs_here(Isa isa);

}  // namespace cnnc
