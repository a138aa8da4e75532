#include <algorithm>

#include "ops/registry.h"
#include "ops/window/window.h"
#include "plan/choose/choose_winograd.h"
#include "plan/choose/few_outputs.h"
#include "plan/choose/pairs.h"
#include "plan/choose/space.h"
#include "plan/layout/layouts.h"
#include "plan/lower/lowering.h"

namespace cnnc {

namespace {

// Channels that a planar kernel computes together.
int64_t planar_tile(int64_t channels, const Target& target) {
  const int64_t most = target.registers / 4;
  const int64_t tiles = (channels + most - 1) / most;
  return (channels + tiles - 1) / tiles;
}

// The kernel that computes a conv, and how it wants the weights.
struct ConvChoice {
  std::string family;
  Packing packing;
  ConvParameters parameters;
  Schedule schedule;
};

// Whether the kernel can be computed so, as far as is known before its tasks are.
bool can_be(Kernel kernel, const Choice& choice, const Target& target) {
  kernel.family = choice.family;
  kernel.schedule = choice.schedule;
  return complete_schedule(kernel, target);
}

// Of a library for several targets, the kernel by which the best one's plan computes a conv in blocks; null
// where there is no such plan. The packing of its weights is to be followed.
const Kernel* kernel_to_follow(const Lowering& lowering, NodeId conv) {
  const std::optional<Sharing>& sharing = lowering.options.sharing;
  if (!sharing || !sharing->plan || lowering.layouts[conv].block == 1) return nullptr;
  constexpr int64_t kFewWeights =
      1 << 14;  // floats that may be stored once for each target, for the best algorithm
  if (find_parameter(lowering.graph.nodes[conv], "weight")->shape.elements() < kFewWeights) return nullptr;
  const std::string& name = lowering.graph.nodes[conv].name;
  const auto step = std::find_if(sharing->plan->steps.begin(), sharing->plan->steps.end(),
                                 [&](const Step& s) { return s.name == name && !s.partial; });
  return step == sharing->plan->steps.end() ? nullptr
                                            : &sharing->plan->kernels[static_cast<size_t>(step->kernel)];
}

// The best algorithm of those that read weights as they are packed for the other kernel; where none of these
// can be, and also where it is best, the direct one, which is empty.
std::optional<Choice> algorithm_for_packing(const Kernel& other, const WindowParameters& window,
                                            const Layout& input, const Layout& result, const Target& target,
                                            bool allow_winograd) {
  Choice same = algorithm_of(other);
  const bool can = same.family == "conv_winograd"      ? winograd_fits(same, window, input, result, target)
                   : same.family == "conv_few_outputs" ? few_outputs_tile(result, target) > 0
                   : same.family == "conv_pairs" ? gain_of_pairs(input, result, window.taps(), target) > 0
                                                 : false;
  if (can) return same;
  if (!allow_winograd) return std::nullopt;
  return choose_winograd(window, input, result, target, WinogradTransform::Of::filters);
}

void use_algorithm(Choice algorithm, ConvChoice& choice) {
  if (algorithm.family == "conv_winograd") {
    choice.packing.winograd_outputs = number(algorithm.schedule, "outputs");
    choice.packing.kind = Packing::Kind::winograd;
  }
  if (algorithm.family == "conv_few_outputs") choice.packing.output_tile = 1;
  if (algorithm.family == "conv_pairs") {
    choice.packing.output_tile /= 2;
    choice.packing.input_pair = 2;
  }
  choice.family = std::move(algorithm.family);
  choice.schedule = std::move(algorithm.schedule);
}

// The weights as the algorithm reads them; null: as the direct one does.
Packing packing_for(const std::optional<Choice>& algorithm, ConvChoice direct) {
  if (algorithm) use_algorithm(*algorithm, direct);
  return direct.packing;
}

// The algorithm that the user wants for this conv of one group, if it fits, or the default.
std::optional<Choice> choose_algorithm(const Lowering& lowering, NodeId id, const ConvChoice& direct,
                                       const Layout& input, const Layout& result) {
  const WindowParameters& window = direct.parameters.window;
  const Target& target = result.block > 1 ? lowering.blocked : lowering.plan.target;
  Kernel kernel;
  kernel.family = direct.family;
  kernel.parameters = direct.parameters;
  kernel.inputs = {input};
  kernel.output = result;
  const Choices& choices = lowering.options.choices;
  const bool allowed = lowering.options.allow_winograd && lowering.options.strategy.empty();
  const Kernel* other = kernel_to_follow(lowering, id);
  const std::optional<Choice> following =
      other ? algorithm_for_packing(*other, window, input, result, target, allowed) : std::nullopt;
  if (const auto found = choices.find(problem_of(kernel)); found != choices.end()) {
    const Choice& wanted = found->second;
    const bool is_direct = wanted.family == direct.family;
    const bool is_packed_alike = !other || packing_for(wanted, direct) == packing_for(following, direct);
    if (is_packed_alike && (is_direct || (allowed && winograd_fits(wanted, window, input, result, target))) &&
        can_be(kernel, wanted, target))
      return wanted;
  }
  if (!lowering.options.strategy.empty()) return std::nullopt;
  if (other) return following;
  // Winograd's transforms take up to four times fewer multiplications, and other work.
  const double gain = gain_of_few_outputs(input, result, window.taps(), target);
  const Choice few_outputs{"conv_few_outputs", {}};
  if (gain > 3) return few_outputs;
  if (allowed)
    if (auto winograd = choose_winograd(window, input, result, target)) return winograd;
  return gain > 1.25 ? std::optional(few_outputs) : std::nullopt;
}

// Whether half-filled vectors make conv_pairs the better direct kernel. It computes activations of half a
// vector at a time, so it is for those that cost little.
bool uses_pairs(const Lowering& lowering, NodeId id, const Layout& input) {
  const Node& node = lowering.graph.nodes[id];
  const auto is_cheap = [](const EpilogueStep& step) { return find_operator(step.op)->facts.is_cheap; };
  if (!lowering.options.strategy.empty() || !find_parameter(node, "bias") ||
      !std::all_of(node.epilogue.begin(), node.epilogue.end(), is_cheap))
    return false;
  const Shape& weight = find_parameter(node, "weight")->shape;
  return gain_of_pairs(input, lowering.layouts[id], weight.sizes[2] * weight.sizes[3], lowering.blocked) >
         1.03;
}

// By its definition, where it has `no_choice`; else by the best algorithm.
ConvChoice choose_conv(const Lowering& lowering, NodeId id, const Window& window, const Layout& input,
                       bool no_choice = false) {
  const Node& node = lowering.graph.nodes[id];
  const Target& target = lowering.plan.target;
  const int64_t groups = integer(node.attributes, "groups");
  const bool planar = lowering.layouts[id].block == 1;
  ConvChoice choice{planar ? "conv_planar" : "conv_blocked", {}, {}, {}};
  choice.parameters.window = parameters_of(window);
  Packing& packing = choice.packing;
  packing.kind = Packing::Kind::conv;
  packing.outputs = node.shape.channels();
  packing.inputs = input.channels / groups;
  packing.height = window.height.filter;
  packing.width = window.width.filter;
  packing.groups = groups;
  packing.output_tile = planar ? planar_tile(packing.outputs, target) : lowering.blocked.lanes;
  packing.input_block = input.block;
  if (planar) choice.parameters.planar_tile = packing.output_tile;
  choice.parameters.groups = groups;
  if (is_depthwise(node)) {
    choice.family = "conv_depthwise";
    packing.kind = Packing::Kind::depthwise;
    return choice;
  }
  if (planar && input.block > 1) {
    choice.parameters.planar_tile = 0;
    use_algorithm({"conv_few_outputs", {}}, choice);
    return choice;
  }
  packing.merged_groups = merged_groups(groups, packing.inputs, packing.outputs / groups, packing.input_block,
                                        packing.output_tile);
  choice.parameters.groups = groups / packing.merged_groups;
  if (groups != 1 || no_choice) return choice;
  if (auto algorithm = choose_algorithm(lowering, id, choice, input, lowering.layouts[id]))
    use_algorithm(std::move(*algorithm), choice);
  else if (!kernel_to_follow(lowering, id) && uses_pairs(lowering, id, input))
    use_algorithm({"conv_pairs", {}}, choice);
  return choice;
}

// Two convolutions by one kernel.
void lower_conv_and_depthwise(Lowering& lowering, NodeId id) {
  const NodeId inner_id = lowering.inner[id];
  const Node &node = lowering.graph.nodes[id], &inner = lowering.graph.nodes[inner_id];
  const Shape& shape = lowering.graph.nodes[inner.inputs[0]].shape;
  const View input = read_with_halo(lowering, inner.inputs[0], halo_of(inner, shape));
  const ConvChoice first =
      choose_conv(lowering, inner_id, window_of(inner.attributes, shape), input.layout, true);
  ConvChoice second =
      choose_conv(lowering, id, window_of(node.attributes, inner.shape), lowering.layouts[inner_id]);
  second.parameters.inner =
      InnerConv{first.parameters.window, inner.shape.height(), inner.shape.width(), inner.epilogue};
  std::vector<int> constants = add_weight_and_bias(lowering, inner, first.packing);
  for (const int constant : add_weight_and_bias(lowering, node, second.packing))
    constants.push_back(constant);
  add_step(lowering, id, "conv_and_depthwise", second.parameters, {input}, constants, {});
}

// A convolution with the batchnorm before it.
void lower_conv_with_prologue(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const NodeId norm = node.inputs[0];
  std::vector<View> inputs{
      read_blocked(lowering, lowering.graph.nodes[norm].inputs[0], lowering.layouts[norm].block)};
  for (size_t i = 1; i < node.inputs.size(); ++i)
    inputs.push_back(read_blocked(lowering, node.inputs[i], lowering.layouts[id].block));
  ConvChoice choice = choose_conv(lowering, id, window_of(node.attributes, lowering.graph.nodes[norm].shape),
                                  inputs[0].layout, true);
  choice.parameters.prologue = BatchnormPrologue{lowering.graph.nodes[norm].epilogue};
  std::vector<int> constants = add_weight_and_bias(lowering, node, choice.packing);
  for (const int constant : add_scale_and_shift(lowering, norm)) constants.push_back(constant);
  add_step(lowering, id, choice.family, choice.parameters, inputs, constants);
}

}  // namespace

int64_t merged_groups(int64_t groups, int64_t group_inputs, int64_t group_outputs, int64_t input_block,
                      int64_t output_block) {
  for (int64_t m = 1; m < groups; ++m)
    if (groups % m == 0 && m * group_inputs % input_block == 0 && m * group_outputs % output_block == 0)
      return m;
  return groups;
}

void lower_conv(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  if (lowering.inner[id] >= 0)
    return lowering.graph.nodes[lowering.inner[id]].op == "conv" ? lower_conv_and_depthwise(lowering, id)
                                                                 : lower_conv_with_prologue(lowering, id);
  const Shape& shape = lowering.graph.nodes[node.inputs[0]].shape;
  const Window window = window_of(node.attributes, shape);
  const Layout halo = halo_of(node, shape);
  const int64_t block = is_depthwise(node) ? lowering.blocked.lanes : 0;
  std::vector<View> inputs{read_with_halo(lowering, node.inputs[0], halo, block)};
  for (size_t i = 1; i < node.inputs.size(); ++i)  // the operands of the epilogue
    inputs.push_back(read_blocked(lowering, node.inputs[i], lowering.layouts[id].block));
  const ConvChoice choice = choose_conv(lowering, id, window, inputs[0].layout);
  add_step(lowering, id, choice.family, choice.parameters, inputs,
           add_weight_and_bias(lowering, node, choice.packing), choice.schedule);
}

}  // namespace cnnc
