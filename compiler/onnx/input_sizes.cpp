#include "onnx/input_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "support/limits.h"
#include "support/shell.h"
#include "support/suggest.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

const Sizes* find_sizes(const std::map<std::string, Sizes>& sizes, const std::string& name) {
  const auto found = sizes.find(name);
  return found == sizes.end() || name.empty() ? nullptr : &found->second;
}

// "no dimensions", "1 dimension", "2 dimensions".
std::string dimensions_text(size_t count) {
  return count == 0 ? "no dimensions" : fmt::format("{} dimension{}", count, count == 1 ? "" : "s");
}

Wrong wrong_rank(const ValueInfo& info) {
  const std::string shape = info.dims->empty() ? "" : ", " + shape_text(info);
  return {fmt::format("has {}{}", dimensions_text(info.dims->size()), shape),
          "an input is N x channels x height x width, N x channels x length, or N x features"};
}

// Whether a dimension has a name to call it by: some exporters call all of them "?".
bool is_named(const Dimension& dimension) {
  return dimension.symbol.find_first_not_of("?-_ ") != std::string::npos;
}

// A dimension by the model, or by the option with its name.
std::optional<int64_t> size_of(const Dimension& dimension, const GivenSizes& given) {
  if (dimension.size && *dimension.size > 0) return dimension.size;
  if (!is_named(dimension)) return std::nullopt;
  const Sizes* sizes = find_sizes(given.dimensions, dimension.symbol);
  if (!sizes) return std::nullopt;
  if (sizes->size() != 1)
    throw Wrong{
        fmt::format("has a size '{}', for which {} numbers are given", dimension.symbol, sizes->size()),
        "a size is one number"};
  return sizes->front();
}

// The shape that an option gives, its batch, which may be left out, as well as it is. What has no batch in
// the model may be given one of 1.
void take_shape(const ValueInfo& info, Sizes given, Known& known, bool lacks_batch) {
  if (lacks_batch && given.size() == known.size() + 1 && given[0] == 1) given.erase(given.begin());
  const bool is_whole = given.size() == known.size();
  if (!is_whole && (lacks_batch || given.size() + 1 != known.size()))
    throw Wrong{fmt::format("has {}, {}, for which {} given", dimensions_text(known.size()), shape_text(info),
                            given.size() == 1 ? "1 size is" : fmt::format("{} sizes are", given.size())),
                "give its whole shape, with or without the batch"};
  for (size_t i = is_whole ? 0 : 1; i < known.size(); ++i) {
    const int64_t size = given[i - (is_whole ? 0 : 1)];
    if (!lacks_batch && i == 0 && known[0] && *known[0] != size)
      throw Wrong{fmt::format("is {} in the model, with a batch of {}", shape_text(info), *known[0]),
                  fmt::format("another one is given by '--batch {}'", size)};
    if (known[i] && *known[i] != size)
      throw Wrong{
          fmt::format("is {} in the model, which cannot be changed to {}", shape_text(info),
                      onnx::to_string(given)),
          "export the model with the other size, or with sizes that are left open (PyTorch: dynamic_axes)"};
    known[i] = size;
  }
}

// "NAME=SIZE" as a shell takes it.
std::string argument(const std::string& name, const std::string& size) {
  return "--shape " + shell_word(name + "=" + size);
}

// Whether the first size may be one of its own as well as the batch, see may_lack_batch.
bool could_lack_batch(const ValueInfo& info) {
  if (!info.dims || info.dims->empty() || info.dims->size() > 3) return false;
  return info.dims->size() == 1 || info.dims->front().size.value_or(0) != 1;
}

// A size as an example of one that is open: channels of a picture, or its height or width; a batch.
std::string example_of(const std::vector<Dimension>& dims, const Known& known, size_t at) {
  if (known.size() == 4) {
    const bool has_channels_last = known[3].value_or(224) <= 4;
    return at == 1 && !has_channels_last ? "3" : "224";
  }
  const auto is_first = [&](const Dimension& d) { return is_named(d) && d.symbol == dims[0].symbol; };
  if (at > 0 || known.size() == 1 || std::any_of(dims.begin() + 1, dims.end(), is_first)) return "224";
  return known.size() == 3 && !known[1] ? "3" : "1";
}

// The options that give each open size from the `first` on by its name, each name once; empty where one has
// no name, or shares it with the batch, which is left out.
std::vector<std::string> options_by_name(const std::vector<Dimension>& dims, const Known& known,
                                         size_t first) {
  std::vector<std::string> options;
  for (size_t i = first; i < known.size(); ++i) {
    if (known[i]) continue;
    if (!is_named(dims[i]) || (first > 0 && dims[i].symbol == dims[0].symbol)) return {};
    std::string option = argument(dims[i].symbol, example_of(dims, known, i));
    if (std::find(options.begin(), options.end(), option) == options.end())
      options.push_back(std::move(option));
  }
  return options;
}

