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
  for (size_t i = 0; i < report.layers.size(); ++i) {
    report.costs.push_back({10, 1000, static_cast<double>(i) * 1e-6, "3x3", ""});
    report.steps.push_back({report.layers[i].name, report.layers[i].what, report.costs.back().work});
  }
  report.is_measured = true;
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
  CHECK(
      headlines(report_on(kText)) ==
      std::vector<std::string>{
          "It reads 'x' (192 numbers, 3x8x8) and gives 'output' (4 numbers).",
          "It has 50 parameters in 4 layers, which are 5.00\u00a0K multiply-adds for an image by their "
          "definition.",
          "A run takes 12 µs on one core of a processor; what takes the most time is g.1 (conv 1x1), 33 % of "
          "it.",
          "It needs 0 B of memory to work in, and 0 B for its weights.",
          "Maps shrink from 8x8 to 4x4 at conv2."});
}

TEST_CASE("report: a scope's layers are folded behind a row that sums them up") {
  const std::string rows = layer_rows(report_on(kText));
  CHECK(count_of(rows, "<details open>") == 1);  // of few layers all are unfolded
  CHECK(count_of(rows, "<div class=\"row\">") == 5);
  CHECK(count_of(rows, "<b>g</b> <i>2 layers</i>") == 1);
  CHECK(count_of(rows, "58.3 %") == 1);
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
  const std::string bars = work_bars(report_on(text));
  CHECK(count_of(bars, "<u style") == 12);
  CHECK(bars.find("conv20") < bars.find("conv19"));
  CHECK(count_of(bars, "width:60%") == 1);  // that of 20 µs
  CHECK(count_of(bars, "width:30%") == 1);  // that of 10 µs
  CHECK(count_of(bars, "8 others") == 1);
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

TEST_CASE("report: without times it says what share of the multiply-adds is made where, and that it does") {
  Report report = report_on(kText);
  report.is_measured = false;
  report.where = "avx2";
  report.steps = {{"copy of x", "", 0}, {"conv1 + relu1", "conv 3x3", 3000}, {"conv2", "conv 3x3", 1000}};
  CHECK(
      headlines(report)[2] ==
      "Its kernels for avx2 make 4.00\u00a0K multiply-adds for an image, with those of transforms and of "
      "padding; the most are made by conv1 + relu1 (conv 3x3), 75 % of them. These are no times: '--measure' "
      "measures it.");
  CHECK(count_of(work_bars(report), "<u style") == 2);
  CHECK(count_of(work_bars(report), "3.00\u00a0K, 75.0 %") == 1);
  report.steps.clear();
  CHECK(headlines(report)[2] == "For avx2 it has no kernels that make multiply-adds.");
}

TEST_CASE("report: what has other axes for rows and columns shrinks no map, and a join has a name") {
  const Report report =
      report_on("input x 4x8x8\npermute 1 0 2\npermute 1 0 2\nconv 4 1x1 as a\nconcat with x");
  for (const std::string& line : headlines(report)) CHECK(line.rfind("Maps", 0) != 0);
  const std::string rows = layer_rows(report);
  CHECK(count_of(rows, "<i>concat</i>") == 1);
}

TEST_CASE("report: steps have their own times, by their names; of a fused one the larger layer has it") {
  const Graph graph =
      parsed("input x 3x8x8\nconv 4 3x3 pad 1\nrelu\nconv 4 3x3 pad 1\nadd with conv1\nconv 4 1x1\nsoftmax")
          .graph;
  Report report;
  report.layers = picture::layers_of(graph);
  REQUIRE(report.layers.size() == 6);  // the input, conv1, relu1, conv2, the sum, conv3 with the softmax
  report.costs.resize(report.layers.size());
  Plan plan;
  plan.kernels.push_back({});
  plan.steps = {step("x planar", {}), step("relu1", {"conv1", "relu1"}), step("add1", {"conv2", "add1"}),
                step("conv3", {"conv3"}), step("softmax1", {"softmax1"})};
  set_work(report, graph, plan, {1, 4, 8, 16, 32});
  std::vector<double> of_layers;
  for (const ReportLayer& layer : report.costs) of_layers.push_back(layer.work);
  CHECK(of_layers == std::vector<double>{0, 4, 0, 8, 0, 48});
  CHECK(report.costs.back().also == " + softmax1");
  REQUIRE(report.steps.size() == 5);  // the copy has its own
  CHECK(report.steps[1].name == "conv1 + relu1");
  CHECK(report.steps[3].work == 16);
  CHECK(report.steps[3].what == "conv 1x1");
  CHECK(report.steps[4].work == 32);
  CHECK(report.steps[4].what == "");
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
