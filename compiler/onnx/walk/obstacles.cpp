#include "onnx/walk/obstacles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <variant>

#include "weights/text.h"

namespace cnnc::onnx {
namespace {

// "'Conv_12' ('263' to '264')": a node with the tensors that it reads and writes, as the file calls them; one
// without a name is called as what it writes.
std::string called(const Translation& t, const Node& node) {
  std::vector<std::string> from, to;
  for (const std::string& input : node.inputs)
    if (const auto found = t.values.find(input);
        !input.empty() && (found == t.values.end() || std::holds_alternative<View>(found->second)))
      from.push_back(input);
  std::copy_if(node.outputs.begin(), node.outputs.end(), std::back_inserter(to),
               [](const std::string& output) { return !output.empty(); });
  if (node.name.empty()) return to.empty() ? "without a name" : quote(to[0]);
  return fmt::format("{} ({}{}to {})", quote(node.name), listed(from), from.empty() ? "" : " ", listed(to));
}

std::string text_of(const Obstacle& o) {
  return fmt::format("{} {}: {}", o.op.size() > 64 ? quote(o.op) : o.op, fmt::join(o.nodes, ", "), o.why);
}

// The hint, or one that says the options.
std::string with_cut(const std::string& hint, const std::string& cut, bool is_only) {
  if (cut.empty()) return hint;
  return fmt::format("{}to compile what stands in front of {}, add {}", hint.empty() ? "" : hint + "; ",
                     is_only ? "it" : "all these", cut);
}

}  // namespace

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kMost = 4;
  std::vector<std::string> quoted;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) quoted.push_back(quote(names[i]));
  return fmt::format("{}{}", fmt::join(quoted, ", "), names.size() > kMost ? ", …" : "");
}

void add_obstacle(Obstacles& obstacles, const Translation& t, const Node& node, const Unmapped& reason) {
  const auto [place, is_new] = obstacles.places.try_emplace({node.op, reason.why}, obstacles.all.size());
  if (is_new) obstacles.all.push_back({node.op, reason.why, reason.hint, {}});
  obstacles.all[place->second].nodes.push_back(called(t, node));
}

void report(const Obstacles& obstacles, const std::string& cut, const std::string& file,
            Diagnostics& diagnostics) {
  const size_t room = Diagnostics::kMaxErrors - std::min(Diagnostics::kMaxErrors - 1, diagnostics.count());
  const size_t count = obstacles.all.size(), single = count <= room ? count : room - 1;
  std::vector<std::pair<std::string, std::string>> errors;  // with their hints
  for (size_t i = 0; i < single; ++i) errors.emplace_back(text_of(obstacles.all[i]), obstacles.all[i].hint);
  std::vector<std::string> rest;
  for (size_t i = single; i < count; ++i) rest.push_back(text_of(obstacles.all[i]));
  if (!rest.empty()) errors.emplace_back(fmt::format("{}", fmt::join(rest, "\n  ")), "");
  const bool is_only = count == 1 && obstacles.all[0].nodes.size() == 1;
  if (!errors.empty()) errors.back().second = with_cut(errors.back().second, cut, is_only);
  for (auto& [error, hint] : errors) diagnostics.error_in_file(file, std::move(error), std::move(hint));
}

}  // namespace cnnc::onnx
