#include "plan/lower/lowering.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plan/choose/space.h"
#include "plan/choose/tasks.h"
#include "plan/choose/winograd_tasks.h"
#include "plan/tensors.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// Kernels count the floats of a tensor in 32 bits, and go a few vectors beyond its end in what they compute
// of places; padding can bring one over that which the language allows.
constexpr int64_t kMostFloats = (int64_t{1} << 31) - (int64_t{1} << 16);

void check_size(const Lowering& lowering, const std::string& tensor, const std::string& reason,
                std::optional<int64_t> floats) {
  if (floats && *floats <= kMostFloats) return;
  const std::string count = floats ? fmt::format("{}", *floats) : "more than 2^63";
  throw Unsupported{
      fmt::format("'{}' is too large to compile: {} it takes {} floats; at most {} are possible", tensor,
                  reason, count, kMostFloats),
      lowering.where};
}

void check_buffer(const Lowering& lowering, const Buffer& buffer) {
  check_size(lowering, buffer.name, "with its padding", buffer.layout.checked_elements());
}

int add_scratch(Lowering& lowering, const std::string& step, int64_t floats) {
  Buffer buffer;
  buffer.layout = plain_layout({floats});
  buffer.name = step + " scratch";
  return add_buffer(lowering, std::move(buffer));
}

// The one buffer of all kernels in whose loops threads have scratch memory of their own: a thread's part is
// always at the same place, so that it stays in the cache of the thread's core.
int own_scratch(Lowering& lowering, const Kernel& kernel) {
  Plan& plan = lowering.plan;
  if (lowering.own_scratch < 0) lowering.own_scratch = add_scratch(lowering, "each thread's", 1);
  plan.own_scratch = std::max(plan.own_scratch, kernel.own_scratch);
  lowering.scratch_places = std::max(lowering.scratch_places, kernel.scratch_places);
  Buffer& buffer = plan.buffers[lowering.own_scratch];
  buffer.layout = plain_layout({plan.own_scratch * lowering.scratch_places});
  check_buffer(lowering, buffer);
  return lowering.own_scratch;
}

void push_copy(Lowering& lowering, const View& source, std::string step_name, int destination) {
  Step step;
  step.name = std::move(step_name);
  step.output = destination;
  Kernel kernel;
  kernel.family = "copy";
  kernel.output = view_of(lowering, destination).layout;
  push_step(lowering, std::move(step), std::move(kernel), {source});
}

// A copy of a tensor in another layout of the workspace; the one made before if there is one.
View copy_view(Lowering& lowering, const View& source, const Layout& layout) {
  for (const auto& [from, to] : lowering.copies)
    if (from.buffer == source.buffer && from.layout == source.layout && to.layout == layout) return to;
  Buffer buffer;
  buffer.layout = layout;
  buffer.name = lowering.plan.buffers[source.buffer].name;
  const View result{add_buffer(lowering, buffer), layout};
  push_copy(lowering, source, fmt::format("{} as {}", buffer.name, to_string(layout)), result.buffer);
  lowering.copies.emplace_back(source, result);
  return result;
}

// A tensor that was computed image by image is to hold all images, with all that is stored in it.
void keep_all_images(Lowering& lowering, int buffer) {
  Plan& plan = lowering.plan;
  const int whole = plan.buffers[buffer].whole < 0 ? buffer : plan.buffers[buffer].whole;
  const int64_t stride = plan.buffers[whole].layout.image_stride();
  for (size_t i = 0; i < plan.buffers.size(); ++i)
    if (Buffer& b = plan.buffers[i]; static_cast<int>(i) == whole || b.whole == whole)
      b.layout = b.layout.batch(plan.images, stride);
  check_buffer(lowering, plan.buffers[whole]);
}

// A tensor in the order of its elements, with nothing between them but the padding of a vector.
View in_order(Lowering& lowering, View view) {
  const bool is_vector = view.layout.height * view.layout.width == 1;
  if (!view.layout.has_halo() && view.layout.image_planes == 0 && (view.layout.block == 1 || is_vector))
    return view;
  Layout wanted = view.layout.interior();
  wanted.block = 1;
  return copy_view(lowering, view, wanted);
}

// The number of the graph output that the node's tensor can be written to directly, or -1.
int direct_output(const Lowering& lowering, NodeId node) {
  if (!lowering.layouts[node].is_plain()) return -1;
  const auto& outputs = lowering.graph.outputs;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].node == node || (is_of_tensors(lowering.graph, lowering.graph.nodes[node]) &&
                                    source_of_alias(lowering.graph, outputs[i].node) == node))
      return static_cast<int>(i);
  return -1;
}

int push_constant(Lowering& lowering, Constant constant) {
  Plan& plan = lowering.plan;
  check_size(lowering, constant.name, "packed for its kernel", constant.packing.elements());
  constant.offset = plan.weights_bytes;
  plan.weights_bytes += round_up(constant.packing.bytes(), kAlignment);
  plan.constants.push_back(std::move(constant));
  return static_cast<int>(plan.constants.size()) - 1;
}

}  // namespace

