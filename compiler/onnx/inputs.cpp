#include "onnx/inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "onnx/channels_last.h"
#include "onnx/interface_names.h"
#include "support/limits.h"
#include "support/suggest.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

// What is wrong with an input.
struct Wrong {
  std::string what, hint;
};

// The sizes of an input as far as they are known; where not, empty.
using Known = std::vector<std::optional<int64_t>>;

std::string shape_text(const ValueInfo& info) {
  std::vector<std::string> sizes;
  for (const Dimension& d : *info.dims)
    sizes.push_back(d.size && *d.size > 0 ? std::to_string(*d.size) : d.symbol.empty() ? "?" : d.symbol);
  return fmt::format("{}", fmt::join(sizes, "x"));
}

const Sizes* find_sizes(const TranslateOptions& options, const std::string& name) {
  const auto found = options.sizes.find(name);
  return found == options.sizes.end() || name.empty() ? nullptr : &found->second;
}

Wrong wrong_rank(const ValueInfo& info) {
  return {fmt::format("has {} dimensions, {}", info.dims->size(), shape_text(info)),
          "an input is N x channels x height x width, N x channels x length, or N x features"};
}

// A dimension by the model, or by the option with its name.
std::optional<int64_t> size_of(const Dimension& dimension, const TranslateOptions& options) {
  if (dimension.size && *dimension.size > 0) return dimension.size;
  const Sizes* given = find_sizes(options, dimension.symbol);
  if (!given) return std::nullopt;
  if (given->size() != 1)
    throw Wrong{
        fmt::format("has a size '{}', for which {} numbers are given", dimension.symbol, given->size()),
        "a size is one number"};
  return given->front();
}

// The shape that an option gives, its batch, which may be left out, as well as it is.
void take_shape(const ValueInfo& info, const Sizes& given, Known& known) {
  const bool with_batch = given.size() == known.size();
  if (!with_batch && given.size() + 1 != known.size())
    throw Wrong{fmt::format("has {} dimensions, {}, for which {} sizes are given", known.size(),
                            shape_text(info), given.size()),
                "give its whole shape, with or without the batch"};
  for (size_t i = with_batch ? 0 : 1; i < known.size(); ++i) {
    const int64_t size = given[i - (with_batch ? 0 : 1)];
    if (known[i] && *known[i] != size)
      throw Wrong{
          fmt::format("is {} in the model, which cannot be changed to {}", shape_text(info),
                      onnx::to_string(given)),
          "export the model with the other size, or with sizes that are left open (PyTorch: dynamic_axes)"};
    known[i] = size;
  }
}

Wrong open_sizes(const ValueInfo& info, const Known& known) {
  std::vector<std::string> open, example, options;
  for (size_t i = 1; i < known.size(); ++i) {
    const std::string& symbol = (*info.dims)[i].symbol;
    example.push_back(known[i] ? std::to_string(*known[i]) : "224");
    if (known[i]) continue;
    open.push_back(symbol.empty() ? fmt::format("dimension {}", i) : quote(symbol));
    if (!symbol.empty()) options.push_back(fmt::format("--shape {}=224", symbol));
  }
  std::string hint =
      fmt::format("give the whole shape, such as '--shape {}={}'", info.name, fmt::join(example, "x"));
  if (options.size() == open.size()) hint += fmt::format(", or each size: '{}'", fmt::join(options, " "));
  return {fmt::format("is {}: the model leaves {} open", shape_text(info), fmt::join(open, " and ")), hint};
}

void check_limits(const Known& known) {
  int64_t elements = 1;
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) continue;
    const int64_t limit = i == 0 ? limits::kImages : limits::kElements / elements;
    if (*known[i] < 1 || *known[i] > limit)
      throw Wrong{fmt::format("has a size of {} in dimension {}", *known[i], i),
                  fmt::format("a batch is from 1 to {}, and a tensor has at most {} elements",
                              limits::kImages, limits::kElements)};
    if (i > 0) elements *= *known[i];
  }
}

