#include "driver/front/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "driver/console/input_error.h"
#include "driver/data/answers.h"

namespace cnnc {

std::string labels_path(const Graph& graph, const Source& source) {
  if (graph.labels.empty()) return "";
  return (std::filesystem::path(source.name).parent_path() / graph.labels).string();
}

std::vector<std::string> labels_of(const Graph& graph, const Source& source) {
  const std::string path = labels_path(graph, source);
  if (path.empty()) return {};
  std::vector<std::string> labels = read_labels(path);
  const auto fits = [&](const GraphOutput& output) {
    const Shape& shape = graph.nodes[output.node].shape;
    return (shape.is_vector() || shape.is_map()) && shape.channels() == static_cast<int64_t>(labels.size());
  };
  if (labels.empty() || std::none_of(graph.outputs.begin(), graph.outputs.end(), fits))
    throw InputError{fmt::format(
        "{}: error: the labels have {} lines, and no output of the network as many elements or channels\n",
        path, labels.size())};
  return labels;
}

}  // namespace cnnc
