#include "onnx/import/obstacles.h"

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

void report(const Obstacles& obstacles, const std::string& file, Diagnostics& diagnostics) {
  const size_t room = Diagnostics::kMaxErrors - std::min(Diagnostics::kMaxErrors - 1, diagnostics.count());
  const size_t count = obstacles.all.size(), single = count <= room ? count : room - 1;
  for (size_t i = 0; i < single; ++i)
    diagnostics.error_in_file(file, text_of(obstacles.all[i]), obstacles.all[i].hint);
  std::vector<std::string> rest;
  for (size_t i = single; i < count; ++i) rest.push_back(text_of(obstacles.all[i]));
  if (!rest.empty()) diagnostics.error_in_file(file, fmt::format("{}", fmt::join(rest, "\n  ")));
}

}  // namespace cnnc::onnx
