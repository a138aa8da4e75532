#include "onnx/import/outputs.h"

#include <fmt/format.h>

#include "onnx/names/interface_names.h"
#include "onnx/tensors/tensors.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// Whether a map is seen as images x features: a vector is wanted then.
bool is_flat(const Translation& t, const View& view, const Shape& shape) {
  return shape.is_map() && view.dims.size() == 2 && size(view.dims[0]) == t.images;
}

bool is_channels_last(const Translation& t, const View& view) {
  return shape_of(t, view.node).is_map() &&
         view.dims == transposed(plain_view(t, view.node), kChannelsLast).dims;
}

NodeId rearranged(Translation& t, const View& view) {
  try {
    return as_tensor(t, view);
  } catch (const Unmapped& reason) {
    throw Unmapped{"cannot be computed: " + reason.why, reason.hint};
  }
}

// The elements in the order in which the model has them, as one tensor of the graph; of N x H x W x C with
// the channels first.
NodeId tensor_of(Translation& t, const View& view, const std::string& name) {
  const Shape& shape = shape_of(t, view.node);
  const bool is_computed = t.graph.nodes[view.node].op != "input";
  if (is_computed && is_channels_last(t, view) && !is_in_order(view, shape, t.images)) {
    const std::vector<int64_t> dims = dims_of(view);
    note_order(t, fmt::format("output {}", quote(name)), {dims[1], dims[2], dims[3]});
    return view.node;
  }
  if (is_computed && is_in_order(view, shape, t.images) && !is_flat(t, view, shape)) return view.node;
  const NodeId tensor = rearranged(t, view);
  if (t.graph.nodes[tensor].op == "input")
    throw Unmapped{fmt::format("is the input {} as it is", called(t, tensor)),
                   "remove it from the model's outputs: the caller has it"};
  return tensor;
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

NodeId node_of_output(Translation& t, const ValueInfo& info) {
  const auto found = t.values.find(info.name);
  if (found == t.values.end()) throw Unmapped{"is computed by nothing", ""};
  const auto* view = std::get_if<View>(&found->second);
  if (!view)
    throw Unmapped{"is a constant: no input has a part in it",
                   "remove it from the model's outputs: its values are in the file"};
  if (info.dims && !agree(*info.dims, dims_of(*view)))
    throw Unmapped{
        fmt::format("is {}, and declared as {}", to_string(dims_of(*view)), text_of(*info.dims)),
        fmt::format("the file is at odds with itself: declare the output as {}, or without a shape",
                    to_string(dims_of(*view)))};
  return tensor_of(t, *view, info.name);
}

}  // namespace

void add_outputs(Translation& t, const Model& model, const std::set<std::string>& unknown,
                 const std::string& file, Diagnostics& diagnostics) {
  if (model.outputs.empty()) diagnostics.error_in_file(file, "the model has no output");
  for (const ValueInfo& info : model.outputs) {
    if (unknown.count(info.name)) continue;
    try {
      const NodeId node = node_of_output(t, info);
      std::string name = take_name(t.interface_names, info.name, "output", model.outputs.size() == 1);
      note_name(t, "output", info.name, name);
      t.graph.outputs.push_back({std::move(name), node});
    } catch (const Unmapped& reason) {
      diagnostics.error_in_file(file, fmt::format("output {} {}", quote(info.name), reason.why), reason.hint);
    }
  }
}

}  // namespace cnnc::onnx
