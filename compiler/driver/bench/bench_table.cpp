#include "driver/bench/bench_table.h"

#include <fmt/format.h>

#include "driver/bench/bench_rows.h"
#include "driver/console/numbers.h"
#include "driver/console/table.h"

namespace cnnc {
namespace {

std::string text_of(const BenchTable& t) {
  return table(t.rows, t.alignment);
}

std::string listed(const Footnotes& notes) {
  std::string text = notes.reasons().empty() ? "" : "\n";
  for (size_t i = 0; i < notes.reasons().size(); ++i)
    text += fmt::format("[{}] {}\n", i + 1, notes.reasons()[i]);
  return text;
}

// "median 0.0123 ms, 10th to 90th percentile 0.0121 to 0.0130, best 0.0120 of 5000 runs"
std::string summary(const TimedSchedule& schedule) {
  if (!schedule.total) return fmt::format("no time of {} runs", schedule.runs);
  const Spread& s = *schedule.total;
  return fmt::format("median {} ms, 10th to 90th percentile {} to {}, best {} of {} runs", in_ms(s.median),
                     in_ms(s.low), in_ms(s.high), in_ms(s.best), schedule.runs);
}

// ", of bytes 1077.0", of so many threads.
std::string of_dots(const BenchReport& report, int threads) {
  if (lacks_byte_peak(report))
    return fmt::format(" (also of layers in {}: theirs was not measured)", report.of_dots);
  const double peak = report.byte_peak / report.threads * threads;
  return peak > 0 ? fmt::format(", of {} {:.1f}", report.of_dots, peak * 1e-9) : "";
}

std::string of_one(const BenchReport& report) {
  Footnotes notes;
  const std::string layers = text_of(detailed_table(report, notes));
  const TimedSchedule& schedule = report.schedules.front();
  const std::string by = schedule.name == "tuned" ? "" : schedule.name + ": ";
  return fmt::format("{}{}\n{}{}; peak {:.1f} GFLOP/s{} a thread, {}\n", layers, listed(notes), by,
                     summary(schedule), report.peak / report.threads * 1e-9, of_dots(report, 1),
                     counted(report.threads, "thread"));
}

std::string of_several(const BenchReport& report) {
  Footnotes notes;
  const std::string totals = text_of(totals_table(report, notes));
  const std::string times = text_of(times_table(report, notes));
  return fmt::format(
      "{} on {}: {}; peak {:.1f} GFLOP/s{}; {} in alternation\n\n{}\nms of each layer, in the median\n{}\n"
      "GFLOP/s of each layer in its best run, and % of the peak\n{}\nhow each layer is computed\n{}{}",
      report.network, report.processor, circumstances(report), report.peak * 1e-9,
      of_dots(report, report.threads), counted(report.rounds, "round"), totals, times,
      text_of(speeds_table(report)), text_of(choices_table(report)), listed(notes));
}

}  // namespace

std::string bench_table(const BenchReport& report) {
  return report.schedules.size() == 1 ? of_one(report) : of_several(report);
}

}  // namespace cnnc
