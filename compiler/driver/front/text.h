// Networks on their way in: as a text, or as an ONNX model, which is written as a text first.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "onnx/import/quantization.h"
#include "onnx/import/translate_options.h"
#include "quantize/quantization.h"
#include "support/source.h"
#include "syntax/ast.h"

namespace cnnc {

struct Text {
  Source source;
  ast::File file;
  int64_t images = 1;                 // of a run, unless the command line says it: what an ONNX model fixes
  std::vector<std::string> notes;     // onnx::Network::notes
  std::vector<std::string> files;     // that an ONNX model brings with it: paths of its external data
  std::optional<Graph> with_weights;  // the ONNX model's own graph, which the text describes
  // What a quantised ONNX model says of its tensors; `quantization`: by the nodes that the text has.
  std::optional<onnx::NetworkQuantization> of_model;
  std::optional<Quantization> quantization;
};

// Throw InputError with all errors rendered. `options` is for ONNX models alone; of its batch only what the
// model leaves open is taken.
Text read_text(const std::string& path, const onnx::TranslateOptions& options);
Text import_model(const std::string& path, const onnx::TranslateOptions& options);

// The graph, with weights if the text came with them, which it then gives away; and the quantisation, if it
// came with one. Throws InputError.
Graph elaborate_text(Text& text);

// The notes, on the standard error output: "net.onnx: note: …".
void print_notes(const Text& text);

}  // namespace cnnc