void push_step(Lowering& lowering, Step step, Kernel kernel, const std::vector<View>& inputs) {
  Plan& plan = lowering.plan;
  for (const View& view : inputs) {
    step.inputs.push_back(view.buffer);
    kernel.inputs.push_back(view.layout);
  }
  for (const int constant : step.constants)
    kernel.constants.push_back(plan.constants[constant].packing.elements());
  kernel.tasks = tasks_of(kernel, plan.target, lowering.options.task_seconds);
  if (lowering.options.choices.count(problem_of(kernel)) == 0)
    balance_winograd_tasks(kernel, lowering.blocked, lowering.options.threads);
  set_winograd_scratch(kernel, lowering.options.threads);
  if (kernel.scratch > 0) step.scratch = add_scratch(lowering, step.name, kernel.scratch);
  if (kernel.own_scratch > 0) step.scratch = own_scratch(lowering, kernel);
  step.kernel = static_cast<int>(plan.kernels.size());
  plan.kernels.push_back(std::move(kernel));
  plan.steps.push_back(std::move(step));
}

int add_buffer(Lowering& lowering, Buffer buffer) {
  check_buffer(lowering, buffer);
  lowering.plan.buffers.push_back(std::move(buffer));
  return static_cast<int>(lowering.plan.buffers.size()) - 1;
}

View view_of(const Lowering& lowering, int buffer) {
  const Layout& layout = lowering.plan.buffers[buffer].layout;
  return {buffer, lowering.images < layout.images ? layout.one_image() : layout};
}

View read_as_it_lies(Lowering& lowering, NodeId node) {
  const int buffer = lowering.buffer_of[node];
  if (lowering.plan.buffers[buffer].layout.images < lowering.images) keep_all_images(lowering, buffer);
  return view_of(lowering, buffer);
}

View read_map(Lowering& lowering, NodeId node) {
  const View view = read_as_it_lies(lowering, node);
  const Shape& shape = lowering.graph.nodes[node].shape;
  const Shape& stored = lowering.graph.nodes[source_of_alias(lowering.graph, node)].shape;
  if (!shape.is_map() || shape == stored) return view;
  View map = in_order(lowering, view);
  // A map has nothing between its images, where a vector may have what fills its last block.
  if (map.layout.images > 1 && map.layout.image_stride() != shape.elements()) {
    Layout wanted = map.layout.interior();
    wanted.block = 1;
    map = copy_view(lowering, map, wanted);
  }
  map.layout = plain_layout(shape, map.layout.images, map.layout.type);
  return map;
}

View read_blocked(Lowering& lowering, NodeId node, int64_t block) {
  const View view = read_map(lowering, node);
  if (view.layout.block == block) return view;
  Layout wanted = view.layout.interior();
  wanted.block = block;
  return copy_view(lowering, view, wanted);
}

View read_with_halo(Lowering& lowering, NodeId node, const Layout& halo, int64_t block) {
  const View view = read_map(lowering, node);
  const Layout& has = view.layout;
  if (has.top >= halo.top && has.bottom >= halo.bottom && has.left >= halo.left && has.right >= halo.right &&
      (block == 0 || block == has.block))
    return view;
  Layout wanted = has.interior();
  if (block != 0) wanted.block = block;
  wanted.top = halo.top;
  wanted.bottom = halo.bottom;
  wanted.left = halo.left;
  wanted.right = halo.right;
  return copy_view(lowering, view, wanted);
}

View read_without_halo(Lowering& lowering, NodeId node) {
  const View view = read_map(lowering, node);
  const bool alone = !view.layout.has_halo() && view.layout.image_planes == 0;
  return alone ? view : copy_view(lowering, view, view.layout.interior());
}

View read_vector(Lowering& lowering, NodeId node, int64_t elements) {
  View view = in_order(lowering, read_as_it_lies(lowering, node));
  const bool is_vector = view.layout.height * view.layout.width == 1;
  if (!is_vector)
    view.layout = plain_layout(lowering.graph.nodes[node].shape, lowering.images, view.layout.type);
  if (view.layout.planes() * view.layout.plane_stride() >= elements) return view;
  Layout wanted = view.layout;
  wanted.block = elements;
  return copy_view(lowering, view, wanted);
}

std::vector<View> read_alike(Lowering& lowering, NodeId id) {
  const Node& node = lowering.graph.nodes[id];
  const Layout layout = lowering.layouts[id];
  std::vector<View> inputs;
  for (const NodeId input : node.inputs)
    inputs.push_back(node.shape.is_map() ? read_blocked(lowering, input, layout.block)
                                         : read_vector(lowering, input, layout.one_image().elements()));
  return inputs;
}

View read_in_workspace(Lowering& lowering, const View& view) {
  const bool there = lowering.plan.buffers[view.buffer].place == Buffer::Place::workspace;
  return there ? view : copy_view(lowering, view, view.layout.interior());
}

