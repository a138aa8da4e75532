// cnnc check: parse, shapes, labels, weights by name and shape; nothing is written.
#include <fmt/format.h>

#include <algorithm>

#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/front/counts.h"
#include "driver/front/front.h"
#include "driver/front/labels.h"
#include "driver/front/text.h"

namespace cnnc {

int run(const CheckOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const Source& source = text.source;
  Graph graph = elaborate_text(text);
  labels_of(graph, source);  // says what is wrong with them
  const bool with_file = std::holds_alternative<WeightsFile>(options.weights);
  if (with_file) bind_weights(graph, options.weights, source);
  const int64_t layers = static_cast<int64_t>(graph.nodes.size() - graph.inputs.size());
  print(
      fmt::format("{}: ok: {}, {}{}\n", source.name, counted(layers, "layer"),
                  counted(count_parameters(graph).learnable, "parameter"),
                  with_file ? fmt::format("; '{}' fits", std::get<WeightsFile>(options.weights).path) : ""));
  return 0;
}

}  // namespace cnnc
