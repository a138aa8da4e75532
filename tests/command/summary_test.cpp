// The tables of `cnnc summary`, and the values that they are made of.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "driver/console/numbers.h"
#include "driver/console/table.h"
#include "driver/front/front.h"
#include "driver/layers/folded_layers.h"
#include "driver/layers/plan_layers.h"
#include "passes/passes.h"
#include "target/target.h"

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

struct Network {
  ast::File file;
  Graph graph;
};

Network network_of(const Source& source) {
  ast::File file = parse_source(source);
  Graph graph = elaborate_source(file, source);
  return {std::move(file), std::move(graph)};
}

std::vector<std::string> samples() {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(CNNC_SOURCE_DIR "/samples"))
    if (entry.path().extension() == ".dsl") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

TEST_CASE("of each sample, every layer stands in one line of the table, and lines keep their order") {
  REQUIRE(samples().size() > 20);
  for (const std::string& path : samples()) {
    CAPTURE(path);
    const Network network = network_of(read_source(path));
    for (const bool expand : {false, true}) {
      std::vector<size_t> nodes, first;
      for (const LayerLine& line : layer_lines(network.graph, network.file, expand)) {
        REQUIRE(!line.nodes.empty());
        CHECK(line.folded.empty() == (line.nodes.size() == 1));
        first.push_back(line.nodes.front());
        nodes.insert(nodes.end(), line.nodes.begin(), line.nodes.end());
      }
      CHECK(nodes.size() == network.graph.nodes.size());
      std::sort(nodes.begin(), nodes.end());
      CHECK(std::adjacent_find(nodes.begin(), nodes.end()) == nodes.end());
      if (expand) CHECK(std::is_sorted(first.begin(), first.end()));
    }
  }
}

TEST_CASE("a plan's layer is called after what it computes, with the path of its scope once") {
  const Network network =
      network_of({"net.dsl",
                  "input x 8x16x16\n"
                  "group a { conv 8 3x3 pad 1 as conv1; batchnorm as bn1; relu as relu1 }\n"
                  "maxpool 2x2\nflatten\ndense 4 as fc\n"});
  const Plan plan = make_plan(optimise(network.graph), target_for(Isa::avx2));
  const std::vector<PlanLayer> layers = plan_layers(plan);
  std::vector<std::string> names;
  for (const PlanLayer& layer : layers)
    if (!layer.covers.empty()) names.push_back(layer.what);
  CHECK(names == std::vector<std::string>{"a.conv1 + bn1 + relu1", "maxpool1", "fc"});
  const auto places = places_in(network.graph, layers);
  CHECK(!places[0]);  // the input
  CHECK(places[1] == places[3]);
  CHECK(layers[*places[1]].name == "a.relu1");
  CHECK(!places[5]);  // flatten
}

TEST_CASE("tables keep to a width: texts go on in the next line, long names have one of their own") {
  const std::vector<Row> rows = {{"layer", "operator", "output"},
                                 {"a", "conv 64 7x7 stride 2 pad 3 bias off", "64x112x112"},
                                 {"a.name.that.is.long", "relu", "1"}};
  CHECK(table_within(200, rows, "llr") == table(rows, "llr"));
  CHECK(table_within(50, rows, "llr") ==
        "layer  operator                             output\n"
        "a      conv 64 7x7 stride 2 pad 3 bias  64x112x112\n"
        "       off\n"
        "a.name.that.is.long\n"
        "       relu                                      1\n");
}

TEST_CASE("numbers in tables have nine characters at most") {
  CHECK(in_short(0) == "0");
  CHECK(in_short(9'999'999) == "9,999,999");
  CHECK(in_short(10'000'000) == "10.00 M");
  CHECK(in_short(999'949'999) == "999.9 M");
  CHECK(in_short(999'950'000) == "1.000 G");
  CHECK(in_short(INT64_MAX) == "9.223 E");
  CHECK(in_short(std::nullopt) == "more than 2^63");
}
