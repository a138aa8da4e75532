#include "driver/run/activations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "driver/console/progress.h"
#include "driver/data/inputs.h"
#include "driver/front/counts.h"
#include "driver/front/front.h"
#include "driver/front/labels.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/run/compiled_graph.h"
#include "picture/values/shades.h"

namespace cnnc {
namespace {

NodeId node_of(const Graph& graph, const std::string& name) {
  const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                  [&](const Node& node) { return node.name == name; });
  return static_cast<NodeId>(found - graph.nodes.begin());
}

// The graph with these values as its outputs, each once, and where each of `wanted` is among them.
struct WithOutputs {
  Graph graph;
  std::vector<size_t> places;
};

WithOutputs with_outputs(Graph graph, const std::vector<NodeId>& wanted) {
  WithOutputs result;
  std::vector<NodeId> nodes;
  for (const NodeId id : wanted) {
    const auto known = std::find(nodes.begin(), nodes.end(), id);
    result.places.push_back(static_cast<size_t>(known - nodes.begin()));
    if (known == nodes.end()) nodes.push_back(id);
  }
  graph.outputs.clear();
  for (const NodeId id : nodes) graph.outputs.push_back({fmt::format("tensor{}", graph.outputs.size()), id});
  result.graph = std::move(graph);
  return result;
}

CompiledGraph compile(const Graph& graph, const Text& text, const ShownInput& input) {
  const Target target =
      target_to_run(std::nullopt, std::nullopt, "--input", arithmetic_of(text.quantization));
  PlanOptions plan;
  plan.choices = read_schedules({}, target, 1, true).choices;
  return CompiledGraph(plan_network(optimise(graph, text.quantization), target, plan, text.source),
                       {input.jobs, input.cache, progress_line()}, 1);
}

// How many cells the grid of an occlusion map has along each side.
int64_t cells_of(const Graph& graph) {
  constexpr double kMultiplyAdds = 2e11;  // a few seconds
  double sum = 1;
  for (const Node& node : graph.nodes) sum += static_cast<double>(macs(graph, node));
  return std::clamp(static_cast<int64_t>(std::sqrt(kMultiplyAdds / sum)), int64_t{5}, int64_t{14});
}

// A range of rows or columns.
struct Stretch {
  int64_t begin = 0, end = 0;
};

// What a patch covers that has the cell of that number in its middle: a fifth of the side, at least the cell.
Stretch patch_at(int64_t cell, int64_t cells, int64_t side) {
  const int64_t length = std::max((side + cells - 1) / cells, (side + 4) / 5);
  const int64_t begin = ((2 * cell + 1) * side / cells - length) / 2;
  return {std::max<int64_t>(0, begin), std::min(side, begin + length)};
}

// The mean of each channel in the place of these rows and columns.
std::vector<float> covered(std::vector<float> values, const PictureShape& sizes, Stretch rows,
                           Stretch columns) {
  const int64_t pixels = sizes.height * sizes.width;
  for (int64_t c = 0; c < sizes.channels; ++c) {
    float* channel = values.data() + c * sizes.channel_step();
    double sum = 0;
    for (int64_t i = 0; i < pixels; ++i) sum += channel[i * sizes.pixel_step()];
    const auto mean = static_cast<float>(sum / static_cast<double>(pixels));
    for (int64_t y = rows.begin; y < rows.end; ++y)
      for (int64_t x = columns.begin; x < columns.end; ++x)
        channel[(y * sizes.width + x) * sizes.pixel_step()] = mean;
  }
  return values;
}

const Pixels* pixels_of_text(const Node& input) {
  return input.pixels ? &*input.pixels : nullptr;
}

// What to write instead for an input that is no picture.
std::string way_out(const Shape& shape) {
  const std::string way = way_to_channels_last(shape);
  return way + (way.empty() ? "" : "; ") + "'cnnc run' runs it on arrays";
}

// The stage's maps, behind its activations and before what only renames them.
NodeId node_with_maps(const Graph& graph, const picture::Watched& stage) {
  NodeId last = node_of(graph, stage.nodes.front());
  for (const std::string& name : stage.nodes)
    if (const NodeId node = node_of(graph, name); graph.nodes[node].shape == stage.shape) last = node;
  return last;
}

// The first output that is like a vector, and what its elements are compared by. The elements of a softmax
// hardly change where one is near 1; what it reads does.
struct Scored {
  size_t output = 0;
  NodeId scores = 0;
};

std::optional<Scored> scored_output(const Graph& graph) {
  for (size_t o = 0; o < graph.outputs.size(); ++o) {
    const NodeId id = graph.outputs[o].node;
    const Node& node = graph.nodes[id];
    if (!picture::is_like_a_vector(node.shape)) continue;
    const bool is_softmax = node.op == "softmax" || node.op == "log_softmax";
    return Scored{o, is_softmax ? node.inputs.front() : id};
  }
  return std::nullopt;
}

// `place` is where the scores are among the network's outputs.
picture::Occlusion occlusion_of(CompiledGraph& network, const picture::Activation& output, size_t place,
                                const std::vector<float>& input, const std::vector<float>& scores,
                                const PictureShape& sizes, int64_t cells) {
  picture::Occlusion result;
  result.output = output.name;
  result.winner = picture::greatest_of(output.values, 1).front();
  result.score = scores[result.winner];
  result.rows = std::min(cells, sizes.height), result.columns = std::min(cells, sizes.width);
  const Stretch middle = patch_at(result.rows / 2, result.rows, sizes.height),
                across = patch_at(result.columns / 2, result.columns, sizes.width);
  result.patch_height = middle.end - middle.begin, result.patch_width = across.end - across.begin;
  for (int64_t y = 0; y < result.rows; ++y)
    for (int64_t x = 0; x < result.columns; ++x) {
      const std::vector<float> patched = covered(input, sizes, patch_at(y, result.rows, sizes.height),
                                                 patch_at(x, result.columns, sizes.width));
      result.losses.push_back(result.score - network.run({patched})[place][result.winner]);
    }
  return result;
}

}  // namespace

