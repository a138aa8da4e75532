#include "onnx/file/sort_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>

#include "weights/text.h"

namespace cnnc::onnx {
namespace {

constexpr size_t kKnown = SIZE_MAX;  // of a value that no node writes: an input, an initializer

// The node that writes each value.
using Writers = std::unordered_map<std::string, size_t>;

std::string subject(const Node& node) {
  return fmt::format("{} {}", node.op, quote(called(node)));
}

Writers find_writers(const Model& model, const std::string& file, Diagnostics& diagnostics) {
  Writers writers;
  for (const auto& [name, constant] : model.constants) writers.emplace(name, kKnown);
  for (const ValueInfo& input : model.inputs)
    if (!writers.emplace(input.name, kKnown).second)
      diagnostics.error_in_file(file, fmt::format("two inputs are called {}", quote(input.name)));
  for (size_t i = 0; i < model.nodes.size(); ++i)
    for (const std::string& output : model.nodes[i].outputs) {
      if (output.empty() || writers.emplace(output, i).second) continue;
      const size_t first = writers.at(output);
      const std::string other =
          first == kKnown ? "is an input or an initializer" : "is written by " + subject(model.nodes[first]);
      diagnostics.error_in_file(
          file, fmt::format("{} writes {}, which {} as well", subject(model.nodes[i]), quote(output), other));
    }
  return writers;
}

void check_readers(const Model& model, const Writers& writers, const std::string& file,
                   Diagnostics& diagnostics) {
  for (const Node& node : model.nodes)
    for (const std::string& input : node.inputs)
      if (!input.empty() && !writers.count(input))
        diagnostics.error_in_file(file,
                                  fmt::format("{} reads {}, which is neither an input, nor an initializer, "
                                              "nor an output of a node",
                                              subject(node), quote(input)));
  for (const ValueInfo& output : model.outputs)
    if (!writers.count(output.name))
      diagnostics.error_in_file(file,
                                fmt::format("the output {} is computed by no node", quote(output.name)));
}

// The nodes that each node waits for, once for each value.
std::vector<std::vector<size_t>> find_sources(const Model& model, const Writers& writers) {
  std::vector<std::vector<size_t>> sources(model.nodes.size());
  for (size_t i = 0; i < model.nodes.size(); ++i)
    for (const auto* read : {&model.nodes[i].inputs, &model.nodes[i].captured})
      for (const std::string& value : *read)
        if (const auto writer = writers.find(value); writer != writers.end() && writer->second != kKnown)
          sources[i].push_back(writer->second);
  return sources;
}

// Of the nodes that wait for none, always the first (Kahn 1962). Nodes on and behind cycles are missing.
std::vector<size_t> find_order(const std::vector<std::vector<size_t>>& sources) {
  std::vector<std::vector<size_t>> readers(sources.size());
  std::vector<size_t> waits(sources.size()), order;
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < sources.size(); ++i) {
    for (const size_t source : sources[i]) readers[source].push_back(i);
    waits[i] = sources[i].size();
    if (waits[i] == 0) ready.push(i);
  }
  while (!ready.empty()) {
    const size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const size_t reader : readers[node])
      if (--waits[reader] == 0) ready.push(reader);
  }
  return order;
}

// Nodes of a cycle, each of which reads from the next and the last from the first.
std::vector<size_t> find_cycle(const std::vector<std::vector<size_t>>& sources,
                               const std::vector<size_t>& order) {
  std::vector<bool> done(sources.size());
  for (const size_t node : order) done[node] = true;
  std::unordered_map<size_t, size_t> place;  // of the nodes on the way
  std::vector<size_t> way;
  size_t node = static_cast<size_t>(std::find(done.begin(), done.end(), false) - done.begin());
  while (place.emplace(node, way.size()).second) {
    way.push_back(node);
    node = *std::find_if(sources[node].begin(), sources[node].end(), [&](size_t s) { return !done[s]; });
  }
  way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(place.at(node)));
  return way;
}

std::string cycle_text(const Model& model, const std::vector<size_t>& cycle) {
  constexpr size_t kMostNames = 8;
  std::string text;
  for (size_t i = 0; i < std::min(cycle.size(), kMostNames); ++i)
    text += (i == 0 ? "" : ", which reads from ") + subject(model.nodes[cycle[i]]);
  if (cycle.size() > kMostNames) text += fmt::format(", and so on over {} nodes", cycle.size());
  return text + ", which reads from the first";
}

}  // namespace

bool sort_nodes(Model& model, const std::string& file, Diagnostics& diagnostics) {
  const Writers writers = find_writers(model, file, diagnostics);
  check_readers(model, writers, file, diagnostics);
  if (diagnostics.has_errors()) return false;
  const std::vector<std::vector<size_t>> sources = find_sources(model, writers);
  const std::vector<size_t> order = find_order(sources);
  if (order.size() < sources.size()) {
    const std::string cycle = cycle_text(model, find_cycle(sources, order));
    diagnostics.error_in_file(file, "nodes wait for each other: " + cycle);
    return false;
  }
  std::vector<Node> sorted;
  for (const size_t node : order) sorted.push_back(std::move(model.nodes[node]));
  model.nodes = std::move(sorted);
  return true;
}

std::string called(const Node& node) {
  if (!node.name.empty()) return node.name;
  return node.outputs.empty() ? "(without a name)" : node.outputs[0];
}

}  // namespace cnnc::onnx
