#include "onnx/import/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "graph/picture_shape.h"
#include "graph/pixel_limits.h"
#include "passes/edit/rewrite.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// y = scale * level + shift.
struct Line {
  double scale = 1, shift = 0;
};

Line line_of(const Pixels& pixels, size_t channel) {
  return {1 / (255 * pixels.deviation[channel]), -pixels.mean[channel] / pixels.deviation[channel]};
}

// To a rounding of floats, as constants of models are rounded ones.
bool is_line(const Line& line, double mean, double deviation) {
  constexpr double kRounding = 1.0 / (1 << 23);
  const double scale = 1 / (255 * deviation), shift = -mean / deviation;
  return std::fabs(scale - line.scale) <= kRounding * std::fabs(line.scale) &&
         std::fabs(shift - line.shift) <= kRounding * std::fabs(255 * line.scale);
}

// The number with so many digits.
double rounded(double value, int digits) {
  return std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
}

// A mean and a deviation that make the line, with as few digits as that takes; false: there are none
// that a text may have.
bool set_line(Pixels& pixels, size_t channel, const Line& line) {
  const double deviation = 1 / (255 * line.scale), mean = -line.shift * deviation;
  for (int digits = 1; digits <= 17; ++digits) {
    const double d = rounded(deviation, digits), m = rounded(mean, digits);
    if (!is_line(line, m, d)) continue;
    pixels.deviation[channel] = d;
    pixels.mean[channel] = m;
    return std::fabs(d) >= kLeastDeviation && std::fabs(d) <= kGreatestOfPixels &&
           std::fabs(m) <= kGreatestOfPixels;
  }
  return false;
}

bool is_output(const Graph& graph, NodeId node) {
  return std::any_of(graph.outputs.begin(), graph.outputs.end(),
                     [&](const GraphOutput& output) { return output.node == node; });
}

// The node that alone reads a tensor; null where there is not exactly one, and where it is an output, which
// no input can be.
const cnnc::Node* only_reader(const Graph& graph, NodeId tensor, const std::vector<int>& uses) {
  if (uses[static_cast<size_t>(tensor)] != 1) return nullptr;
  const auto reads = [&](const cnnc::Node& node) {
    return std::find(node.inputs.begin(), node.inputs.end(), tensor) != node.inputs.end();
  };
  const auto reader = std::find_if(graph.nodes.begin(), graph.nodes.end(), reads);
  const bool is_one = reader != graph.nodes.end();
  return is_one && !is_output(graph, static_cast<NodeId>(reader - graph.nodes.begin())) ? &*reader : nullptr;
}

bool brings_channels_first(const cnnc::Node& node) {
  if (node.op != "permute") return false;
  const auto* order = std::get_if<std::vector<int64_t>>(&node.attributes.at("order"));
  return order && *order == std::vector<int64_t>{2, 0, 1};
}

// The pixels as a batchnorm makes them; empty where a text cannot say that.
std::optional<Pixels> with_batchnorm(Pixels pixels, const cnnc::Node& node) {
  if (node.op != "batchnorm") return std::nullopt;
  const auto values = [&](const char* name) { return find_parameter(node, name)->values; };
  const auto weight = values("weight"), bias = values("bias"), mean = values("running_mean"),
             variance = values("running_var");
  if (!weight || weight->size() != pixels.mean.size()) return std::nullopt;
  const double eps = std::get<double>(node.attributes.at("eps"));
  for (size_t c = 0; c < weight->size(); ++c) {
    const double scale = weight->at(c) / std::sqrt(variance->at(c) + eps);
    const Line before = line_of(pixels, c);
    const Line line{scale * before.scale, scale * (before.shift - mean->at(c)) + bias->at(c)};
    if (!set_line(pixels, c, line)) return std::nullopt;
  }
  return pixels;
}

// Folds what is done to an input's pixels into it; false: nothing is.
bool fold_input(Graph& graph, NodeId input, const std::vector<int>& uses, const std::set<NodeId>& kept,
                std::vector<NodeId>& stands_for) {
  cnnc::Node& own = graph.nodes[static_cast<size_t>(input)];
  NodeId last = input;
  const auto next = [&]() { return kept.count(last) ? nullptr : only_reader(graph, last, uses); };
  const auto take = [&](const cnnc::Node* node) {
    last = static_cast<NodeId>(node - graph.nodes.data());
    stands_for[static_cast<size_t>(last)] = input;
  };
  const bool is_last = picture_shape(own.shape, own.pixels->format)->is_channels_last;
  if (const cnnc::Node* node = next(); node && is_last && brings_channels_first(*node)) {
    own.shape = node->shape;
    take(node);
  }
  if (picture_shape(own.shape, own.pixels->format)->is_channels_last) return false;
  const cnnc::Node* node = next();
  const auto pixels = node ? with_batchnorm(*own.pixels, *node) : std::nullopt;
  if (pixels) {
    own.pixels = pixels;
    take(node);
  }
  return last != input;
}

std::string note_of(const cnnc::Node& input, const Pixels& pixels, const char* floats) {
  const char* order = channels_of(pixels.format) == 1 ? "" : ", or 'bgr8', which a model does not say";
  return fmt::format("input {} reads pictures, too: '{}'{}; floats are given as {}", quote(input.name),
                     to_string(pixels), order, floats);
}

}  // namespace

std::optional<Pixels> pixels_of_levels(const Shape& shape, bool is_channels_last) {
  for (const PixelFormat format : {PixelFormat::rgb8, PixelFormat::grey8}) {
    const auto sizes = picture_shape(shape, format);
    if (!sizes || (is_channels_last && !sizes->is_channels_last)) continue;
    const auto channels = static_cast<size_t>(sizes->channels);
    return Pixels{format, std::vector<double>(channels, 0), std::vector<double>(channels, 1.0 / 255)};
  }
  return std::nullopt;
}

FoldedPictures fold_pictures(Graph graph, const std::set<NodeId>& kept) {
  const std::vector<int> uses = count_uses(graph);
  std::vector<NodeId> stands_for(graph.nodes.size());
  std::iota(stands_for.begin(), stands_for.end(), 0);
  std::vector<NodeId> inputs;
  for (const NodeId input : graph.inputs)
    if (graph.nodes[static_cast<size_t>(input)].pixels && fold_input(graph, input, uses, kept, stands_for))
      inputs.push_back(input);
  if (inputs.empty()) return {std::move(graph), {}};
  return {replace_nodes(std::move(graph), stands_for), inputs};
}

std::vector<std::string> notes_of_pictures(const Graph& graph, const FoldedPictures& folded, bool is_folded) {
  std::vector<std::string> notes;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const cnnc::Node& input = graph.nodes[static_cast<size_t>(graph.inputs[i])];
    if (!input.pixels) continue;
    const bool can_fold =
        std::find(folded.inputs.begin(), folded.inputs.end(), graph.inputs[i]) != folded.inputs.end();
    if (is_folded && can_fold) {
      const cnnc::Node& now = folded.graph.nodes[static_cast<size_t>(folded.graph.inputs[i])];
      notes.push_back(note_of(now, *now.pixels, "what that makes of pixels, channels first"));
      continue;
    }
    std::string note = note_of(input, *input.pixels, "levels, 0 to 255, in the model's order of axes");
    if (can_fold) {
      const cnnc::Node& then = folded.graph.nodes[static_cast<size_t>(folded.graph.inputs[i])];
      note += fmt::format("; with --fold-pixels it is '{} {}', and floats are given so",
                          to_string(then.shape), to_string(*then.pixels));
    }
    notes.push_back(note);
  }
  return notes;
}

}  // namespace cnnc::onnx
