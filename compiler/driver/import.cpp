// cnnc import: an ONNX model as a text, and its weights beside it.
#include <fmt/format.h>

#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/front/counts.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/text.h"
#include "support/shell.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

bool has_parameters(const Graph& graph) {
  const ParameterCount count = count_parameters(graph);
  return count.learnable != 0 || count.statistics != 0;
}

// What was written, and what to do with it. `images`: of a run.
std::string report(const Graph& graph, const std::optional<Quantization>& quantization,
                   const ImportOutputs& outputs, int64_t images) {
  const auto layers = static_cast<int64_t>(graph.nodes.size() - graph.inputs.size());
  std::string text = fmt::format("{}: written: {}\n", outputs.text, counted(layers, "layer"));
  std::string command = "cnnc " + shell_word(outputs.text);
  if (has_parameters(graph)) {
    text += fmt::format("{}: written: {}\n", outputs.weights,
                        counted(count_parameters(graph).learnable, "parameter"));
    command += " --weights " + shell_word(outputs.weights);
  }
  if (quantization) {
    text += fmt::format("{}: written: {} of bytes\n", outputs.quantization,
                        counted(static_cast<int64_t>(quantization->tensors.size()), "tensor"));
    command += " --quantize " + shell_word(outputs.quantization);
  }
  if (images > 1) command += fmt::format(" --batch {}", images);
  return text + "compile it: " + command + "\n";
}

}  // namespace

int run(const ImportOptions& options) {
  const ImportOutputs outputs = choose_import(options);
  Text text = import_model(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  std::vector<std::pair<std::string, Content>> files;
  if (has_parameters(graph)) files.emplace_back(outputs.weights, safetensors_bytes(graph));
  files.emplace_back(outputs.text, text.source.text);
  const std::string quantization = text.quantization ? to_string(*text.quantization) : "";
  if (text.quantization) files.emplace_back(outputs.quantization, quantization);
  write_files(files);
  print_notes(text);
  print(report(graph, text.quantization, outputs, options.onnx.images.value_or(text.images)));
  return 0;
}

}  // namespace cnnc