void require_one_picture(const Graph& graph, const Source& source) {
  Diagnostics diagnostics;
  const Node& first = graph.nodes[graph.inputs.front()];
  if (graph.inputs.size() > 1)
    diagnostics.error(graph.nodes[graph.inputs[1]].where,
                      fmt::format("the network reads {} inputs, and maps are drawn of networks that read one",
                                  graph.inputs.size()),
                      "'cnnc run' runs it on a file for each");
  else if (!picture_shape_of(first.shape, pixels_of_text(first)))
    diagnostics.error(
        first.where,
        fmt::format("the input '{}' is {}, and maps are drawn of networks that read a picture: a "
                    "map with one or three channels",
                    first.name, to_string(first.shape)),
        way_out(first.shape));
  else
    return;
  fail(diagnostics, source);
}

picture::Activations activations_of(const Graph& graph, const Text& text, const ShownInput& input) {
  require_one_picture(graph, text.source);
  const Node& node = graph.nodes[graph.inputs.front()];
  const Pixels* pixels = pixels_of_text(node);
  const std::vector<float> values = input_values(input.path, node.name, node.shape, input.pictures, pixels);
  picture::Activations result;
  result.network = graph.name;
  result.labels = input.labels ? labels_from(*input.labels, graph) : labels_of(graph, text.source);
  result.input = as_picture(input.path, values, node.shape, input.pictures, pixels);
  const std::vector<picture::Layer> layers = picture::layers_of(graph);
  const auto stages = picture::watched_stages(picture::stages_of(layers, text.file, {}), layers);
  const std::optional<Scored> scored = scored_output(graph);
  std::vector<NodeId> wanted;
  for (const picture::Watched& stage : stages) wanted.push_back(node_with_maps(graph, stage));
  for (const GraphOutput& output : graph.outputs) wanted.push_back(output.node);
  if (scored) wanted.push_back(scored->scores);
  const WithOutputs outputs = with_outputs(graph, wanted);
  CompiledGraph network = compile(outputs.graph, text, input);
  const Tensors tensors = network.run({values});
  const auto activation = [&](size_t i, const std::string& name, const std::string& what) {
    return picture::Activation{name, what, graph.nodes[wanted[i]].shape, tensors[outputs.places[i]]};
  };
  for (size_t i = 0; i < stages.size(); ++i)
    result.stages.push_back(activation(i, stages[i].name, stages[i].what));
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    result.outputs.push_back(activation(stages.size() + i, graph.outputs[i].name, ""));
  if (scored)
    result.occlusion = occlusion_of(network, result.outputs[scored->output], outputs.places.back(), values,
                                    tensors[outputs.places.back()],
                                    picture_shape_of(node.shape, pixels).value(), cells_of(graph));
  return result;
}

}  // namespace cnnc
