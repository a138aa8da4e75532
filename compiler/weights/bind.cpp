#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "support/suggest.h"
#include "weights/text.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

constexpr size_t kMaxItems = 10;      // of one list in the message; one more is shown rather than counted
constexpr size_t kMaxWord = 200;      // names longer than this get no suggestion
constexpr size_t kMaxWords = 10'000;  // candidates for one

// One kind of fault and what it was found in.
struct List {
  std::string title;
  std::vector<std::string> items = {};  // the first of them
  size_t count = 0;

  void add(std::string item) {
    if (++count <= kMaxItems + 1) items.push_back(std::move(item));
  }
};

struct Wanted {
  std::string name;  // as files have it: layer1.0.conv1.weight
  Parameter* parameter;
};

std::vector<Wanted> wanted_by(Graph& graph) {
  std::vector<Wanted> wanted;
  for (Node& node : graph.nodes)
    for (Parameter& parameter : node.parameters)
      wanted.push_back({node.name + "." + parameter.name, &parameter});
  return wanted;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// The file's names that no parameter has.
std::vector<std::string> unexpected_names(const std::vector<Wanted>& wanted, const NamedTensors& tensors) {
  std::set<std::string_view> names;
  for (const Wanted& w : wanted) names.insert(w.name);
  std::vector<std::string> unexpected;
  for (const auto& [name, tensor] : tensors)
    if (!names.count(name) && !ends_with(name, "num_batches_tracked")) unexpected.push_back(name);
  return unexpected;
}

// "; the nearest name in the file is 'conv_1.weight' (6x1x5x5)" or "".
std::string nearest_in_file(const std::string& name, const std::vector<std::string>& unexpected,
                            const NamedTensors& tensors) {
  if (name.size() > kMaxWord) return "";
  std::vector<std::string> candidates;
  for (const std::string& candidate : unexpected) {
    size_t longer = std::max(candidate.size(), name.size()),
           shorter = std::min(candidate.size(), name.size());
    if (longer - shorter <= name.size() / 3 + 1 && candidates.size() < kMaxWords)
      candidates.push_back(candidate);
  }
  std::string found = nearest(name, candidates);
  if (found.empty()) return "";
  return fmt::format("; the nearest name in the file is {} ({})", quote(found),
                     sizes_text(tensors.at(found).shape.sizes));
}

// The place of a flat index in a tensor: "3, 0, 1, 4".
std::string index_text(size_t flat, const Shape& shape) {
  std::string text;
  auto rest = static_cast<int64_t>(flat);
  for (size_t i = shape.rank(); i-- > 0;) {
    text = fmt::format("{}{}{}", rest % shape.sizes[i], text.empty() ? "" : ", ", text);
    rest /= shape.sizes[i];
  }
  return text;
}

// "'bn1.running_var' holds nan at [3]; …" where a value cannot be computed with, or "". What sums over many
// weights is compiled for finite numbers alone; a constant tensor may hold infinities.
std::string bad_value(const std::string& name, const Parameter& parameter, const std::vector<float>& values) {
  const bool is_variance = parameter.name == "running_var", is_constant = parameter.name == "value";
  auto bad = std::find_if(values.begin(), values.end(), [&](float v) {
    return std::isnan(v) || (std::isinf(v) && !is_constant) || (is_variance && v < 0);
  });
  if (bad == values.end()) return "";
  std::string where = index_text(static_cast<size_t>(bad - values.begin()), parameter.shape);
  return fmt::format("{} holds {} at [{}]; expected {}", quote(name), *bad, where,
                     std::isfinite(*bad) ? "a variance of at least 0"
                     : is_constant       ? "a number, or an infinity"
                                         : "a finite number");
}

// "; the file's names begin with …" if all that is missing is in the file under one prefix.
std::string prefix_hint(const std::vector<Wanted>& missing, const NamedTensors& tensors,
                        const std::vector<std::string>& unexpected) {
  if (missing.empty()) return "";
  std::string end = "." + missing[0].name;
  auto first = std::find_if(unexpected.begin(), unexpected.end(),
                            [&](const std::string& name) { return ends_with(name, end); });
  if (first == unexpected.end()) return "";
  std::string prefix = first->substr(0, first->size() - missing[0].name.size());
  for (const Wanted& w : missing)
    if (!tensors.count(prefix + w.name)) return "";
  return fmt::format("the file has them with {} before each name; save the weights without it",
                     quote(prefix));
}

// The whole message: a line that counts, then a line for each item.
std::string render_lists(const std::string& network, const std::vector<List>& lists) {
  std::string counts, lines;
  for (const List& list : lists) {
    if (list.count == 0) continue;
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", list.count, list.title);
    const size_t shown = list.count > kMaxItems + 1 ? kMaxItems : list.count;
    for (size_t i = 0; i < shown; ++i) lines += fmt::format("\n  {}: {}", list.title, list.items[i]);
    if (list.count > shown) lines += fmt::format("\n  {}: and {} more", list.title, list.count - shown);
  }
  return fmt::format("the weights do not fit network '{}': {}{}", network, counts, lines);
}

}  // namespace

