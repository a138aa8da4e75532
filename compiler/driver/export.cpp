// cnnc export: the network with its weights as an ONNX model, for other tools.
#include <fmt/format.h>

#include "driver/commands.h"
#include "driver/front.h"
#include "driver/outputs.h"
#include "onnx/write.h"

namespace cnnc {

int run(const ExportOptions& options) {
  const std::string path = choose_export(options);
  const Source source = read_source(options.model);
  Graph graph = elaborate_source(parse_source(source), source);
  require_weights(graph, options.weights, source);
  bind_weights(graph, options.weights, source);
  Diagnostics diagnostics;
  const std::optional<onnx::Files> files = onnx::write_network(graph, path, diagnostics);
  if (!files) fail(diagnostics, source);
  write_files(*files);
  return 0;
}

}  // namespace cnnc
