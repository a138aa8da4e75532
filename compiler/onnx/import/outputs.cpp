#include "onnx/import/outputs.h"

#include <fmt/format.h>

#include <cmath>

#include "onnx/general/operations.h"
#include "onnx/import/input_types.h"
#include "onnx/names/interface_names.h"
#include "onnx/tensors/rearrange.h"
#include "onnx/tensors/tensors.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// Whether a map is seen as images x features: a vector is wanted then.
bool is_flat(const Translation& t, const View& view, const Shape& shape) {
  return shape.is_map() && view.dims.size() == 2 && size(view.dims[0]) == t.images;
}

// As a map or vector where it can be one, else as a tensor of its dimensions.
NodeId rearranged(Translation& t, const View& view) {
  t.rearranges = false;
  try {
    return as_tensor(t, view);
  } catch (const Unmapped&) {
    return as_any(t, view, t.images > 1 || (view.dims.size() > 1 && view.dims[0].empty()));
  }
}

NodeId computed(Translation& t, const View& view) {
  try {
    return tensor_of(t, view);
  } catch (const Unmapped& reason) {
    throw Unmapped{"cannot be computed: " + reason.why, reason.hint};
  }
}

// The batch of the model may be another one than that which its outputs were declared with: it is not
// compared.
bool agree(const std::vector<Dimension>& declared, const std::vector<int64_t>& computed) {
  if (declared.size() != computed.size()) return false;
  for (size_t i = 1; i < declared.size(); ++i)
    if (declared[i].size && *declared[i].size > 0 && *declared[i].size != computed[i]) return false;
  return true;
}

std::string text_of(const std::vector<Dimension>& dims) {
  std::string text;
  for (const Dimension& d : dims)
    text += (text.empty() ? "" : "x") + (d.size             ? std::to_string(*d.size)
                                         : d.symbol.empty() ? "?"
                                                            : d.symbol);
  return text.empty() ? "a scalar" : text;
}

// A constant: 0, whatever the first element of the first input is, to which its values are added.
View computed_constant(Translation& t, const std::string& name) {
  Node node;
  node.inputs = {name};
  const Constant constant = need_numbers(t, node, 0, "it");
  if (t.images > 1 || t.graph.inputs.empty() || constant.floats->empty())
    throw Unmapped{"is a constant: no input has a part in it",
                   "remove it from the model's outputs: its values are in the file"};
  View x = plain_view(t, t.graph.inputs[0]);
  for (size_t axis = 0; axis < x.dims.size(); ++axis) x = cropped(t, "", x, axis, {0, 1, 1});
  x.dims.assign(constant.dims.size(), {});
  const Constant infinity{"float", {}, std::make_shared<const std::vector<float>>(1, HUGE_VALF), nullptr};
  return with_constant(t, "", "add", with_constant(t, "", "greater", x, infinity), constant);
}

NodeId node_of_output(Translation& t, const ValueInfo& info) {
  const auto found = t.values.find(info.name);
  if (found == t.values.end()) throw Unmapped{"is computed by nothing", ""};
  const auto* constant = std::get_if<Constant>(&found->second);
  const bool is_whole =
      constant ? constant->integers && constant->type != "bool" : t.integers.count(info.name) > 0;
  if (constant) found->second = computed_constant(t, info.name);
  const auto* view = &std::get<View>(found->second);
  if (info.dims && !agree(*info.dims, dims_of(*view)))
    throw Unmapped{
        fmt::format("is {}, and declared as {}", to_string(dims_of(*view)), text_of(*info.dims)),
        fmt::format("the file is at odds with itself: declare the output as {}, or without a shape",
                    to_string(dims_of(*view)))};
  const NodeId tensor = computed(t, *view);
  if (is_integer(info.type) || (info.type.empty() && is_whole)) return add_node(t, "", "int32", {}, {tensor});
  if (!is_input(t.graph.nodes[tensor])) return tensor;
  return add_node(t, "", "reshape", {{"shape", shape_of(t, tensor).sizes}}, {tensor});  // a copy
}

}  // namespace

NodeId tensor_of(Translation& t, const View& view) {
  const Shape& shape = shape_of(t, view.node);
  const bool is_computed = t.graph.nodes[view.node].op != "input";
  if (is_computed && is_in_order(view, shape, t.images) && !is_flat(t, view, shape)) return view.node;
  return rearranged(t, view);
}

void add_outputs(Translation& t, const Model& model, const std::set<std::string>& unknown,
                 const std::string& file, Diagnostics& diagnostics) {
  if (model.outputs.empty()) diagnostics.error_in_file(file, "the model has no output");
  for (const ValueInfo& info : model.outputs) {
    if (unknown.count(info.name)) continue;
    try {
      const NodeId node = node_of_output(t, info);
      std::string name = take_name(t.interface_names, info.name, "output", model.outputs.size() == 1);
      note_name(t, "output", info.name, name);
      note_type(t, "output", info);
      t.graph.outputs.push_back({std::move(name), node});
    } catch (const Unmapped& reason) {
      diagnostics.error_in_file(file, fmt::format("output {} {}", quote(info.name), reason.why), reason.hint);
    }
  }
}

}  // namespace cnnc::onnx
