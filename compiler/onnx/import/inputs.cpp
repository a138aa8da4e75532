#include "onnx/import/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "onnx/import/input_sizes.h"
#include "onnx/import/input_types.h"
#include "onnx/import/open_sizes.h"
#include "onnx/import/pictures.h"
#include "onnx/names/interface_names.h"
#include "onnx/patterns/channels_last.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

// An input as it is read.
struct Input {
  std::string value;
  Known sizes;  // with the batch
  bool lacks_batch = false;
  bool is_number = false;  // has no dimensions
  bool is_bytes = false;
};

// Throws Wrong.
Input read_input(const Model& model, const ValueInfo& info, const GivenSizes& given, Reading reading) {
  want_floats(model, info);
  const bool lacks_batch = reading == Reading::without_batch && may_lack_batch(info, given);
  return {info.name, sizes_of_input(info, given, lacks_batch), lacks_batch, info.dims && info.dims->empty(),
          info.type == "uint8"};
}

// The batch that the inputs agree on: of the model, else of the options, else 1.
int64_t images_of(const std::vector<Input>& inputs, const TranslateOptions& options) {
  const Input* first = nullptr;
  for (const Input& input : inputs) {
    if (!input.sizes[0]) continue;
    if (!first) first = &input;
    if (*first->sizes[0] != *input.sizes[0])
      throw Wrong{fmt::format("has a batch of {}, and input {} one of {}", *input.sizes[0],
                              quote(first->value), *first->sizes[0]),
                  "all inputs of a network have the same batch"};
  }
  return first ? *first->sizes[0] : options.images.value_or(1);
}

// Rows x columns x channels as a map of the channels, which everything behind it works on, seen as the input
// is.
View with_channels_first(Translation& t, NodeId input) {
  const NodeId map = add_node(t, "", "permute", {{"order", Sizes{2, 0, 1}}}, {input});
  return transposed(plain_view(t, map), kChannelsLast);
}

void add_input(Translation& t, std::string name, const Input& input, bool is_channels_last) {
  Sizes sizes;
  for (const auto& size : input.sizes) sizes.push_back(*size);
  View view = add_input(t, std::move(name), sizes);
  t.tensors.emplace(view.node, input.value);
  t.graph.nodes[static_cast<size_t>(view.node)].covers = {input.value};
  if (input.is_bytes && !input.lacks_batch && input.sizes.size() == 4) {
    cnnc::Node& node = t.graph.nodes[static_cast<size_t>(view.node)];
    node.pixels = pixels_of_levels(node.shape, is_channels_last);
  }
  if (is_channels_last) view = with_channels_first(t, view.node);
  if (input.lacks_batch) view.dims.erase(view.dims.begin());
  if (input.is_number) view.dims.clear();
  t.values.emplace(input.value, std::move(view));
}

// The inputs that outputs depend on, which say what the batch is. What is wrong with one is reported.
std::vector<Input> read_needed(Translation& t, const Model& model, const TranslateOptions& options,
                               const GivenSizes& given, Reading reading, const std::set<std::string>& needed,
                               const std::function<void(const std::string&, const Wrong&)>& report) {
  std::vector<Input> inputs;
  for (const ValueInfo& info : model.inputs) {
    if (!needed.count(info.name)) continue;
    try {
      inputs.push_back(read_input(model, info, given, reading));
      t.images = images_of(inputs, options);
    } catch (const Wrong& reason) {
      report(info.name, reason);
    }
  }
  return inputs;
}

// An input that no output depends on is one of the network all the same, so that it is called as the model
// is; empty, with a note, where it cannot be.
std::optional<Input> read_unneeded(Translation& t, const Model& model, const ValueInfo& info,
                                   const GivenSizes& given, Reading reading) {
  try {
    Input input = read_input(model, info, given, reading);
    if (input.sizes[0].value_or(t.images) == t.images) return input;
    throw Wrong{fmt::format("has another batch than the others, {}", *input.sizes[0]), ""};
  } catch (const Wrong& reason) {
    t.notes.push_back(fmt::format("the network has no input {}: no output depends on it, and it {}",
                                  quote(info.name), reason.what));
    return std::nullopt;
  }
}

// Sizes of a batch are fixed rarely; those of pictures and features without one always.
void note_batch(Translation& t, const ValueInfo& info, Reading reading) {
  if (reading == Reading::with_batch && could_lack_batch(info) && may_lack_batch(info, {}) && t.images > 1)
    t.notes.push_back(
        fmt::format("input {} is {} in the model; the first of its sizes, {}, is taken for the batch",
                    quote(info.name), shape_text(info), t.images));
}

}  // namespace

View add_input(Translation& t, std::string name, const std::vector<int64_t>& sizes) {
  Sizes own(sizes.begin() + 1, sizes.end());
  if (own.size() == 2) own.insert(own.begin() + 1, 1);  // N x C x L is the map C x 1 x L
  cnnc::Node node;
  node.name = std::move(name);
  node.op = "input";
  node.shape = Shape(std::move(own));
  const NodeId id = static_cast<NodeId>(t.graph.nodes.size());
  t.graph.inputs.push_back(id);
  if (sizes.size() > 3) t.fixed_inputs.insert(id);  // one that has rows and columns means these
  t.graph.nodes.push_back(std::move(node));
  return view_of_rank(t, id, sizes.size());
}

std::set<std::string> add_inputs(Translation& t, const Model& model, const TranslateOptions& options,
                                 Reading reading, const std::set<std::string>& needed,
                                 const std::string& file, Diagnostics& diagnostics) {
  check_names(model, options, file, diagnostics);
  const GivenSizes given = given_sizes(model, options);
  std::set<std::string> wrong;
  const auto report = [&](const std::string& value, const Wrong& reason) {
    diagnostics.error_in_file(file, fmt::format("input {} {}", quote(value), reason.what), reason.hint);
    wrong.insert(value);
  };
  const std::vector<Input> read = read_needed(t, model, options, given, reading, needed, report);
  std::vector<Input> inputs;
  for (const ValueInfo& info : model.inputs) {
    const auto found =
        std::find_if(read.begin(), read.end(), [&](const Input& i) { return i.value == info.name; });
    if (found != read.end()) {
      if (!wrong.count(info.name)) inputs.push_back(*found);
      note_batch(t, info, reading);
      note_type(t, "input", info);
    } else if (!needed.count(info.name)) {
      if (auto input = read_unneeded(t, model, info, given, reading)) inputs.push_back(std::move(*input));
    }
  }
  const std::set<std::string> channels_last = channels_last_inputs(model);
  for (const Input& input : inputs) {
    std::string name = take_name(t.interface_names, input.value, "input", inputs.size() == 1);
    note_name(t, "input", input.value, name);
    const bool is_map = input.sizes.size() == 4;
    add_input(t, std::move(name), input, is_map && channels_last.count(input.value) > 0);
  }
  return wrong;
}

}  // namespace cnnc::onnx
