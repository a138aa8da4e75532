#include "driver/front/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "describe/describe.h"
#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "driver/options/option_values.h"
#include "onnx/file/read.h"
#include "onnx/import/cut.h"
#include "onnx/import/translate.h"
#include "onnx/walk/part.h"
#include "support/limits.h"
#include "support/utf8.h"
#include "syntax/formatter.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

// As it may stand in a comment, whatever a file says.
std::string in_a_comment(std::string_view text, size_t most_bytes) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= most_bytes) return out + "…";
    const size_t length = utf8_length(text);
    const bool is_printable = length > 1 || (length == 1 && text[0] >= 0x20 && text[0] != 0x7f);
    out += is_printable ? text.substr(0, length) : "?";
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

// "# Imported from resnet18.onnx, a model of pytorch 1.13.1."
std::string heading(const std::string& path, const std::string& producer) {
  const std::string file = in_a_comment(std::filesystem::path(path).filename().string(), 100);
  const std::string origin = producer.empty() ? "" : ", a model of " + in_a_comment(producer, 100);
  return fmt::format("# Imported by cnnc from {}{}.\n", file, origin);
}

void require_readable(const Source& source) {
  if (static_cast<int64_t>(source.text.size()) <= limits::kSourceBytes) return;
  throw InputError{fmt::format("{}: error: as a text the network would have {} bytes; the limit is {}\n",
                               source.name, with_commas(static_cast<int64_t>(source.text.size())),
                               with_commas(limits::kSourceBytes))};
}

// The text's nodes in the order of the text, where each is listed once.
Quantization by_names(const onnx::NetworkQuantization& of_model, const Graph& model, const Graph& graph) {
  const std::vector<NodeId> counterparts = match(model, graph);
  const auto name = [&](NodeId id) { return graph.nodes[static_cast<size_t>(counterparts[id])].name; };
  Quantization result;
  result.network = graph.name;
  result.weight_bits = of_model.weight_bits;
  for (const auto& [id, scale] : of_model.tensors) result.tensors.push_back({name(id), scale, {}});
  for (const auto& [id, scales] : of_model.weights) result.weights.push_back({name(id), scales, {}});
  for (const NodeId id : of_model.floats) result.floats.push_back({name(id), {}});
  return result;
}

}  // namespace

Text read_text(const std::string& path, const onnx::TranslateOptions& options) {
  if (is_onnx(path)) return import_model(path, options);
  Text text;
  text.source = read_source(path);
  text.file = parse_source(text.source);
  return text;
}

Text import_model(const std::string& path, const onnx::TranslateOptions& options) {
  Text text;
  text.source.name = path;
  Diagnostics diagnostics;
  std::optional<onnx::Model> model = onnx::read_model(path, diagnostics);
  if (model) model = onnx::cut(std::move(*model), options, path, diagnostics);
  if (!model) fail(diagnostics, text.source);
  onnx::TranslateOptions for_model = options;
  if (onnx::fixes_batch(*model)) for_model.images.reset();
  std::optional<onnx::Network> network = onnx::translate(*model, for_model, path, diagnostics);
  if (!network) fail(diagnostics, text.source);
  text.notes = std::move(network->notes);
  text.source.text = heading(path, model->producer);
  for (const std::string& note : text.notes) text.source.text += "# " + in_a_comment(note, 500) + "\n";
  text.source.text += format(describe(network->graph));
  require_readable(text.source);
  text.file = parse_source(text.source);
  text.images = network->images;
  text.files = model->external_files;
  text.with_weights = std::move(network->graph);
  text.of_model = std::move(network->quantization);
  return text;
}

Graph elaborate_text(Text& text) {
  Graph graph = elaborate_source(text.file, text.source);
  if (!text.with_weights) return graph;
  if (text.of_model) text.quantization = by_names(*text.of_model, *text.with_weights, graph);
  graph = with_weights_of(std::move(graph), *text.with_weights);
  text.with_weights.reset();
  Diagnostics diagnostics;
  if (!check_values(graph, text.source.name, diagnostics)) fail(diagnostics, text.source);
  return graph;
}

void print_notes(const Text& text) {
  for (const std::string& note : text.notes) say(text.source.name + ": note: " + note + "\n");
}

}  // namespace cnnc