// The sizes of an input; that of the batch may be left open. Throws Wrong.
Known sizes_of_input(const ValueInfo& info, const TranslateOptions& options) {
  if (info.type != "float")
    throw Wrong{fmt::format("is {}", info.type.empty() ? "no tensor" : "of type " + info.type),
                "cnnc computes with floats: export the model with an input of floats"};
  const Sizes* given = find_sizes(options, info.name);
  if (!info.dims && !given)
    throw Wrong{"has no shape in the model",
                fmt::format("give it one, such as '--shape {}=3x224x224'", info.name)};
  ValueInfo known_rank = info;
  // Three sizes are those of a map, one is the length of a vector; two, or four, have the batch with them.
  if (!info.dims) known_rank.dims.emplace(given->size() + given->size() % 2, Dimension());
  const size_t rank = known_rank.dims->size();
  if (rank < 2 || rank > 4) throw wrong_rank(known_rank);
  Known known;
  for (const Dimension& dimension : *known_rank.dims) known.push_back(size_of(dimension, options));
  if (given) take_shape(known_rank, *given, known);
  if (std::any_of(known.begin() + 1, known.end(), [](const auto& size) { return !size; }))
    throw open_sizes(known_rank, known);
  check_limits(known);
  return known;
}

// The batch that the inputs agree on: of the model, else of the options, else 1.
int64_t images_of(const std::vector<std::pair<std::string, Known>>& inputs, const TranslateOptions& options) {
  const std::pair<std::string, Known>* first = nullptr;
  for (const auto& input : inputs) {
    if (!input.second[0]) continue;
    if (!first) first = &input;
    if (*first->second[0] != *input.second[0])
      throw Wrong{fmt::format("has a batch of {}, and input {} one of {}", *input.second[0],
                              quote(first->first), *first->second[0]),
                  "all inputs of a network have the same batch"};
  }
  return first ? *first->second[0] : options.images.value_or(1);
}

void add_input(Translation& t, std::string name, const std::string& value, const Known& known,
               bool is_channels_last) {
  Sizes sizes;
  for (size_t i = 1; i < known.size(); ++i) sizes.push_back(*known[i]);
  if (sizes.size() == 2) sizes.insert(sizes.begin() + 1, 1);  // N x C x L is the map C x 1 x L
  if (is_channels_last) {
    note_order(t, fmt::format("input {}", quote(value)), sizes);
    std::rotate(sizes.begin(), sizes.end() - 1, sizes.end());
  }
  cnnc::Node node;
  node.name = std::move(name);
  node.op = "input";
  node.shape = Shape(std::move(sizes));
  node.covers = {node.name};
  const NodeId id = static_cast<NodeId>(t.graph.nodes.size());
  t.graph.inputs.push_back(id);
  t.graph.nodes.push_back(std::move(node));
  const View view = view_of_rank(t, id, known.size());
  t.values.emplace(value, is_channels_last ? transposed(view, kChannelsLast) : view);
}

// Options that name nothing in the model.
void check_names(const Model& model, const TranslateOptions& options, const std::string& file,
                 Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const ValueInfo& info : model.inputs) {
    names.push_back(info.name);
    for (const Dimension& d : info.dims.value_or(std::vector<Dimension>()))
      if (!d.symbol.empty()) names.push_back(d.symbol);
  }
  for (const auto& [name, sizes] : options.sizes) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::vector<std::string> quoted;
    for (const std::string& known : names) quoted.push_back(quote(known));
    diagnostics.error_in_file(
        file,
        fmt::format("the model has no input and no size called {}{}", quote(name), did_you_mean(name, names)),
        fmt::format("it has {}", fmt::join(quoted, ", ")));
  }
}

}  // namespace

std::set<std::string> add_inputs(Translation& t, const Model& model, const TranslateOptions& options,
                                 const std::set<std::string>& needed, const std::string& file,
                                 Diagnostics& diagnostics) {
  check_names(model, options, file, diagnostics);
  std::set<std::string> wrong;
  std::vector<std::pair<std::string, Known>> inputs;
  std::string at;
  const auto report = [&](const Wrong& reason) {
    diagnostics.error_in_file(file, fmt::format("input {} {}", quote(at), reason.what), reason.hint);
    wrong.insert(at);
  };
  for (const ValueInfo& info : model.inputs) {
    if (!needed.count(info.name)) continue;
    at = info.name;
    try {
      inputs.emplace_back(info.name, sizes_of_input(info, options));
      t.images = images_of(inputs, options);
    } catch (const Wrong& reason) {
      report(reason);
    }
  }
  const std::set<std::string> channels_last = channels_last_inputs(model);
  for (const auto& [value, known] : inputs)
    if (!wrong.count(value))
      add_input(t, take_name(t.interface_names, value, "input", inputs.size() == 1), value, known,
                channels_last.count(value) > 0);
  return wrong;
}

}  // namespace cnnc::onnx
