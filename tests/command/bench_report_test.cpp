// What a benchmark's report looks like, from fixed values; UPDATE_GOLDEN=1 rewrites the files in golden/.
#include "driver/bench/bench_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "command/replay.h"
#include "driver/bench/bench_html.h"
#include "driver/bench/bench_json.h"
#include "driver/bench/bench_table.h"

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
  CHECK(count(page, "<circle") == 2 + 1);
  CHECK(count(page, "class=\"whisker\"") == 4 + 3 + 1);
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
