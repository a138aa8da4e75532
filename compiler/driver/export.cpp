// cnnc export: the network with its weights as an ONNX model, for other tools.
#include <fmt/format.h>

#include "driver/commands.h"
#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/quantised.h"
#include "driver/front/text.h"
#include "onnx/export/express.h"
#include "onnx/export/express_quantized.h"
#include "onnx/file/write.h"

namespace cnnc {
namespace {

// What the text says and no model can.
void print_losses(const Graph& graph, const std::string& text) {
  for (const NodeId id : graph.inputs)
    if (const Node& input = graph.nodes[id]; input.pixels)
      say(
          fmt::format("{}: note: the model takes the floats of '{}'; how pictures become these, 'from {}', "
                      "is not in it\n",
                      text, input.name, name_of(input.pixels->format)));
  if (!graph.labels.empty())
    say(fmt::format("{}: note: the labels, '{}', are not in the model\n", text, graph.labels));
}

}  // namespace

int run(const ExportOptions& options) {
  const std::string path = choose_export(options);
  Text text = read_text(options.model, options.onnx);
  const Source& source = text.source;
  Graph graph = elaborate_text(text);
  require_weights(graph, options.weights, source);
  bind_weights(graph, options.weights, source);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  Diagnostics diagnostics;
  const std::optional<onnx::Model> model = quantization
                                               ? onnx::express_quantized(graph, *quantization, diagnostics)
                                               : onnx::express(graph, diagnostics);
  if (!model) fail(diagnostics, source);
  write_files(onnx::write_model(*model, path));
  print_losses(graph, source.name);
  return 0;
}

}  // namespace cnnc
