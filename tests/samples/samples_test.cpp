// The sample networks: each has the parameters, their names and shapes, and the multiplications of PyTorch's
// model of that name, as reference.py writes them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "elaborate/elaborate.h"
#include "ops/registry.h"
#include "syntax/formatter.h"
#include "syntax/parser.h"

using namespace cnnc;

namespace {

Source read_source(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {path.filename().string(), {std::istreambuf_iterator<char>(stream), {}}};
}

// But for those of pages, which are networks of the others with more outputs.
std::vector<Source> samples() {
  std::vector<Source> result;
  for (const auto& file : std::filesystem::recursive_directory_iterator(CNNC_SOURCE_DIR "/samples"))
    if (file.path().extension() == ".dsl" && file.path().parent_path().filename() != "web")
      result.push_back(read_source(file.path()));
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return result;
}

// The graph of a text without errors; its errors fail the test.
Graph graph_of(const Source& source) {
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  CHECK(render(diagnostics, source, false) == "");
  REQUIRE(graph.has_value());
  return std::move(*graph);
}

int64_t macs(const Graph& graph) {
  int64_t sum = 0;
  for (const Node& node : graph.nodes) {
    const Operator* op = find_operator(node.op);
    std::vector<Shape> inputs;
    for (const NodeId input : node.inputs) inputs.push_back(graph.nodes[input].shape);
    if (op && op->macs) sum += op->macs(node.attributes, inputs, node.shape);
  }
  return sum;
}

// "fc.weight 10x84" for every tensor that a weights file of the network holds, sorted, a line each.
std::string tensors(const Graph& graph) {
  std::vector<std::string> lines;
  for (const Node& node : graph.nodes)
    for (const Parameter& p : node.parameters)
      lines.push_back(fmt::format("{}.{} {}\n", node.name, p.name, to_string(p.shape)));
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, ""));
}

int64_t learnable_parameters(const Graph& graph) {
  int64_t sum = 0;
  for (const Node& node : graph.nodes)
    for (const Parameter& p : node.parameters)
      if (p.name.rfind("running_", 0) != 0) sum += p.shape.elements();
  return sum;
}

// The 64-bit FNV-1a hash of a text's bytes.
uint64_t fnv1a(const std::string& text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 0x100000001B3;
  return hash;
}

// Its line in networks.txt: name, parameters, MACs, hash of the tensors.
std::string line_of(const Graph& graph) {
  return fmt::format("{} {} {} {:016x}", graph.name, learnable_parameters(graph), macs(graph),
                     fnv1a(tensors(graph)));
}

}  // namespace

TEST_CASE("sample networks are PyTorch's models of their names: parameters, MACs, names and shapes") {
  std::map<std::string, std::string> lines;
  for (const Source& source : samples()) {
    INFO(source.name);
    const Graph graph = graph_of(source);
    CHECK(graph.name + ".dsl" == source.name);
    lines[graph.name] = line_of(graph);
  }
  std::ifstream reference(CNNC_SOURCE_DIR "/tests/samples/networks.txt");
  INFO("python3 tests/samples/reference.py NAME prints the names and shapes of PyTorch's");
  int count = 0;
  for (std::string line; std::getline(reference, line); ++count)
    CHECK(lines[line.substr(0, line.find(' '))] == line);
  CHECK(count > 15);
}

TEST_CASE("sample networks have the canonical layout") {
  for (const Source& source : samples()) {
    Diagnostics diagnostics;
    const auto file = parse(source, diagnostics);
    REQUIRE(file.has_value());
    CHECK(format(*file) == source.text);
  }
}