bool bind(Graph& graph, const NamedTensors& tensors, const std::string& file, Diagnostics& diagnostics) {
  std::vector<Wanted> wanted = wanted_by(graph), missing;
  std::vector<std::string> unexpected = unexpected_names(wanted, tensors);
  std::vector<List> lists = {
      {"missing"}, {"unexpected"}, {"of the wrong shape"}, {"of the wrong type"}, {"with a bad value"}};
  for (const Wanted& w : wanted) {
    auto found = tensors.find(w.name);
    const std::vector<int64_t>& expected = w.parameter->shape.sizes;
    if (found == tensors.end()) {
      missing.push_back(w);
    } else if (found->second.shape != w.parameter->shape) {
      lists[2].add(fmt::format("{} is {}, expected {}", quote(w.name), sizes_text(found->second.shape.sizes),
                               sizes_text(expected)));
    } else if (!found->second.values) {
      lists[3].add(
          fmt::format("{} is {}, expected F32, F16 or BF16", quote(w.name), quote(found->second.type)));
    } else if (std::string bad = bad_value(w.name, *w.parameter, *found->second.values); !bad.empty()) {
      lists[4].add(bad);
    }
  }
  std::string hint = prefix_hint(missing, tensors, unexpected);
  for (const Wanted& w : missing) {
    bool is_shown = lists[0].count <= kMaxItems && hint.empty();
    std::string near = is_shown ? nearest_in_file(w.name, unexpected, tensors) : "";
    lists[0].add(fmt::format("{} ({}){}", quote(w.name), sizes_text(w.parameter->shape.sizes), near));
  }
  for (const std::string& name : unexpected)
    lists[1].add(fmt::format("{} ({})", quote(name), sizes_text(tensors.at(name).shape.sizes)));
  if (std::any_of(lists.begin(), lists.end(), [](const List& list) { return list.count > 0; })) {
    diagnostics.error_in_file(file, render_lists(graph.name, lists), hint);
    return false;
  }
  for (const Wanted& w : wanted) w.parameter->values = tensors.at(w.name).values;
  return true;
}

bool check_values(const Graph& graph, const std::string& file, Diagnostics& diagnostics) {
  List list = {"with a bad value"};
  for (const Node& node : graph.nodes)
    for (const Parameter& parameter : node.parameters) {
      const std::string bad =
          parameter.values ? bad_value(node.name + "." + parameter.name, parameter, *parameter.values) : "";
      if (!bad.empty()) list.add(bad);
    }
  if (list.count > 0) diagnostics.error_in_file(file, render_lists(graph.name, {list}));
  return list.count == 0;
}

}  // namespace cnnc