// The sizes that the model leaves open, but for the batch, each name once.
std::vector<std::string> open_names(const std::vector<Dimension>& dims, const Known& known) {
  std::vector<std::string> names;
  for (size_t i = known.size() == 1 ? 0 : 1; i < known.size(); ++i) {
    if (known[i]) continue;
    std::string name = is_named(dims[i]) ? quote(dims[i].symbol) : fmt::format("dimension {}", i);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

// What to write must be right whether the first size is the batch or not: where both may be, it is in it.
Wrong open_sizes(const ValueInfo& info, const Known& known, const GivenSizes& given) {
  const size_t first = could_lack_batch(info) ? 0 : 1;
  const bool is_shared = given.shared.count(info.name) > 0;
  std::vector<std::string> example;
  for (size_t i = first; i < known.size(); ++i)
    example.push_back(known[i] ? std::to_string(*known[i]) : example_of(*info.dims, known, i));
  if (is_shared && example.size() == 1) example.insert(example.begin(), "1");  // one would be the dimension's
  std::string hint = fmt::format("give the whole shape, such as '{}'",
                                 argument(info.name, fmt::format("{}", fmt::join(example, "x"))));
  if (const auto options = options_by_name(*info.dims, known, first); !options.empty())
    hint += fmt::format(", or each size: '{}'", fmt::join(options, " "));
  if (is_shared)
    hint +=
        fmt::format("; {} is an input and a dimension: one number is the dimension's, several the input's",
                    quote(info.name));
  return {fmt::format("is {}: the model leaves {} open", shape_text(info),
                      fmt::join(open_names(*info.dims, known), " and ")),
          hint};
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

}  // namespace

std::string shape_text(const ValueInfo& info) {
  std::vector<std::string> sizes;
  for (const Dimension& d : *info.dims)
    sizes.push_back(d.size && *d.size > 0 ? std::to_string(*d.size) : d.symbol.empty() ? "?" : d.symbol);
  return fmt::format("{}", fmt::join(sizes, "x"));
}

GivenSizes given_sizes(const Model& model, const TranslateOptions& options) {
  std::set<std::string> inputs, dimensions;
  for (const ValueInfo& info : model.inputs) {
    inputs.insert(info.name);
    for (const Dimension& d : info.dims.value_or(std::vector<Dimension>()))
      if (is_named(d)) dimensions.insert(d.symbol);
  }
  GivenSizes given;
  std::set_intersection(inputs.begin(), inputs.end(), dimensions.begin(), dimensions.end(),
                        std::inserter(given.shared, given.shared.end()));
  for (const auto& [name, sizes] : options.sizes) {
    const bool is_shape = inputs.count(name) && (!dimensions.count(name) || sizes.size() != 1);
    (is_shape ? given.shapes : given.dimensions).emplace(name, sizes);
  }
  return given;
}

bool may_lack_batch(const ValueInfo& info, const GivenSizes& given) {
  if (!could_lack_batch(info)) return false;
  const std::vector<Dimension>& dims = *info.dims;
  if (dims.size() == 1 || dims[0].size.value_or(0) > 0) return true;
  const Sizes* shape = find_sizes(given.shapes, info.name);
  return (shape && shape->size() == dims.size()) || find_sizes(given.dimensions, dims[0].symbol);
}

Known sizes_of_input(const ValueInfo& info, const GivenSizes& given, bool lacks_batch) {
  if (info.type != "float")
    throw Wrong{fmt::format("is {}", info.type.empty() ? "no tensor" : "of type " + info.type),
                "cnnc computes with floats: declare it as float in the model, and give it floats"};
  const Sizes* shape = find_sizes(given.shapes, info.name);
  if (!info.dims && !shape)
    throw Wrong{"has no shape in the model",
                fmt::format("give it one, such as '{}'", argument(info.name, "3x224x224"))};
  ValueInfo known_rank = info;
  // Three sizes are those of a map, one is the length of a vector; two, or four, have the batch with them.
  if (!info.dims) known_rank.dims.emplace(shape->size() + shape->size() % 2, Dimension());
  const size_t rank = known_rank.dims->size() + (lacks_batch ? 1 : 0);
  if (rank < 2 || rank > 4) throw wrong_rank(known_rank);
  Known known;
  for (const Dimension& dimension : *known_rank.dims) known.push_back(size_of(dimension, given));
  if (shape) take_shape(known_rank, *shape, known, lacks_batch);
  if (std::any_of(known.begin() + (lacks_batch ? 0 : 1), known.end(), [](const auto& size) { return !size; }))
    throw open_sizes(known_rank, known, given);
  if (lacks_batch) known.insert(known.begin(), 1);
  check_limits(known);
  return known;
}

// Options that name nothing in the model.
void check_names(const Model& model, const TranslateOptions& options, const std::string& file,
                 Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const ValueInfo& info : model.inputs) {
    names.push_back(info.name);
    for (const Dimension& d : info.dims.value_or(std::vector<Dimension>()))
      if (is_named(d)) names.push_back(d.symbol);
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

}  // namespace cnnc::onnx
