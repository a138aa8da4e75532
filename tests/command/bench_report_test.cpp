// What a benchmark's report looks like, from fixed values; UPDATE_GOLDEN=1 rewrites the files in golden/.
#include "driver/bench/bench_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "command/replay.h"
#include "driver/bench/bench_html.h"
#include "driver/bench/bench_json.h"
#include "driver/bench/bench_plots.h"
#include "driver/bench/bench_rows.h"
#include "driver/bench/bench_table.h"
#include "driver/bench/place_labels.h"

using namespace cnnc;

namespace {

Spread around(double seconds) {
  return {seconds, 0.9 * seconds, 0.95 * seconds, 1.25 * seconds};
}

TimedLayer timed(Choice choice, double seconds) {
  return {std::move(choice), std::nullopt, around(seconds)};
}

TimedLayer failed(Choice choice, std::string reason, bool wrong = false) {
  return {std::move(choice), Failure{std::move(reason), wrong}, std::nullopt};
}

// Three layers, one of which has no operations that count, and an awkward name.
BenchReport report_of(std::vector<TimedSchedule> schedules) {
  BenchReport report;
  report.network = "net";
  report.target = "avx2";
  report.processor = "Processor <8> & Co";
  report.peak = 80e9;
  report.bandwidths = {{"L2", 1 << 20, 60e9}, {"memory", 1 << 28, 9e9}};
  report.rounds = 20;
  report.layers = {
      {"conv1", "16x32x32/8", 2e7, 1e5}, {"a<b>\"&'", "16x16x16/8", 0, 8e4}, {"fc", "10x1x1/16", 8e5, 1.6e6}};
  report.schedules = std::move(schedules);
  return report;
}

TimedSchedule by_default() {
  return {"default",
          true,
          {timed({"conv_blocked", {{"blocks", 2}, {"x", 6}}}, 4e-4), timed({"maxpool", {}}, 5e-6),
           timed({"dense", {{"images", 1}, {"ways", 2}}}, 2e-4)},
          1000,
          around(6.05e-4),
          true,
          Spread{1, 1, 1, 1}};
}

TimedSchedule incomplete() {
  return {"adams2019",
          false,
          {timed({"conv_blocked", {{"blocks", 2}}}, 2.5e-3), timed({"maxpool", {}}, 5e-6),
           failed({"dense", {{"ways", 2}}}, "took more than 60 s")},
          200,
          around(2.7e-3),
          false,
          Spread{4.46, 4.2, 4.3, 4.7}};
}

TimedSchedule wrong() {
  return {"li2018",
          false,
          {failed({"conv_blocked", {}},
                  "is wrong: element 3 is 0; the definition gives 1 < 2, give or take 1e-06", true),
           timed({"maxpool", {}}, 5e-6), failed({"dense", {}}, "took more than 60 s")},
          100,
          std::nullopt,
          false,
          std::nullopt};
}

void check_golden(const std::string& name, const std::string& text) {
  const std::string path = CNNC_SOURCE_DIR "/tests/golden/" + name;
  if (std::getenv("UPDATE_GOLDEN"))
    write_file(path, text);
  else
    CHECK(text == read_file(path));
}

int64_t count(const std::string& text, const std::string& part) {
  int64_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a report of one schedule is a table with all that is known of each layer") {
  check_golden("bench-one.txt", bench_table(report_of({by_default()})));
}

TEST_CASE("layers in bytes have the peak of bytes, and where that was not measured the report says so") {
  BenchReport report = report_of({by_default()});
  const std::string unmeasured = " (also of layers in bytes: theirs was not measured)";
  CHECK(count(bench_table(report), unmeasured) == 0);
  report.layers[0].in_bytes = true;
  CHECK(count(bench_table(report), "peak 80.0 GFLOP/s" + unmeasured) == 1);
  CHECK(count(bench_html(report), "theirs was not measured") == 1);
  report.byte_peak = 320e9;
  CHECK(count(bench_table(report), "peak 80.0 GFLOP/s, of bytes 320.0") == 1);
  CHECK(count(bench_html(report), "theirs was not measured") == 0);
}

TEST_CASE("what has no time in a report of one schedule says why") {
  check_golden("bench-one-wrong.txt", bench_table(report_of({wrong()})));
}

TEST_CASE("a report of several schedules has their totals, times, speeds and choices") {
  check_golden("bench-several.txt", bench_table(report_of({by_default(), incomplete(), wrong()})));
}

TEST_CASE("a report for programs has all of it, and null for what has no time") {
  const std::string text = bench_json(report_of({by_default(), incomplete(), wrong()}));
  check_golden("bench-report.json", text);
  const auto json = nlohmann::json::parse(text);
  CHECK(json["schedules"][0]["layers"][0]["seconds"]["median"] == 4e-4);
  CHECK(json["schedules"][0]["layers"][0]["numbers"]["x"] == 6);
  CHECK(json["schedules"][1]["layers"][2]["seconds"].is_null());
  CHECK(json["schedules"][1]["layers"][2]["failure"]["reason"] == "took more than 60 s");
  CHECK(json["schedules"][1]["complete"] == false);
  CHECK(json["schedules"][2]["seconds"].is_null());
  CHECK(json["layers"][1]["name"] == "a<b>\"&'");
}

TEST_CASE("a page escapes the names of the network, and needs nothing from elsewhere") {
  const std::string page = bench_html(report_of({by_default(), incomplete(), wrong()}));
  check_golden("bench-page.html", page);
  CHECK(count(page, "a<b>") == 0);
  CHECK(count(page, "a&lt;b&gt;&quot;&amp;&#39;") > 0);
  for (const char* part : {"http", "<script", "src=", "@import", "url("}) CHECK(count(page, part) == 0);
}

TEST_CASE("a page has a point for each time of a layer whose operations count, and a bar for each time") {
  const std::string page = bench_html(report_of({by_default(), incomplete(), wrong()}));
  const int64_t in_legend = 2;
  CHECK(count(page, "<circle") == in_legend + 2 + 1);
  CHECK(count(page, "class=\"whisker\"") == 3 + 2 + 1);
}

// Of conv1, which takes the most time, a quarter of the definition's multiply-adds are made, and a tenth more
// of fc's.
BenchReport by_winograd() {
  BenchReport report = report_of({by_default()});
  report.layers[0].computes = "stage1.0.a_convolution + normalisation + activation";
  report.schedules[0].layers[0].made_flops = 5e6;
  report.schedules[0].layers[2].made_flops = 8.8e5;
  return report;
}

TEST_CASE("a page of one schedule compares nothing, and calls layers after what they compute") {
  const std::string page = bench_html(by_winograd());
  check_golden("bench-page-one.html", page);
  CHECK(count(page, "× default") == 0);
  CHECK(count(page, "<table>") == 1);
  CHECK(count(page, "<details>") == 1);
  CHECK(count(page, ">stage1.0.a_convolution…lisation + activation<") == 2);
  CHECK(count(page, "title=\"stage1.0.a_convolution + normalisation + activation\"") == 1);
  CHECK(count(page, "400.0 µs") > 0);
}

TEST_CASE("a point is of the multiply-adds that are made, a ring of those of the definition") {
  const std::string page = bench_html(by_winograd());
  CHECK(count(page, "class=\"ring h0\"") == 2 + 1);  // and the legend's
  CHECK(count(page,
              "13.9 GFLOP/s, 17 % of the peak; by the definition&#39;s multiply-adds, 4.00 times as many, "
              "55.6 GFLOP/s") == 1);
}

TEST_CASE("the legend says which bandwidth's line is not in the plot") {
  BenchReport report = by_winograd();
  CHECK(count(bench_html(report), "GB/s, left of the plot") == 0);
  report.bandwidths[0].bytes_per_second *= 1000;
  const std::string page = bench_html(report);
  CHECK(count(page, "GB/s, left of the plot") == 1);
  CHECK(count(page, "class=\"roof r0\"") == 1);  // the legend's
}

TEST_CASE("layers stand by their time, the longest first, and have that number in both plots") {
  const BenchReport report = by_winograd();
  CHECK(layers_by_time(report) == std::vector<size_t>{0, 2, 1});
  CHECK(count(bench_html(report), "<title>2 fc by default") == 1);
}

TEST_CASE("beyond twenty layers the rest of the bars is folded, with its share of the time") {
  BenchReport report = report_of({by_default()});
  for (int i = 0; i < 30; ++i) {
    report.layers.push_back({"more" + std::to_string(i), "", 0, 1});
    report.schedules[0].layers.push_back(timed({"relu", {}}, 1e-6));
  }
  CHECK(count(bench_html(report), "<summary>13 more layers, together 2.1 % of the time</summary>") == 1);
}

TEST_CASE("labels of points cover neither points nor each other, and points that lie together have one") {
  std::vector<Rectangle> taken;
  for (int i = 0; i < 40; ++i) {
    const std::vector<Rectangle> before = taken;
    if (!place_label({100.0 + i % 8, 100.0 + i / 8}, 20, 10, {0, 0, 200, 200}, taken)) continue;
    for (const Rectangle& other : before) CHECK(!overlap(taken.back(), other));
    CHECK(taken.back().right <= 200);
  }
  CHECK(taken.size() > 10);
  CHECK(text_of_numbers({1, 2, 3, 7}) == "1–3, 7");
  CHECK(text_of_numbers({4, 5}) == "4, 5");
}

TEST_CASE("times have the unit that suits them") {
  CHECK(with_unit(1.5e-7) == "150 ns");
  CHECK(with_unit(9.9996e-6) == "10.00 µs");
  CHECK(with_unit(1.234e-4) == "123.4 µs");
  CHECK(with_unit(0.0021) == "2.100 ms");
  CHECK(with_unit(12) == "12.00 s");
}

TEST_CASE("a page without any time has no plots") {
  const std::string page = bench_html(report_of({[] {
    TimedSchedule none = wrong();
    none.layers[1] = failed({"maxpool", {}}, "took more than 60 s");
    return none;
  }()}));
  CHECK(count(page, "<circle") == 0);
  CHECK(count(page, "class=\"whisker\"") == 0);
}

TEST_CASE("a spread is the median, the least and the 10th and the 90th percentile") {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  const Spread spread = spread_of(values);
  CHECK(spread.median == 50);
  CHECK(spread.best == 0);
  CHECK(spread.low == 10);
  CHECK(spread.high == 90);
  CHECK(spread_of({7}).high == 7);
}
