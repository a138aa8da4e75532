// Compares the tensors of a compiled network with the definition of each layer, evaluated in double.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ops/evaluation/evaluate.h"
#include "ops/operator.h"
#include "plan/plan.h"

namespace cnnc {

// The memory of one run of a library whose plan kept all tensors.
struct Run {
  std::vector<std::vector<float>> inputs,
      outputs;                           // one a graph input and output, in their order, of all images
  const std::byte* workspace = nullptr;  // plan.workspace_bytes, as the run left it
};

// What became of one step, or of one output. The element with the largest error for its bound stands for all.
struct Comparison {
  std::string name;
  Shape shape;
  double largest_error = 0;                       // max |compiled - reference|
  double ratio = 0;                               // max |compiled - reference| / bound: right up to 1
  int64_t worst = 0;                              // the element of that ratio: row-major in `shape`
  double compiled = 0, reference = 0, bound = 0;  // of that element
  double error = 0;                               // the same one's |compiled - reference|
  bool ok() const { return ratio <= 1; }
};

// The convs and layers of volumes of `original` that the plan computes by Winograd's transforms: their bounds
// are wider.
WinogradConvs winograd_convs(const Graph& original, const Plan& plan);

// One for each step of the plan, in order, of the worst image of the batch or, of the steps that are run
// image by image, of the last one, since memory holds no other afterwards. The nodes of `original` (the
// elaborated graph, weights bound) that a step covers are evaluated from the compiled values of the tensors
// that the step reads, taken as exact; so an error is seen in the step that makes it. The bound is the
// operators' own (ops/operator.h, Reference). A step that covers no node is a copy, and must be exact; one
// whose value is none of these nodes' is compared together with the step that reads it. Throws
// std::logic_error if a step covers nodes that what it reads does not determine.
std::vector<Comparison> compare_steps(const Graph& original, const Plan& plan, const Run& run);

// What the result of each of these steps is off by, for what its inputs were, by the name of the node whose
// value it is: one an element, and no more than its bound. Of the given image or, of steps that are run image
// by image, of the last one.
std::map<std::string, std::vector<double>> errors_of_steps(const Graph& original, const Plan& plan,
                                                           const Run& run, int64_t image);

// A tensor's floats against their reference. NaN is right where the reference is NaN, and an infinity where
// it is one, of either sign, since that of a zero is not defined; else both are infinitely wrong. Of an
// element whose bound is infinite or NaN, such as a logarithm that may be of less than 0, nothing can be
// said. Throws std::logic_error if there are not as many.
Comparison compare(std::string name, Shape shape, const std::vector<float>& compiled,
                   const Reference& reference);

// Of two images of a batch the one that is worse for its bound.
void keep_worse(Comparison& worst, Comparison next);

}  // namespace cnnc