int add_constant(Lowering& lowering, std::string name, Packing packing,
                 std::shared_ptr<const std::vector<float>> values) {
  return push_constant(lowering, {std::move(name), std::move(packing), std::move(values), nullptr, 0});
}

int add_constant(Lowering& lowering, std::string name, Packing packing,
                 std::shared_ptr<const std::vector<int32_t>> integers) {
  return push_constant(lowering, {std::move(name), std::move(packing), nullptr, std::move(integers), 0});
}

std::vector<int> add_weight_and_bias(Lowering& lowering, const Node& node, const Packing& weight) {
  std::vector<int> constants{
      add_constant(lowering, node.name + ".weight", weight, find_parameter(node, "weight")->values)};
  if (const Parameter* bias = find_parameter(node, "bias")) {
    Packing vector;
    vector.outputs = weight.outputs;
    vector.output_tile = weight.output_tile;
    constants.push_back(add_constant(lowering, node.name + ".bias", vector, bias->values));
  }
  return constants;
}

void add_phase(Lowering& lowering, NodeId id, std::string family, KernelParameters parameters,
               const std::vector<View>& inputs, const std::vector<int>& constants, const Layout& phase,
               bool last, Schedule schedule) {
  const Node& node = lowering.graph.nodes[id];
  Step step;
  step.name = node.name;
  const NodeId inner = lowering.inner[id];
  if (inner >= 0) step.covers = lowering.graph.nodes[inner].covers;
  step.covers.insert(step.covers.end(), node.covers.begin(), node.covers.end());
  step.constants = constants;
  step.output = lowering.buffer_of[id] = result_buffer(lowering, id);
  step.first_byte = phase.bytes_of(phase.origin() - lowering.plan.buffers[step.output].layout.origin());
  step.partial = !last;
  Kernel kernel;
  kernel.family = std::move(family);
  kernel.parameters = std::move(parameters);
  kernel.epilogue = node.epilogue;
  kernel.output = phase;
  kernel.schedule = std::move(schedule);
  push_step(lowering, std::move(step), std::move(kernel), inputs);
}

void add_step(Lowering& lowering, NodeId id, std::string family, KernelParameters parameters,
              const std::vector<View>& inputs, const std::vector<int>& constants, Schedule schedule) {
  const Layout whole = view_of(lowering, result_buffer(lowering, id)).layout;
  add_phase(lowering, id, std::move(family), std::move(parameters), inputs, constants, whole, true,
            std::move(schedule));
}

int add_part(Lowering& lowering, const View& whole, int64_t first_channel, int64_t channels,
             std::string name) {
  Buffer part = lowering.plan.buffers[whole.buffer];
  if (part.whole < 0) part.whole = whole.buffer;
  part.first_byte += whole.layout.bytes_of(first_channel / whole.layout.block * whole.layout.plane_stride());
  part.layout = whole.layout.one_image()
                    .part(first_channel, channels)
                    .batch(part.layout.images, part.layout.image_stride());
  part.name = std::move(name);
  return add_buffer(lowering, std::move(part));
}

int result_buffer(Lowering& lowering, NodeId id) {
  if (lowering.result_of[id] >= 0) return lowering.result_of[id];
  const Node& node = lowering.graph.nodes[id];
  if (const Placement& placement = lowering.placements[id]; placement.whole >= 0) {
    const int whole = result_buffer(lowering, placement.whole);
    return lowering.result_of[id] = add_part(lowering, view_of(lowering, whole), placement.first_channel,
                                             node.shape.channels(), node.name);
  }
  Buffer buffer;
  buffer.layout = lowering.layouts[id];
  buffer.name = node.name;
  if (const int output = direct_output(lowering, id); output >= 0) {
    buffer.place = Buffer::Place::output;
    buffer.index = output;
    buffer.layout.images = lowering.plan.images;
  }
  return lowering.result_of[id] = add_buffer(lowering, std::move(buffer));
}

void copy_to_part(Lowering& lowering, NodeId node, int whole, int64_t first_channel) {
  const Shape& shape = lowering.graph.nodes[node].shape;
  const View source = shape.is_map() ? read_map(lowering, node) : read_vector(lowering, node);
  const std::string name = lowering.plan.buffers[source.buffer].name;
  const std::string step = fmt::format("{} into {}", name, lowering.plan.buffers[whole].name);
  push_copy(lowering, source, step,
            add_part(lowering, view_of(lowering, whole), first_channel, shape.channels(), name));
}

void write_output(Lowering& lowering, NodeId node, int output) {
  const View source = read_as_it_lies(lowering, node);
  Buffer buffer;
  buffer.place = Buffer::Place::output;
  buffer.index = output;
  buffer.layout = source.layout.interior();
  buffer.layout.block = 1;
  buffer.layout.images = lowering.plan.images;
  buffer.name = lowering.plan.buffers[source.buffer].name;
  push_copy(lowering, source, fmt::format("{} to {}", buffer.name, lowering.graph.outputs[output].name),
            add_buffer(lowering, buffer));
}

}  // namespace cnnc
