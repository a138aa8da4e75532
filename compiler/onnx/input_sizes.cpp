#include "onnx/input_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "support/limits.h"
#include "support/suggest.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

const Sizes* find_sizes(const TranslateOptions& options, const std::string& name) {
  const auto found = options.sizes.find(name);
  return found == options.sizes.end() || name.empty() ? nullptr : &found->second;
}

Wrong wrong_rank(const ValueInfo& info) {
  return {fmt::format("has {} dimensions, {}", info.dims->size(), shape_text(info)),
          "an input is N x channels x height x width, N x channels x length, or N x features"};
}

// Whether a dimension has a name to call it by: some exporters call all of them "?".
bool is_named(const Dimension& dimension) {
  return dimension.symbol.find_first_not_of("?-_ ") != std::string::npos;
}

// A dimension by the model, or by the option with its name.
std::optional<int64_t> size_of(const Dimension& dimension, const TranslateOptions& options) {
  if (dimension.size && *dimension.size > 0) return dimension.size;
  if (!is_named(dimension)) return std::nullopt;
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
    if (i == 0 && known[0] && *known[0] != size)
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
  const auto is_plain = [](unsigned char c) { return std::isalnum(c) || std::strchr("_-./:@%+,", c); };
  const bool plain = std::all_of(name.begin(), name.end(), is_plain);
  return plain ? fmt::format("--shape {}={}", name, size) : fmt::format("--shape \"{}={}\"", name, size);
}

// A size as an example of one that is open: channels of a picture, or its height or width.
std::string example_of(const Known& known, size_t at) {
  const bool has_channels_last = known.size() == 4 && known[3].value_or(224) <= 4;
  return known.size() == 4 && at == 1 && !has_channels_last ? "3" : "224";
}

// The options that give each open size by its name, each name once; empty where one has no name, or shares it
// with the batch.
std::vector<std::string> options_by_name(const std::vector<Dimension>& dims, const Known& known) {
  std::vector<std::string> options;
  for (size_t i = 1; i < known.size(); ++i) {
    if (known[i]) continue;
    if (!is_named(dims[i]) || dims[i].symbol == dims[0].symbol) return {};
    std::string option = argument(dims[i].symbol, example_of(known, i));
    if (std::find(options.begin(), options.end(), option) == options.end())
      options.push_back(std::move(option));
  }
  return options;
}

Wrong open_sizes(const ValueInfo& info, const Known& known) {
  std::vector<std::string> open, example;
  for (size_t i = 1; i < known.size(); ++i) {
    const Dimension& dimension = (*info.dims)[i];
    example.push_back(known[i] ? std::to_string(*known[i]) : example_of(known, i));
    if (!known[i])
      open.push_back(is_named(dimension) ? quote(dimension.symbol) : fmt::format("dimension {}", i));
  }
  std::string hint = fmt::format("give the whole shape, such as '{}'",
                                 argument(info.name, fmt::format("{}", fmt::join(example, "x"))));
  if (const auto options = options_by_name(*info.dims, known); !options.empty())
    hint += fmt::format(", or each size: '{}'", fmt::join(options, " "));
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

}  // namespace

std::string shape_text(const ValueInfo& info) {
  std::vector<std::string> sizes;
  for (const Dimension& d : *info.dims)
    sizes.push_back(d.size && *d.size > 0 ? std::to_string(*d.size) : d.symbol.empty() ? "?" : d.symbol);
  return fmt::format("{}", fmt::join(sizes, "x"));
}

Known sizes_of_input(const ValueInfo& info, const TranslateOptions& options) {
  if (info.type != "float")
    throw Wrong{fmt::format("is {}", info.type.empty() ? "no tensor" : "of type " + info.type),
                "cnnc computes with floats: declare it as float in the model, and give it floats"};
  const Sizes* given = find_sizes(options, info.name);
  if (!info.dims && !given)
    throw Wrong{"has no shape in the model",
                fmt::format("give it one, such as '{}'", argument(info.name, "3x224x224"))};
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
