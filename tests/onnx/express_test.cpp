// Networks as models and back again: each layer of layers.txt, and the sample networks.
#include "onnx/export/express.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "describe/describe.h"
#include "elaborate/elaborate.h"
#include "graph_fixture.h"
#include "model_fixture.h"
#include "ops/registry.h"
#include "ops/window/window.h"
#include "passes/passes.h"
#include "syntax/formatter.h"
#include "syntax/parser.h"

using namespace cnnc;
using namespace cnnc::onnx;
using namespace cnnc::onnx::test;
namespace fs = std::filesystem;

namespace {

// A line of layers.txt.
struct Line {
  char kind;
  std::string shape, layers;
};

std::vector<Line> lines() {
  std::ifstream stream(CNNC_SOURCE_DIR "/tests/onnx/layers.txt");
  std::vector<Line> result;
  for (std::string text; std::getline(stream, text);) {
    if (text.empty() || text[0] == '#') continue;
    std::istringstream words(text);
    Line line;
    words >> line.kind >> line.shape >> std::ws;
    std::getline(words, line.layers);
    result.push_back(line);
  }
  return result;
}

std::string text_of(const Line& line) {
  return fmt::format("network layer\ninput x {}\n{}\n", line.shape, line.layers);
}

std::vector<float> random_input(const Graph& graph) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<size_t>(graph.nodes[graph.inputs.at(0)].shape.elements()));
  for (float& value : values) value = normal(random);
  return values;
}

void check_same_values(const Graph& graph, const Network& network) {
  const std::vector<float> x = random_input(graph);
  const std::vector<Values> expected = run(Network{graph, 1}, {x}), found = run(network, {x});
  REQUIRE(expected.size() == found.size());
  for (size_t i = 0; i < expected.size(); ++i) CHECK(close(expected[i], found[i]));
}

// The text of a network that was read, elaborated, with the weights.
Graph described(const Graph& graph) {
  const Source source{"net.dsl", format(describe(graph))};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto elaborated = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  INFO(source.text);
  INFO(render(diagnostics, source, false));
  REQUIRE(elaborated.has_value());
  return with_weights_of(std::move(*elaborated), graph);
}

std::set<std::string> names_of_weights(const Graph& graph) {
  std::set<std::string> names;
  for (const cnnc::Node& node : graph.nodes)
    for (const Parameter& p : node.parameters) names.insert(node.name + "." + p.name);
  return names;
}

std::vector<fs::path> samples() {
  std::vector<fs::path> paths;
  for (const auto& file : fs::recursive_directory_iterator(CNNC_SOURCE_DIR "/samples"))
    if (file.path().extension() == ".dsl" && file.path().parent_path().filename() != "web")
      paths.push_back(file.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The number that networks.txt has for the sample.
int64_t parameters_of(const std::string& sample) {
  std::ifstream stream(CNNC_SOURCE_DIR "/tests/samples/networks.txt");
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string name;
    int64_t parameters = 0;
    if (words >> name >> parameters && name == sample) return parameters;
  }
  return 0;
}

// A part of equal parts as what it is: channels from one to another.
void write_as_slice(cnnc::Node& split) {
  const int64_t channels = split.shape.channels(), begin = integer(split.attributes, "part") * channels;
  split.op = "slice";
  split.attributes = {{"begin", begin}, {"end", begin + channels}};
}

// With numbers where the text has the word 'same' or, for the stride of a pool, none: ONNX has numbers.
Graph with_numbers(Graph graph) {
  for (cnnc::Node& node : graph.nodes) {
    if (node.op == "split") write_as_slice(node);
    const auto pad = node.attributes.find("pad"), stride = node.attributes.find("stride");
    if (stride == node.attributes.end() || node.op == "upconv" || node.shape.rank() == 4) continue;
    const Window w = window_of(node.attributes, graph.nodes[node.inputs[0]].shape);
    pad->second =
        std::vector<int64_t>{w.height.pad_before, w.height.pad_after, w.width.pad_before, w.width.pad_after};
    stride->second = std::vector<int64_t>{w.height.stride, w.width.stride};
  }
  return graph;
}

}  // namespace

TEST_CASE("each layer is read back as layers.txt says") {
  for (const Line& line : lines()) {
    CAPTURE(line.layers);
    CAPTURE(line.shape);
    const Graph graph = graph_of(text_of(line));
    const Model model = through_file(graph);
    if (line.kind == '-') {
      CHECK(errors_of(model) != "");
      continue;
    }
    Network network;
    CHECK_NOTHROW(network = translated(model));
    if (network.graph.nodes.empty()) continue;
    check_same_values(graph, network);
    const std::string what_differs = difference(with_numbers(graph), with_numbers(network.graph));
    CAPTURE(what_differs);
    CHECK(what_differs.empty() == (line.kind == '='));
  }
}

TEST_CASE("layers.txt has every operator") {
  std::set<std::string> found;
  for (const Line& line : lines())
    for (const cnnc::Node& node : graph_of(text_of(line)).nodes) found.insert(node.op);
  for (const Operator* op : operators()) CHECK_MESSAGE(found.count(std::string(op->name)), op->name);
}

namespace {

// Whether it has more than maps and vectors. What moves and joins tensors can be written in several ways, and
// the import has its own: tests/onnx/compare_round_trips.py compares the results.
bool has_tensors(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const cnnc::Node& node) {
    return node.op != "input" &&
           (find_operator(node.op)->facts.is_of_any_rank || !(node.shape.is_map() || node.shape.is_vector()));
  });
}

std::string shapes_of_outputs(const Graph& graph) {
  std::string text;
  for (const GraphOutput& output : graph.outputs)
    text += output.name + " " + to_string(graph.nodes[static_cast<size_t>(output.node)].shape) + "\n";
  return text;
}

}  // namespace

// With CNNC_ALL_SAMPLES the large ones too, which take some gigabytes and a minute.
TEST_CASE(
    "a sample that is exported and imported is the network that it was, once it is optimised, and its "
    "weights have their names") {
  constexpr int64_t kMostParameters = 30'000'000;
  for (const fs::path& path : samples()) {
    if (parameters_of(path.stem()) > kMostParameters && !std::getenv("CNNC_ALL_SAMPLES")) continue;
    CAPTURE(path.filename().string());
    std::ifstream stream(path);
    const Graph graph = graph_of({std::istreambuf_iterator<char>(stream), {}}, path.filename());
    const Graph imported = described(translated(through_file(graph)).graph);
    CHECK(imported.name == graph.name);
    if (has_tensors(graph)) {
      CHECK(shapes_of_outputs(imported) == shapes_of_outputs(graph));
      continue;
    }
    CHECK(names_of_weights(imported) == names_of_weights(graph));
    CHECK(difference(optimise(with_numbers(graph)), optimise(with_numbers(imported))) == "");
  }
}
