#include "onnx/tensors/affine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "onnx/tensors/tensors.h"
#include "passes/edit/rewrite.h"

namespace cnnc::onnx {
namespace {

using Values = std::vector<double>;
using Kept = std::set<NodeId>;

std::shared_ptr<const std::vector<float>> rounded(const Values& values) {
  return std::make_shared<const std::vector<float>>(values.begin(), values.end());
}

bool are_all(const Values& values, double value) {
  return std::all_of(values.begin(), values.end(), [=](double v) { return v == value; });
}

bool are_equal(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [&](float v) { return v == values[0]; });
}

// Whether a constant can stand beside the dimensions, broadcast to them: from the last one on, each of its
// own is 1 or the same.
bool is_broadcast(const std::vector<int64_t>& constant, const std::vector<int64_t>& dims) {
  if (constant.size() > dims.size()) return false;
  const auto fits = [](int64_t c, int64_t d) { return c == 1 || c == d; };
  return std::equal(constant.rbegin(), constant.rend(), dims.rbegin(), fits);
}

// A factor of the channel, and how far apart in the constant the elements lie that it runs over.
struct Step {
  Factor factor;
  int64_t step;
};

// The steps of a constant along the channels of a view; empty where it varies along anything else.
std::optional<std::vector<Step>> channel_steps(const View& view, const std::vector<int64_t>& dims) {
  std::vector<Step> steps;
  int64_t step = 1;
  for (size_t from_last = 0; from_last < dims.size(); ++from_last) {
    if (dims[dims.size() - 1 - from_last] == 1) continue;
    const std::vector<Factor>& factors = view.dims[view.dims.size() - 1 - from_last];
    for (auto factor = factors.rbegin(); factor != factors.rend(); ++factor) {
      if (factor->axis != Axis::channel) return std::nullopt;
      steps.push_back({*factor, step});
      step *= factor->size;
    }
  }
  return steps;
}

// The value of each channel; empty where the constant has other values than one a channel.
std::optional<Values> values_of_channels(int64_t channels, const View& view, const Constant& constant) {
  if (!is_broadcast(constant.dims, dims_of(view))) return std::nullopt;
  const std::vector<float>& values = *constant.floats;
  if (values.empty()) return std::nullopt;
  if (are_equal(values)) return Values(static_cast<size_t>(channels), values[0]);
  const auto steps = channel_steps(view, constant.dims);
  if (!steps) return std::nullopt;
  Values result;
  for (int64_t channel = 0; channel < channels; ++channel) {
    int64_t at = 0;
    for (const Step& s : *steps) at += channel / s.factor.stride % s.factor.size * s.step;
    result.push_back(values.at(static_cast<size_t>(at)));
  }
  return result;
}

std::optional<PerChannel> try_per_channel(Translation& t, const View& view,
                                          const std::vector<const Constant*>& constants) {
  if (!is_map_or_vector(t, view)) return std::nullopt;
  const int64_t channels = shape_of(t, view.node).channels();
  PerChannel result{view, {}};
  for (const Constant* constant : constants) {
    spend(t, 2 * channels);
    auto values = values_of_channels(channels, view, *constant);
    if (!values) return std::nullopt;
    result.values.push_back(std::move(*values));
  }
  return result;
}

// ---- merging

// The affine of what a node computes; null if it is none.
const Affine* affine_of(const cnnc::Node& node, const Affines& affines) {
  if (node.op != "batchnorm") return nullptr;
  const auto found = affines.find(find_parameter(node, "weight")->values);
  return found == affines.end() ? nullptr : &found->second;
}

// second(first(x))
Affine compose(const Affine& first, const Affine& second) {
  Affine both = second;
  for (size_t c = 0; c < both.scale.size(); ++c) {
    both.shift[c] += second.scale[c] * first.shift[c];
    both.scale[c] *= first.scale[c];
  }
  return both;
}

void set_affine(cnnc::Node& node, Affine affine, Affines& affines) {
  for (Parameter& p : node.parameters) {
    if (p.name == "weight") p.values = rounded(affine.scale);
    if (p.name == "bias") p.values = rounded(affine.shift);
  }
  affines.insert_or_assign(find_parameter(node, "weight")->values, std::move(affine));
}

void keep_name(cnnc::Node& node, const std::string& name) {
  if (!name.empty() && name[0] != '%') node.name = name;
}

bool lacks_bias(const cnnc::Node& node) {
  return (node.op == "conv" || node.op == "upconv" || node.op == "dense") && !is_on(node.attributes, "bias");
}

// The node without a bias, with this one.
cnnc::Node with_bias(cnnc::Node node, const Values& bias) {
  node.attributes.insert_or_assign("bias", true);
  node.parameters.push_back({"bias", Shape{static_cast<int64_t>(bias.size())}, rounded(bias)});
  return node;
}

// The node has the value of the other one, too.
void cover(cnnc::Node& node, const cnnc::Node& other) {
  node.covers.insert(node.covers.end(), other.covers.begin(), other.covers.end());
}

void become_neg(cnnc::Node& node) {
  node.op = "neg";
  node.attributes.clear();
  node.parameters.clear();
}

// A constant for each feature added to a dense layer without a bias, which nothing else reads, as its bias.
void merge_bias(Graph& graph, cnnc::Node& node, const std::vector<int>& uses, const Kept& kept) {
  if (node.op != "add_constant" || kept.count(node.inputs[0])) return;
  const cnnc::Node& input = graph.nodes[node.inputs[0]];
  const Parameter& value = *find_parameter(node, "value");
  if (input.op != "dense" || !lacks_bias(input) || uses[node.inputs[0]] != 1 || node.shape != input.shape ||
      value.shape != Shape{input.shape.sizes.back()})
    return;
  const cnnc::Node own = node;
  node = with_bias(input, Values(value.values->begin(), value.values->end()));
  cover(node, own);
  if (node.name[0] == '%') keep_name(node, own.name);
}

// One affine with what stands before it, where nothing else reads that.
void merge_with_input(Graph& graph, cnnc::Node& node, const std::vector<int>& uses, const Kept& kept,
                      Affines& affines) {
  const NodeId before = node.inputs[0];
  const cnnc::Node& input = graph.nodes[before];
  if (uses[before] != 1 || kept.count(before)) return;
  if (const Affine* first = affine_of(input, affines)) {
    set_affine(node, compose(*first, *affine_of(node, affines)), affines);
    keep_name(node, input.name);
    node.inputs = input.inputs;
    return merge_with_input(graph, node, uses, kept, affines);
  }
  const Affine affine = *affine_of(node, affines);
  if (!lacks_bias(input) || !are_all(affine.scale, 1)) return;
  const cnnc::Node own = node;
  node = with_bias(input, affine.shift);
  cover(node, own);
  if (!node.name.empty() && node.name[0] == '%') keep_name(node, own.name);
}

}  // namespace

