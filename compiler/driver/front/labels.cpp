#include "driver/front/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "driver/console/input_error.h"
#include "driver/data/answers.h"
#include "support/utf8.h"

namespace cnnc {
namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

// Labels become texts in C and Python. Throws InputError.
void require_text(const std::vector<std::string>& labels, const std::string& path) {
  for (size_t line = 0; line < labels.size(); ++line)
    for (std::string_view rest = labels[line]; !rest.empty();) {
      const size_t bytes = utf8_length(rest);
      if (bytes == 0 || is_control(rest[0]))
        throw InputError{
            fmt::format("{}:{}: error: a label is UTF-8 without control characters; found the byte 0x{:02x}. "
                        "'iconv -f latin1 -t utf-8' converts a file of Western European text\n",
                        path, line + 1, static_cast<unsigned char>(rest[0]))};
      rest.remove_prefix(bytes);
    }
}

}  // namespace

std::string labels_path(const Graph& graph, const Source& source) {
  if (graph.labels.empty()) return "";
  return (std::filesystem::path(source.name).parent_path() / graph.labels).string();
}

std::vector<std::string> labels_of(const Graph& graph, const Source& source) {
  const std::string path = labels_path(graph, source);
  return path.empty() ? std::vector<std::string>() : labels_from(path, graph);
}

std::vector<std::string> labels_from(const std::string& path, const Graph& graph) {
  std::vector<std::string> labels = read_labels(path);
  require_text(labels, path);
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
