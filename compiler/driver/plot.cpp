// cnnc plot: the network as a picture.
#include "driver/commands.h"
#include "driver/front/filters.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/run/activations.h"
#include "picture/diagram/diagram.h"
#include "picture/field.h"
#include "picture/memory.h"
#include "picture/values/filters.h"
#include "picture/volumes/volumes.h"
#include "picture/write_svg.h"

namespace cnnc {
namespace {

picture::Drawing diagram_of(const std::string& name, const picture::Tree& tree,
                            const std::vector<picture::Layer>& layers, const Source& source) {
  try {
    return picture::draw_diagram(name, tree, layers);
  } catch (const picture::TooLarge& large) {
    Diagnostics diagnostics;
    diagnostics.error(large.where, large.message,
                      "leave out '--style graph': blocks need no room for edges, and equal ones are one");
    fail(diagnostics, source);
  }
}

picture::Drawing layers_of(const Graph& graph, const Text& text, const PlotOptions& options) {
  const std::vector<picture::Layer> layers = picture::layers_of(graph);
  if (options.style == PlotStyle::graph)
    return diagram_of(graph.name, picture::tree_of(layers, text.file, !options.expand), layers, text.source);
  return picture::draw_volumes(graph.name, picture::stages_of(layers, text.file, {options.expand}), layers);
}

// Of the library that a compilation makes by default, or of the one for these targets.
picture::Drawing memory_of(const Graph& graph, const Text& text, const PlotOptions& options) {
  const std::vector<Target> targets =
      targets_of_library(options.targets, arithmetic_of(text.quantization, text, options.bfloat16));
  const std::vector<Schedules> schedules = read_schedules({}, targets, 1, true);
  PlanOptions common;
  if (options.bfloat16) common.weights_type = ElementType::bfloat16;
  const Graph planned = optimise(graph, text.quantization, nullptr, options.bfloat16);
  return picture::draw_memory(
      plan_network(planned, targets, options_of_plans(common, schedules), text.source).best());
}

Graph with_weights(Graph graph, const Text& text, const Weights& weights) {
  require_weights(graph, weights, text.source);
  bind_weights(graph, weights, text.source);
  return graph;
}

picture::Drawing filters_of(const Graph& graph, const Text& text, const PlotOptions& options) {
  const NodeId layer = layer_with_filters(graph, text.source, options.layer);
  const Graph bound = with_weights(graph, text, options.weights);
  return picture::draw_filters(graph.name, picture::filters_of(bound.nodes[layer], reads_bgr(graph)));
}

picture::Drawing maps_of(const Graph& graph, const Text& text, const PlotOptions& options) {
  require_one_picture(graph, text.source);
  return picture::draw_maps(activations_of(with_weights(graph, text, options.weights), text, *options.input));
}

picture::Drawing drawing_of(const Graph& graph, const Text& text, const PlotOptions& options) {
  if (options.what == PlotWhat::filters) return filters_of(graph, text, options);
  if (options.what == PlotWhat::maps) return maps_of(graph, text, options);
  if (options.what == PlotWhat::memory) return memory_of(graph, text, options);
  if (options.what == PlotWhat::field) return picture::draw_field(graph);
  return layers_of(graph, text, options);
}

}  // namespace

int run(const PlotOptions& options) {
  const std::string path = choose_picture(options);
  Text text = read_text(options.model, options.onnx);
  const Graph graph = elaborate_text(text);
  text.quantization = read_quantization(options.quantization, text, graph);
  write_file(path, picture::to_svg(drawing_of(graph, text, options)));
  return 0;
}

}  // namespace cnnc