NodeId add_affine(Translation& t, std::string name, NodeId x, Affine affine) {
  const size_t channels = affine.scale.size();
  const auto is_infinite = [](double v) { return std::isinf(v); };
  for (const Values* values : {&affine.scale, &affine.shift})
    if (std::any_of(values->begin(), values->end(), is_infinite))
      throw Unmapped{"its constant has an infinity, which no 'batchnorm' may have", ""};
  spend(t, 8 * static_cast<int64_t>(channels));  // four parameters, and the doubles
  const auto constant = [&](float value) {
    return std::make_shared<const std::vector<float>>(channels, value);
  };
  const auto scale = rounded(affine.scale);
  const NodeId node = add_node(t, std::move(name), "batchnorm", {{"eps", 0.0}}, {x},
                               {{"weight", scale},
                                {"bias", rounded(affine.shift)},
                                {"running_mean", constant(0)},
                                {"running_var", constant(1)}});
  t.affines.emplace(scale, std::move(affine));
  return node;
}

PerChannel per_channel(Translation& t, const View& view, const std::vector<const Constant*>& constants,
                       const std::string& what) {
  if (auto found = try_per_channel(t, view, constants)) return std::move(*found);
  const bool rearranges = t.rearranges && view.dims.size() >= 3 && view.dims.size() <= 4;
  if (view.dims.size() == 2 || rearranges) {
    const View plain = view_of_rank(t, as_tensor(t, view), view.dims.size());
    if (auto found = try_per_channel(t, plain, constants)) return std::move(*found);
  }
  std::string dims;
  for (const Constant* constant : constants) dims += (dims.empty() ? "" : ", ") + to_string(constant->dims);
  throw Unmapped{fmt::format("{} of {} beside a tensor of {} {} not one value for each channel", what, dims,
                             to_string(dims_of(view)), constants.size() == 1 ? "has" : "have"),
                 ""};
}

Graph merge_affines(Graph graph, Affines affines, const std::set<NodeId>& kept) {
  const std::vector<int> uses = count_uses(graph);
  std::vector<NodeId> stands_for(graph.nodes.size());
  std::iota(stands_for.begin(), stands_for.end(), 0);
  std::vector<bool> is_output(graph.nodes.size(), false);
  for (const GraphOutput& output : graph.outputs) is_output[output.node] = true;
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    cnnc::Node& node = graph.nodes[id];
    merge_bias(graph, node, uses, kept);
    if (!affine_of(node, affines)) continue;
    merge_with_input(graph, node, uses, kept, affines);
    const Affine* affine = affine_of(node, affines);
    const bool is_kept = kept.count(static_cast<NodeId>(id)) > 0 && kept.count(node.inputs[0]) > 0;
    if (affine && are_all(affine->scale, 1) && are_all(affine->shift, 0) && !is_output[id] && !is_kept)
      stands_for[id] = stands_for[node.inputs[0]];
  }
  for (cnnc::Node& node : graph.nodes) {
    const Affine* affine = affine_of(node, affines);
    if (affine && are_all(affine->scale, -1) && are_all(affine->shift, 0)) become_neg(node);
  }
  return replace_nodes(std::move(graph), stands_for);
}

}  // namespace cnnc::onnx
