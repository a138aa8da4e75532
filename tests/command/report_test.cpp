// The page of a report, by its elements, and the times of layers.
#include <doctest/doctest.h>

#include <algorithm>

#include "driver/report/report_html.h"
#include "driver/report/report_table.h"
#include "driver/report/report_times.h"
#include "driver/report/report_words.h"
#include "elaborate/elaborate.h"
#include "support/diagnostics.h"
#include "syntax/parser.h"

using namespace cnnc;

namespace {

struct Parsed {
  ast::File file;
  Graph graph;
};

Parsed parsed(const std::string& text) {
  Diagnostics diagnostics;
  const Source source{"net.dsl", text};
  const std::optional<ast::File> file = parse(source, diagnostics);
  REQUIRE(file);
  const std::optional<Graph> graph = elaborate(*file, source, diagnostics);
  REQUIRE(graph);
  return {*file, *graph};
}

// The input, conv1, conv2 and the convs of the group, of which each takes longer than the one before.
Report report_on(const std::string& text) {
  const Parsed network = parsed(text);
  Report report;
  report.network = "a<b";
  report.inputs = {"'x' (192 numbers, 3x8x8)"};
  report.outputs = {"'output' (4 numbers)"};
  report.layers = picture::layers_of(network.graph);
  report.tree = picture::tree_of(report.layers, network.file, false);
  for (size_t i = 0; i < report.layers.size(); ++i)
    report.costs.push_back({10, 1000, static_cast<double>(i) * 1e-6, "3x3"});
  report.seconds = 12e-6;
  report.where = "a processor";
  return report;
}

const char* const kText =
    "input x 3x8x8\nconv 4 3x3 pad 1\nrelu\nconv 4 3x3 stride 2 pad 1\n"
    "group g { conv 4 3x3 pad 1; conv 4 1x1 }";

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

Step step(const std::string& name, const std::vector<std::string>& covers) {
  Step result;
  result.name = name;
  result.covers = covers;
  return result;
}

}  // namespace

TEST_CASE(
    "report: the first lines say what goes in, what it costs, what takes longest and where maps shrink") {
  CHECK(headlines(report_on(kText)) ==
        std::vector<std::string>{
            "It reads 'x' (192 numbers, 3x8x8) and gives 'output' (4 numbers).",
            "It has 50 parameters in 4 layers, and makes 5.00\u00a0K multiply-adds for an image.",
            "A run takes roughly 12 µs on one core of a processor; the layer that takes the most time is g.1 "
            "(conv 1x1), 40 % of it.",
            "It needs 0 B of memory to work in, and 0 B for its weights.",
            "Maps shrink from 8x8 to 4x4 at conv2."});
}

TEST_CASE("report: a scope's layers are folded behind a row that sums them up") {
  const std::string rows = layer_rows(report_on(kText));
  CHECK(count_of(rows, "<details open>") == 1);  // of few layers all are unfolded
  CHECK(count_of(rows, "<div class=\"row\">") == 5);
  CHECK(count_of(rows, "<b>g</b> <i>2 layers</i>") == 1);
  CHECK(count_of(rows, "70.0 %") == 1);
  CHECK(count_of(rows, "<span>20</span>") == 1);  // its parameters
  CHECK(count_of(rows, "title=\"conv1, relu1\"") == 1);
  std::string many;
  for (int i = 0; i < 13; ++i) many += "conv 4 3x3 pad 1\n";
  const std::string two =
      layer_rows(report_on("input x 3x8x8\ngroup g {\n" + many + "}\ngroup h {\n" + many + "}"));
  CHECK(count_of(two, "<details>") == 2);
  const std::string one = layer_rows(report_on("input x 3x8x8\ngroup g {\n" + many + many + "}"));
  CHECK(count_of(one, "<details open>") == 1);  // else a single row would be seen
}

TEST_CASE("report: the bars begin with the layer that takes longest, and the rest is summed up") {
  std::string text = "input x 3x8x8\n";
  for (int i = 0; i < 20; ++i) text += "conv 4 3x3 pad 1\n";
  const std::string bars = time_bars(report_on(text));
  CHECK(count_of(bars, "<u style") == 12);
  CHECK(bars.find("conv20") < bars.find("conv19"));
  CHECK(count_of(bars, "width:60%") == 1);  // that of 20 µs
  CHECK(count_of(bars, "width:30%") == 1);  // that of 10 µs
  CHECK(count_of(bars, "8 other layers") == 1);
}

TEST_CASE("report: the page stands alone, has no script, and is escaped") {
  Report report = report_on(kText);
  report.command = "cnnc report 'a&b.dsl'";
  report.pictures.push_back({"The network", "", {640, 10, "", {}}});
  report.pictures.push_back({"Memory", "", {640, 10, "", {}}, true});
  const std::string page = report_html(report);
  CHECK(count_of(page, "<h1>a&lt;b</h1>") == 1);
  CHECK(count_of(page, "<svg") == 2);
  CHECK(count_of(page, "<style>") == 1);
  CHECK(count_of(page, "<script") == 0);
  CHECK(count_of(page, "<code>cnnc report &#39;a&amp;b.dsl&#39;</code>") == 1);
  CHECK(page == report_html(report));
  report.date = "2026-11-30";
  CHECK(count_of(report_html(report), ", 2026-11-30") == 1);
}

TEST_CASE("report: a step counts for the layer with the most multiply-adds, a copy for what it copies") {
  const Graph graph = parsed("input x 3x8x8\nconv 4 3x3 pad 1\nrelu\nconv 4 3x3 pad 1\nadd with conv1").graph;
  const std::vector<picture::Layer> layers = picture::layers_of(graph);
  REQUIRE(layers.size() == 5);  // the input, conv1, relu1, which another reads beside it, conv2, the sum
  Plan plan;
  plan.steps = {step("x planar", {}), step("helper", {}), step("relu1", {"conv1", "relu1"}),
                step("add1", {"conv2", "add1"}), step("behind", {})};
  CHECK(layer_seconds(graph, layers, plan, {1, 2, 4, 8, 16}) == std::vector<double>{1, 6, 0, 24, 0});
}

TEST_CASE("report: numbers in short, and times") {
  CHECK(rounded_number(416) == "416");
  CHECK(rounded_number(61706) == "61.7\u00a0K");
  CHECK(rounded_number(4.089e9) == "4.09\u00a0G");
  CHECK(rounded_number(99960) == "100\u00a0K");
  CHECK(time_text(4.494e-6) == "4.49 µs");
  CHECK(time_text(0.0123) == "12.3 ms");
  CHECK(time_text(2.5) == "2.5 s");
}
