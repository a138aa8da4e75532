#include <fmt/format.h>

#include "ops/window/transposed_window.h"
#include "ops/window/upconv_phases.h"
#include "plan/layout/layouts.h"
#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

using Values = std::shared_ptr<const std::vector<float>>;

// The weight of the conv that computes a phase, OIHW, from upconv's, IOHW.
Values phase_weight(const Node& node, const UpconvPhase& row, const UpconvPhase& column) {
  const Parameter& weight = *find_parameter(node, "weight");
  if (!weight.values) return nullptr;
  const int64_t groups = integer(node.attributes, "groups"), outputs = node.shape.channels();
  const int64_t inputs = weight.shape.sizes[0] / groups, group_outputs = outputs / groups;
  const int64_t height = weight.shape.sizes[2], width = weight.shape.sizes[3];
  auto values = std::make_shared<std::vector<float>>();
  values->reserve(static_cast<size_t>(outputs * inputs * row.taps * column.taps));
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t i = 0; i < inputs; ++i) {
      const int64_t filter = (o / group_outputs * inputs + i) * group_outputs + o % group_outputs;
      for (int64_t y = row.taps - 1; y >= 0; --y)
        for (int64_t x = column.taps - 1; x >= 0; --x) {
          const int64_t at_row = filter * height + row.first_tap + y * row.tap_step;
          values->push_back((*weight.values)[at_row * width + column.first_tap + x * column.tap_step]);
        }
    }
  return values;
}

Packing weight_packing(const Lowering& lowering, NodeId id, const Layout& input, int64_t height,
                       int64_t width) {
  const Node& node = lowering.graph.nodes[id];
  Packing packing;
  packing.kind = is_depthwise(node) ? Packing::Kind::depthwise : Packing::Kind::conv;
  packing.groups = integer(node.attributes, "groups");
  packing.outputs = node.shape.channels();
  packing.inputs = input.channels / packing.groups;
  packing.height = height;
  packing.width = width;
  packing.output_tile = lowering.layouts[id].block;
  packing.input_block = input.block;
  if (packing.kind == Packing::Kind::conv)
    packing.merged_groups = merged_groups(packing.groups, packing.inputs, packing.outputs / packing.groups,
                                          packing.input_block, packing.output_tile);
  return packing;
}

// Of the conv that computes a phase. Those with equal ones share a kernel.
ConvParameters phase_parameters(const Packing& packing, const UpconvPhase& row, const UpconvPhase& column) {
  ConvParameters parameters;
  parameters.window.height = {row.taps, 1, row.dilation, row.pad, 0};
  parameters.window.width = {column.taps, 1, column.dilation, column.pad, 0};
  parameters.groups = packing.groups / packing.merged_groups;
  return parameters;
}

std::vector<int> bias_constant(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Parameter* bias = find_parameter(node, "bias");
  if (!bias) return {};
  Packing packing;
  packing.outputs = node.shape.channels();
  packing.output_tile = lowering.layouts[id].block;
  return {add_constant(lowering, node.name + ".bias", packing, bias->values)};
}

std::string family_of_phases(const Node& node, const Layout& result) {
  if (is_depthwise(node)) return "conv_depthwise";
  return result.block == 1 ? "conv_few_outputs" : "conv_blocked";
}

}  // namespace

void lower_upconv(Lowering& lowering, NodeId id) {
  constexpr int64_t kMostPhases = 4096;  // a step each
  const Node& node = lowering.graph.nodes[id];
  const Window window = transposed_window_of(node.attributes, lowering.graph.nodes[node.inputs[0]].shape);
  if (most_upconv_phases(window.height) * most_upconv_phases(window.width) > kMostPhases)
    throw Unsupported{
        fmt::format("'upconv' (in '{}') cannot be compiled: its stride is too large", node.name), node.where};
  const auto rows = upconv_phases(window.height), columns = upconv_phases(window.width);
  const int64_t block = is_depthwise(node) ? lowering.blocked.lanes : 0;
  const Layout halo = halo_of(node, lowering.graph.nodes[node.inputs[0]].shape);
  std::vector<View> inputs{read_with_halo(lowering, node.inputs[0], halo, block)};
  for (size_t i = 1; i < node.inputs.size(); ++i)  // the operands of the epilogue
    inputs.push_back(read_blocked(lowering, node.inputs[i], lowering.layouts[id].block));
  const std::vector<int> bias = bias_constant(lowering, id);
  const Layout whole = view_of(lowering, result_buffer(lowering, id)).layout;
  const bool has_gaps = static_cast<int64_t>(rows.size()) < std::min(window.height.stride, whole.height) ||
                        static_cast<int64_t>(columns.size()) < std::min(window.width.stride, whole.width);
  if (has_gaps)
    add_phase(lowering, id, "upconv_bias", {}, inputs, bias, whole, rows.empty() || columns.empty());
  for (const UpconvPhase& row : rows)
    for (const UpconvPhase& column : columns) {
      const Packing packing = weight_packing(lowering, id, inputs[0].layout, row.taps, column.taps);
      std::vector<int> constants{
          add_constant(lowering, node.name + ".weight", packing, phase_weight(node, row, column))};
      constants.insert(constants.end(), bias.begin(), bias.end());
      ConvParameters parameters = phase_parameters(packing, row, column);
      if (inputs.size() > 1) parameters.phase = PhaseStart{row.first, column.first};
      const Layout phase = whole.phase(row.first, window.height.stride, column.first, window.width.stride);
      const bool last = &row == &rows.back() && &column == &columns.back();
      add_phase(lowering, id, family_of_phases(node, whole), parameters, inputs, constants, phase, last);
    }
}

}  // namespace cnnc
