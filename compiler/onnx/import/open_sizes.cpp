#include "onnx/import/open_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "support/shell.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

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

}  // namespace

bool is_named(const Dimension& dimension) {
  return dimension.symbol.find_first_not_of("?-_ ") != std::string::npos;
}

std::string shape_text(const ValueInfo& info) {
  std::vector<std::string> sizes;
  for (const Dimension& d : *info.dims)
    sizes.push_back(d.size && *d.size > 0 ? std::to_string(*d.size) : d.symbol.empty() ? "?" : d.symbol);
  return fmt::format("{}", fmt::join(sizes, "x"));
}

std::string argument(const std::string& name, const std::string& size) {
  return "--shape " + shell_word(name + "=" + size);
}

bool could_lack_batch(const ValueInfo& info) {
  if (!info.dims || info.dims->empty() || info.dims->size() > 3) return false;
  return info.dims->size() == 1 || info.dims->front().size.value_or(0) != 1;
}

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

}  // namespace cnnc::onnx
