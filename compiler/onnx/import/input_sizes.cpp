#include "onnx/import/input_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "onnx/import/open_sizes.h"
#include "support/limits.h"
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
  return {
      fmt::format("has {}{}", dimensions_text(info.dims->size()), shape),
      "an input is the batch and up to 6 sizes: N x channels x height x width, N x channels x length, N x "
      "features, or any others"};
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

// Of inputs and of their sizes.
std::vector<std::string> names_of(const std::vector<ValueInfo>& inputs) {
  std::vector<std::string> names;
  for (const ValueInfo& info : inputs) {
    names.push_back(info.name);
    for (const Dimension& d : info.dims.value_or(std::vector<Dimension>()))
      if (is_named(d)) names.push_back(d.symbol);
  }
  return names;
}

}  // namespace

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
  if (info.dims && info.dims->size() > 3 && info.dims->size() <= limits::kRank)
    return info.dims->front().size.value_or(0) > 1;
  if (!could_lack_batch(info)) return false;
  const std::vector<Dimension>& dims = *info.dims;
  if (dims.size() == 1 || dims[0].size.value_or(0) > 0) return true;
  const Sizes* shape = find_sizes(given.shapes, info.name);
  return (shape && shape->size() == dims.size()) || find_sizes(given.dimensions, dims[0].symbol);
}

Known sizes_of_input(const ValueInfo& info, const GivenSizes& given, bool lacks_batch) {
  if (info.dims && info.dims->empty()) return {1, 1};
  const Sizes* shape = find_sizes(given.shapes, info.name);
  if (!info.dims && !shape)
    throw Wrong{"has no shape in the model",
                fmt::format("give it one, such as '{}'", argument(info.name, "3x224x224"))};
  ValueInfo known_rank = info;
  // Three sizes are those of a map, one is the length of a vector; two, or four, have the batch with them.
  if (!info.dims) known_rank.dims.emplace(shape->size() + shape->size() % 2, Dimension());
  const size_t rank = known_rank.dims->size() + (lacks_batch ? 1 : 0);
  if (rank < 2 || rank > 1 + limits::kRank) throw wrong_rank(known_rank);
  Known known;
  for (const Dimension& dimension : *known_rank.dims) known.push_back(size_of(dimension, given));
  if (shape) take_shape(known_rank, *shape, known, lacks_batch);
  if (std::any_of(known.begin() + (lacks_batch ? 0 : 1), known.end(), [](const auto& size) { return !size; }))
    throw open_sizes(known_rank, known, given);
  if (lacks_batch) known.insert(known.begin(), 1);
  check_limits(known);
  return known;
}

// Options that name nothing in the model. What a cut has taken away may have said sizes of what is left.
void check_names(const Model& model, const TranslateOptions& options, const std::string& file,
                 Diagnostics& diagnostics) {
  const std::vector<std::string> names = names_of(model.inputs), former = names_of(model.former_inputs);
  for (const auto& [name, sizes] : options.sizes) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (std::find(former.begin(), former.end(), name) != former.end()) continue;
    std::vector<std::string> quoted;
    for (const std::string& known : names) quoted.push_back(quote(known));
    diagnostics.error_in_file(
        file,
        fmt::format("the model has no input and no size called {}{}", quote(name), did_you_mean(name, names)),
        fmt::format("it has {}", fmt::join(quoted, ", ")));
  }
}

}  // namespace cnnc::onnx
