#include "ops/window.h"
#include "plan/layouts.h"
#include "plan/lowering.h"

namespace cnnc {

namespace {

// A kernel reads whole blocks of input channels and writes whole blocks of output channels of one group.
// Where groups are smaller, the fewest of them that fill whole blocks are packed as one with zeros between;
// at worst all of them.
int64_t merged_groups(int64_t groups, int64_t group_inputs, int64_t group_outputs, int64_t input_block,
                      int64_t output_block) {
  for (int64_t m = 1; m < groups; ++m)
    if (groups % m == 0 && m * group_inputs % input_block == 0 && m * group_outputs % output_block == 0)
      return m;
  return groups;
}

Layout halo_of(const Window& w) {
  Layout halo;
  halo.top = w.height.pad_before;
  halo.bottom = w.height.pad_after;
  halo.left = w.width.pad_before;
  halo.right = w.width.pad_after;
  return halo;
}

// Channels that a planar kernel computes together.
int64_t planar_tile(int64_t channels, const Target& target) {
  const int64_t most = target.registers / 4;
  const int64_t tiles = (channels + most - 1) / most;
  return (channels + tiles - 1) / tiles;
}

// The transformed band of the input is on the stack of the calling thread.
constexpr int64_t kMostStack = 128 << 10;  // bytes

// How a conv is computed by F(outputs, filter height) in bands of `outputs` rows; outputs 0: it is not.
struct WinogradPlan {
  int64_t outputs = 0, bands = 0;
};

// Bands lie at equal distances, so that a tail overlaps instead of being a case of its own: the fewest that
// cover the height, or 0 if only single rows would fit.
int64_t bands_of(int64_t height, int64_t outputs) {
  if (height == outputs) return 1;
  for (int64_t distance = outputs; distance > 1; --distance)
    if ((height - outputs) % distance == 0) return (height - outputs) / distance + 1;
  return 0;
}

// Cycles that a core needs, at 16 multiply-adds each (without FMA instructions 4). Weights that do not stay
// in the second-level cache are read anew for every pass over them, measured at 8 bytes a cycle.
double estimated_cycles(double multiply_adds, double weights_bytes, int64_t passes, const Target& target) {
  constexpr double kCacheBytes = 1 << 20, kBytesPerCycle = 8;
  const double read =
      weights_bytes > kCacheBytes ? weights_bytes * static_cast<double>(passes) / kBytesPerCycle : 0;
  return multiply_adds / (target.isa == Isa::sse41 ? 4 : 16) + read;
}

// The transform with the least estimated time, if it is well below the direct conv's and the transformed band
// is small.
WinogradPlan plan_winograd(const Window& w, const Layout& input, const Shape& result, const Target& target) {
  const auto plain = [](const WindowAxis& axis) { return axis.stride == 1 && axis.dilation == 1; };
  const int64_t r = w.height.filter;
  if (!plain(w.height) || !plain(w.width) || (r != 3 && r != 5)) return {};
  const double columns = static_cast<double>(input.channels * result.channels() * w.width.filter);
  const double row =
      columns * static_cast<double>(result.width());  // multiply-adds for one row of filter and result
  WinogradPlan best;
  double least = 0.85 * estimated_cycles(row * static_cast<double>(r * result.height()),
                                         columns * static_cast<double>(r) * sizeof(float), 1, target);
  for (const int64_t m : {2, 4}) {
    if (m > result.height()) continue;
    const int64_t points = m + r - 1, bands = bands_of(result.height(), m);
    const int64_t stack = points * (result.width() + w.width.filter - 1) * input.planes() * input.block *
                          static_cast<int64_t>(sizeof(float));
    const double cycles =
        estimated_cycles(row * static_cast<double>(bands * points),
                         columns * static_cast<double>(points) * sizeof(float), bands, target);
    if (bands == 0 || cycles > least || stack > kMostStack) continue;
    least = cycles;
    best = {m, bands};
  }
  return best;
}

}  // namespace

void lower_conv(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Target& target = lowering.plan.target;
  const Shape& input_shape = lowering.graph.nodes[node.inputs[0]].shape;
  const Window window = window_of(node.attributes, input_shape);
  const bool planar = lowering.layouts[id].block == 1;
  const bool depthwise = !planar && is_depthwise(node, input_shape);
  const int64_t groups = integer(node.attributes, "groups");

  const View input = read_with_halo(lowering, node.inputs[0], halo_of(window), depthwise ? target.lanes : 0);

  Packing packing;
  packing.kind = depthwise ? Packing::Kind::depthwise : Packing::Kind::conv;
  packing.outputs = node.shape.channels();
  packing.inputs = input_shape.channels() / groups;
  packing.height = window.height.filter;
  packing.width = window.width.filter;
  packing.groups = groups;
  packing.output_tile = planar ? planar_tile(packing.outputs, target) : target.lanes;
  packing.input_block = input.layout.block;
  const WinogradPlan by_winograd_plan = groups == 1 && lowering.allow_winograd
                                            ? plan_winograd(window, input.layout, node.shape, target)
                                            : WinogradPlan{};
  packing.winograd_outputs = by_winograd_plan.outputs;
  const bool by_winograd = packing.winograd_outputs > 0;
  if (by_winograd) packing.kind = Packing::Kind::winograd;
  if (!depthwise)
    packing.merged_groups = merged_groups(groups, packing.inputs, packing.outputs / groups,
                                          packing.input_block, packing.output_tile);

  const Parameter* weight = find_parameter(node, "weight");
  std::vector<int> constants{add_constant(lowering, node.name + ".weight", packing, weight->values)};
  if (const Parameter* bias = find_parameter(node, "bias")) {
    Packing vector;
    vector.outputs = packing.outputs;
    vector.output_tile = packing.output_tile;
    constants.push_back(add_constant(lowering, node.name + ".bias", vector, bias->values));
  }

  std::vector<View> inputs{input};
  for (size_t i = 1; i < node.inputs.size(); ++i)  // the operands of the epilogue
    inputs.push_back(read_blocked(lowering, node.inputs[i], lowering.layouts[id].block));
  Attributes attributes = window_attributes_of(window);
  attributes["groups"] = depthwise ? groups : groups / packing.merged_groups;
  if (planar) attributes["tile"] = packing.output_tile;
  if (by_winograd) {
    attributes["points"] = packing.winograd_outputs + window.height.filter - 1;
    attributes["bands"] = by_winograd_plan.bands;
  }
  const std::string family = by_winograd ? "conv_winograd"
                             : planar    ? "conv_planar"
                             : depthwise ? "conv_depthwise"
                                         : "conv_blocked";
  add_step(lowering, id, family, std::move(attributes), inputs, constants);
}

}  // namespace cnnc
