#include "graph_fixture.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "elaborate/elaborate.h"
#include "onnx/export/express.h"
#include "onnx/file/read.h"
#include "syntax/parser.h"
#include "weights/weights.h"

namespace cnnc::onnx::test {
namespace {

using Pair = std::pair<NodeId, NodeId>;

bool same_parameters(const cnnc::Node& a, const cnnc::Node& b) {
  if (a.parameters.size() != b.parameters.size()) return false;
  for (size_t i = 0; i < a.parameters.size(); ++i) {
    const Parameter &p = a.parameters[i], &q = b.parameters[i];
    if (p.name != q.name || p.shape != q.shape || *p.values != *q.values) return false;
  }
  return true;
}

bool same_epilogues(const cnnc::Node& a, const cnnc::Node& b) {
  if (a.epilogue.size() != b.epilogue.size()) return false;
  for (size_t i = 0; i < a.epilogue.size(); ++i) {
    const EpilogueStep &s = a.epilogue[i], &t = b.epilogue[i];
    if (s.op != t.op || s.attributes != t.attributes || s.operand != t.operand) return false;
  }
  return true;
}

std::string words(const cnnc::Node& node) {
  std::string text = fmt::format("'{}': {}", node.name, node.op);
  for (const auto& [name, value] : node.attributes)
    text += fmt::format(" {} {}", name, cnnc::to_string(value));
  for (const EpilogueStep& step : node.epilogue) text += fmt::format(" + {} {}", step.op, step.operand);
  return fmt::format("{} of {} inputs, {}", text, node.inputs.size(), cnnc::to_string(node.shape));
}

std::string difference(const cnnc::Node& a, const cnnc::Node& b) {
  if (a.op == "input" && b.op == "input" && a.name == b.name && a.shape == b.shape) return "";
  if (a.op != b.op || a.op == "input" || a.attributes != b.attributes || a.shape != b.shape ||
      a.inputs.size() != b.inputs.size() || !same_epilogues(a, b))
    return fmt::format("{} is not {}", words(a), words(b));
  return same_parameters(a, b) ? "" : fmt::format("the weights of '{}' and '{}'", a.name, b.name);
}

}  // namespace

Graph graph_of(const std::string& text, const std::string& name) {
  const Source source{name, text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  INFO(render(diagnostics, source, false));
  REQUIRE(graph.has_value());
  bind_random(*graph, 1);
  return std::move(*graph);
}

std::string bytes_of(const Content& content) {
  if (const auto* text = std::get_if<std::string_view>(&content)) return std::string(*text);
  std::string bytes;
  std::get<ByteSource>(content)(
      [&](const void* data, size_t size) { bytes.append(static_cast<const char*>(data), size); });
  return bytes;
}

Model through_file(const Graph& graph) {
  Diagnostics diagnostics;
  const std::optional<Model> written = express(graph, diagnostics);
  REQUIRE(written.has_value());
  const Files files = write_model(*written, "net.onnx");
  REQUIRE(files.size() == 1);
  std::optional<Model> model = parse_model(bytes_of(files[0].second), "net.onnx", diagnostics);
  INFO(render(diagnostics, {"", ""}, false));
  REQUIRE(model.has_value());
  return std::move(*model);
}

std::string difference(const Graph& a, const Graph& b) {
  std::vector<Pair> open;
  if (a.outputs.size() != b.outputs.size()) return "the number of outputs";
  for (size_t i = 0; i < a.outputs.size(); ++i) {
    if (a.outputs[i].name != b.outputs[i].name) return "the name of output " + a.outputs[i].name;
    open.emplace_back(a.outputs[i].node, b.outputs[i].node);
  }
  std::map<NodeId, NodeId> matched;
  while (!open.empty()) {
    const auto [i, j] = open.back();
    open.pop_back();
    const auto [at, is_new] = matched.emplace(i, j);
    if (at->second != j) return fmt::format("'{}' stands for two nodes", a.nodes[i].name);
    if (!is_new) continue;
    if (std::string found = difference(a.nodes[i], b.nodes[j]); !found.empty()) return found;
    for (size_t k = 0; k < a.nodes[i].inputs.size(); ++k)
      open.emplace_back(a.nodes[i].inputs[k], b.nodes[j].inputs[k]);
  }
  return "";
}

}  // namespace cnnc::onnx::test
