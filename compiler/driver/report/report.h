// A network's report as a value: what its page says.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/shape.h"
#include "picture/diagram/tree.h"
#include "picture/drawing.h"
#include "picture/layers.h"

namespace cnnc {

// A layer of the text with the activations and norms behind it, as pictures have it.
struct ReportLayer {
  std::optional<int64_t> parameters = 0;  // that are trained; none: beyond 63 bits
  double macs = 0;                        // multiply-adds for one image, by its definition
  double work = 0;                        // as of a step; 0 also where another layer's kernel computes it
  std::string field;                      // "7x7", elements of the input that one of its own sees; or ""
  std::string also;                       // " + softmax1": of its nodes those that steps of their own compute
};

// A layer of the plan, by the name that 'cnnc bench' has for it.
struct ReportStep {
  std::string name;  // "dec1.0 + relu1"
  std::string what;  // "conv 3x3"; "" of a copy, or a softmax behind its layer
  double work = 0;   // seconds of a run or, where none is measured, multiply-adds that its kernels make
};

// A drawing with what is said above it.
struct ReportPicture {
  std::string title, words;
  picture::Drawing drawing;
  bool is_folded = false;
};

struct Report {
  std::string network, version, command;
  std::optional<std::string> date;
  std::vector<std::string> inputs, outputs;  // "'digit' (784 numbers, 1x28x28)"
  std::vector<picture::Layer> layers;
  picture::Tree tree;
  std::vector<ReportLayer> costs;  // by layer
  std::vector<ReportStep> steps;   // all that a run does, in order
  bool is_measured = false;        // whether work is seconds, else multiply-adds
  double seconds = 0;              // of a run as a whole, where it is measured
  std::string where;               // the target, or the processor that it was measured on
  std::string arithmetic;          // a sentence: in what it is computed, where that is not floats; else empty
  std::vector<std::string> targets;
  int64_t weights_bytes = 0, workspace_bytes = 0, tensor_bytes = 0, scratch_bytes = 0;
  std::vector<ReportPicture> pictures;
  std::vector<std::string> notes;  // what is not on the page
};

}  // namespace cnnc
