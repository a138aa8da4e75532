#include "ops/volume/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "ops/part.h"
#include "ops/volume/part_sizes.h"
#include "ops/volume/volume.h"

namespace cnnc {
namespace {

using Sizes = std::vector<int64_t>;

// The place along the rank-4 tensor's axes.
constexpr int64_t kDepth = 1, kHeight = 2;

const Shape& shape_of(const Graph& part, NodeId id) {
  return part.nodes[static_cast<size_t>(id)].shape;
}

NodeId reshaped(Graph& part, std::string name, NodeId x, const Sizes& sizes) {
  if (shape_of(part, x).sizes == sizes) return x;
  return append_node(part, std::move(name), "reshape", {{"shape", sizes}}, {x});
}

NodeId padded(Graph& part, std::string name, NodeId x, int64_t axis, int64_t before, int64_t after) {
  if (before == 0 && after == 0) return x;
  return append_node(part, std::move(name), "pad_along",
                     {{"axis", axis}, {"before", before}, {"after", after}}, {x});
}

NodeId cropped(Graph& part, std::string name, NodeId x, int64_t axis, int64_t begin, int64_t end,
               int64_t step = 1) {
  if (begin == 0 && step == 1 && end == shape_of(part, x).sizes[static_cast<size_t>(axis)]) return x;
  return append_node(part, std::move(name), "crop",
                     {{"axis", axis}, {"begin", begin}, {"end", end}, {"step", step}}, {x});
}

// A window along the rows and one along the columns of a map, as its attributes.
Attributes window_attributes(const WindowAxis& rows, const WindowAxis& columns) {
  return {{"filter", Sizes{rows.filter, columns.filter}},
          {"stride", Sizes{rows.stride, columns.stride}},
          {"dilation", Sizes{rows.dilation, columns.dilation}},
          {"pad", Sizes{rows.pad_before, rows.pad_after, columns.pad_before, columns.pad_after}}};
}

constexpr WindowAxis kSingle = {1, 1, 1, 1, 0, 0, 1};

// The node's weight under four sizes, whose elements are in the same order, and its bias.
std::vector<Parameter> parameters_of(const Node& node, const Shape& weight_shape) {
  std::vector<Parameter> parameters = {{"weight", weight_shape, find_parameter(node, "weight")->values}};
  if (const Parameter* bias = find_parameter(node, "bias")) parameters.push_back(*bias);
  return parameters;
}

Attributes with_channels(Attributes window, const Node& node, int64_t channels, bool has_bias) {
  window.insert({{"channels", channels}, {"groups", integer(node.attributes, "groups")}, {"bias", has_bias}});
  return window;
}

// ---- conv3d

// Filters of one row and one column, at every pixel.
void conv_along_depth(Graph& part, const Node& node, const Shape& x, const Volume& v) {
  const int64_t outputs = node.shape.sizes[0];
  const Shape& weight = find_parameter(node, "weight")->shape;
  const NodeId map =
      reshaped(part, "pixels as columns", 0, {x.sizes[0], x.sizes[1], x.sizes[2] * x.sizes[3]});
  const bool has_bias = is_on(node.attributes, "bias");
  const NodeId y = append_node(part, "sums", "conv",
                               with_channels(window_attributes(v[0], kSingle), node, outputs, has_bias),
                               {map}, parameters_of(node, {outputs, weight.sizes[1], weight.sizes[2], 1}));
  reshaped(part, "result", y, node.shape.sizes);
}

// The slices that each tap of the filter's depth sees, of all windows: channels x slices · rows x columns, of
// several taps with these between channels and slices.
NodeId slices_of_taps(Graph& part, NodeId padded_slices, const WindowAxis& depth) {
  const Sizes all = shape_of(part, padded_slices).sizes;
  const int64_t rows = depth.output * all[2];
  std::vector<NodeId> taps;
  for (int64_t k = 0; k < depth.filter; ++k) {
    const int64_t begin = k * depth.dilation, end = begin + (depth.output - 1) * depth.stride + 1;
    const NodeId slices =
        cropped(part, fmt::format("slices of tap {}", k), padded_slices, kDepth, begin, end, depth.stride);
    taps.push_back(reshaped(part, fmt::format("tap {}", k), slices, {all[0], 1, rows, all[3]}));
  }
  const NodeId stack =
      taps.size() == 1 ? taps[0]
                       : append_node(part, "slices of all taps", "concat_along", {{"along", kDepth}}, taps);
  return reshaped(part, "taps as channels", stack, {all[0] * depth.filter, rows, all[3]});
}

void conv3d(Graph& part, const Node& node, const Shape& x) {
  Volume v = volume_of(node.attributes, x);
  auto& [depth, height, width] = v;
  if (is_trivial(height) && is_trivial(width)) return conv_along_depth(part, node, x, v);
  const auto [stride, windows] = slice_rows(height);
  height.stride = stride;
  const NodeId rows = padded(part, "padded rows", 0, kHeight, height.pad_before,
                             windows * height.stride - height.pad_before - height.input);
  const NodeId slices = padded(part, "padded slices", rows, kDepth, depth.pad_before, depth.pad_after);
  const NodeId taps = slices_of_taps(part, slices, depth);
  WindowAxis all_rows = height;
  all_rows.pad_before = 0;
  all_rows.pad_after = std::max<int64_t>(span(height) - height.stride, 0);
  const int64_t outputs = node.shape.sizes[0];
  const Sizes& weight = find_parameter(node, "weight")->shape.sizes;
  const NodeId sums = append_node(
      part, "sums", "conv",
      with_channels(window_attributes(all_rows, width), node, outputs, is_on(node.attributes, "bias")),
      {taps}, parameters_of(node, {outputs, weight[1] * weight[2], weight[3], weight[4]}));
  const NodeId result = reshaped(part, "windows", sums, {outputs, depth.output, windows, width.output});
  cropped(part, "result", result, kHeight, 0, height.output);
}

// ---- upconv3d

// Weights that take the plane of tap k of a channel as tap k alone.
Parameter one_for_each_tap(int64_t channels, int64_t taps) {
  std::vector<float> ones(static_cast<size_t>(channels * taps * taps));
  for (int64_t i = 0; i < channels * taps; ++i) ones[static_cast<size_t>(i * taps + i % taps)] = 1;
  return {"weight", Shape{channels * taps, 1, taps, 1},
          std::make_shared<const std::vector<float>>(std::move(ones))};
}

// channels · taps x depth x rows x columns, each tap's slices added where they belong.
void add_along_depth(Graph& part, const Node& node, NodeId x, const WindowAxis& depth) {
  const Sizes from = shape_of(part, x).sizes;
  const int64_t channels = node.shape.sizes[0];
  const NodeId map = reshaped(part, "pixels as columns", x, {from[0], from[1], from[2] * from[3]});
  Attributes attributes = window_attributes(depth, kSingle);
  const Parameter* bias = find_parameter(node, "bias");
  attributes.insert({{"channels", channels},
                     {"groups", channels},
                     {"bias", bias != nullptr},
                     {"output_pad", Sizes{triple_of(node.attributes, "output_pad")[0], 0}}});
  std::vector<Parameter> parameters = {one_for_each_tap(channels, depth.filter)};
  if (bias) parameters.push_back(*bias);
  const NodeId y = append_node(part, "slices added", "upconv", attributes, {map}, std::move(parameters));
  reshaped(part, "result", y, node.shape.sizes);
}

// Each slice with rows of zeros behind it, into which its windows reach; each tap of the filter's depth makes
// channels of its own, which are added slice by slice. (In a transposed window `output` is the input's size.)
void upconv3d(Graph& part, const Node& node, const Shape& x) {
  const Volume v = transposed_volume_of(node.attributes, x);
  const auto& [depth, height, width] = v;
  const Triple output_pad = triple_of(node.attributes, "output_pad");
  const NodeId rows = padded(part, "padded rows", 0, kHeight, 0, rows_behind_slice(height, output_pad[1]));
  const Sizes all = shape_of(part, rows).sizes;
  const NodeId map = reshaped(part, "slices as rows", rows, {all[0], all[1] * all[2], all[3]});
  WindowAxis all_rows = height;
  all_rows.pad_before = 0;
  all_rows.pad_after = std::max<int64_t>(span(height) - height.stride, 0);
  const bool is_flat = is_trivial(depth) && output_pad[0] == 0;
  const Sizes& weight = find_parameter(node, "weight")->shape.sizes;
  const int64_t planes = node.shape.sizes[0] * weight[2];
  Attributes attributes = with_channels(window_attributes(all_rows, width), node, planes,
                                        is_flat && is_on(node.attributes, "bias"));
  attributes["output_pad"] = Sizes{std::max<int64_t>(height.stride - span(height), 0), output_pad[2]};
  std::vector<Parameter> parameters =
      parameters_of(node, {all[0], weight[1] * weight[2], weight[3], weight[4]});
  if (!is_flat) parameters.resize(1);
  const NodeId taps = append_node(part, "taps", "upconv", attributes, {map}, std::move(parameters));
  const NodeId slices =
      reshaped(part, "slices of taps", taps, {planes, all[1], all[2] * height.stride, width.input});
  const NodeId result =
      cropped(part, "rows of taps", slices, kHeight, height.pad_before, height.pad_before + height.input);
  if (!is_flat) add_along_depth(part, node, result, depth);
}

// ---- pools and batchnorm

// The greatest of the greatest, or the mean of means, first of each slice, then along depth.
void pool3d(Graph& part, const Node& node, const Shape& x) {
  const Volume v = volume_of(node.attributes, x);
  const auto& [depth, height, width] = v;
  const char* op = node.op == "maxpool3d" ? "maxpool" : "avgpool";
  const auto pooled = [&](const char* name, NodeId map, const WindowAxis& rows, const WindowAxis& columns) {
    Attributes attributes = window_attributes(rows, columns);
    attributes["ceil"] = node.attributes.at("ceil");
    if (node.attributes.count("include_pad") > 0)
      attributes["include_pad"] = node.attributes.at("include_pad");
    return append_node(part, name, op, std::move(attributes), {map});
  };
  NodeId y = 0;
  if (!is_trivial(height) || !is_trivial(width) || is_trivial(depth)) {
    y = reshaped(part, "slices as channels", 0, {x.sizes[0] * x.sizes[1], x.sizes[2], x.sizes[3]});
    y = pooled("of each slice", y, height, width);
  }
  if (!is_trivial(depth)) {
    y = reshaped(part, "pixels as columns", y, {x.sizes[0], x.sizes[1], height.output * width.output});
    y = pooled("along depth", y, depth, kSingle);
  }
  reshaped(part, "result", y, node.shape.sizes);
}

// Of a map with as many channels.
void batchnorm(Graph& part, const Node& node, const Shape& x) {
  const int64_t columns = x.sizes.back(), rows = x.elements() / x.sizes[0] / columns;
  const NodeId map = reshaped(part, "as a map", 0, {x.sizes[0], rows, columns});
  const NodeId y = append_node(part, "normalised", "batchnorm", node.attributes, {map}, node.parameters);
  reshaped(part, "result", y, x.sizes);
}

constexpr std::pair<std::string_view, void (*)(Graph&, const Node&, const Shape&)> kVolumes[] = {
    {"avgpool3d", pool3d},
    {"batchnorm", batchnorm},
    {"conv3d", conv3d},
    {"maxpool3d", pool3d},
    {"upconv3d", upconv3d}};

using AppendParts = void (*)(Graph&, const Node&, const Shape&);

// Null of an operator that is none of these.
AppendParts find_parts(std::string_view op) {
  const auto found = std::find_if(std::begin(kVolumes), std::end(kVolumes),
                                  [&](const auto& entry) { return entry.first == op; });
  return found == std::end(kVolumes) ? nullptr : found->second;
}

}  // namespace

bool is_of_volumes(const Node& node) {
  const bool is_flat = node.shape.is_map() || node.shape.is_vector();
  return find_parts(node.op) && !(node.op == "batchnorm" && is_flat);
}

Graph parts_of_volume(const Node& node, const Shape& input) {
  const AppendParts append_parts = find_parts(node.op);
  if (!append_parts) throw std::logic_error(fmt::format("'{}' is no layer of volumes", node.op));
  Graph part = part_of_input(input);
  append_parts(part, node, input);
  return part;
}

}  // namespace cnnc
