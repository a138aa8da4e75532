#include "driver/bench/bench_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/console/numbers.h"
#include "picture/words.h"

namespace cnnc {
namespace {

constexpr const char* kNone = "–";

// Operations a second of the best run, in GFLOP/s, and what of the peak they are, in %; "" where none are
// counted.
std::string speed(double flops, const Spread& seconds) {
  return flops > 0 ? fmt::format("{:.1f}", flops / seconds.best * 1e-9) : "";
}
std::string share(double flops, const Spread& seconds, double peak) {
  return flops > 0 ? fmt::format("{:.0f}", 100 * flops / seconds.best / peak) : "";
}
std::string in_mflop(double flops) {
  return flops > 0 ? fmt::format("{:.1f}", flops * 1e-6) : "";
}

void append(Row& row, const Row& more) {
  row.insert(row.end(), more.begin(), more.end());
}

std::string note_on(const TimedSchedule& schedule, const Failure& failure) {
  return fmt::format("{} {}", schedule.name, failure.reason);
}

// Why there is no total, or what is missing in it; "" if nothing is.
std::string note_on_total(const TimedSchedule& schedule) {
  if (!schedule.total) return schedule.name + ": what is wrong has no time";
  if (schedule.is_complete) return "";
  const auto missing = std::count_if(schedule.layers.begin(), schedule.layers.end(),
                                     [](const TimedLayer& layer) { return layer.failure.has_value(); });
  return fmt::format("{} is incomplete: in {} of {} our own schedule stands in", schedule.name, missing,
                     counted(static_cast<int64_t>(schedule.layers.size()), "layer"));
}

// The time with a mark if something is missing; or the mark alone.
Row total_cells(const TimedSchedule& schedule, Footnotes& notes, const TimeColumn& times) {
  const std::string note = note_on_total(schedule);
  const std::string mark = note.empty() ? "" : notes.mark(note);
  if (!schedule.total) return {kNone, mark};
  return {times.text(schedule.total->median), mark.empty() ? deviation(*schedule.total) : mark};
}

// The time, the best, % of the time, and so on.
Row detailed_cells(const Spread& seconds, double flops, double peak, const BenchReport& report,
                   const TimeColumn& times) {
  const std::optional<Spread>& total = report.schedules.front().total;
  return {times.text(seconds.median),
          times.text(seconds.best),
          total ? fmt::format("{:.1f}", 100 * seconds.median / total->median) : "",
          in_mflop(flops),
          speed(flops, seconds),
          share(flops, seconds, peak)};
}

// The heads of a table with columns for each schedule: its name and another.
Row heads(Row row, const BenchReport& report, const std::string& other) {
  for (const TimedSchedule& schedule : report.schedules) append(row, {schedule.name, other});
  return row;
}

std::string columns(std::string alignment, const BenchReport& report) {
  return alignment + std::string(2 * report.schedules.size(), 'r');
}

}  // namespace

std::string Footnotes::mark(const std::string& reason) {
  const auto found = std::find(reasons_.begin(), reasons_.end(), reason);
  const auto number = found - reasons_.begin() + 1;
  if (found == reasons_.end()) reasons_.push_back(reason);
  return fmt::format("[{}]", number);
}

BenchTable detailed_table(const BenchReport& report, Footnotes& notes, const TimeColumn& times) {
  const TimedSchedule& schedule = report.schedules.front();
  BenchTable table{{{"layer", "kernel", "result", times.head, "best", "% of time", "MFLOP", "GFLOP/s",
                     "% of peak", "schedule"}},
                   "lllrrrrrrl"};
  for (size_t i = 0; i < report.layers.size(); ++i) {
    const BenchLayer& layer = report.layers[i];
    const TimedLayer& timed = schedule.layers[i];
    Row row{short_title_of(layer), timed.choice.family, layer.result};
    append(row, timed.seconds
                    ? detailed_cells(*timed.seconds, layer.flops, peak_of(report, layer), report, times)
                    : Row{kNone, notes.mark(note_on(schedule, *timed.failure)), "", "", "", ""});
    row.push_back(schedule.has_numbers ? to_string(timed.choice.schedule) : "");
    table.rows.push_back(row);
  }
  Row all{"all", "", ""};
  append(all, schedule.total
                  ? detailed_cells(*schedule.total, flops_of(report), peak_of_all(report), report, times)
                  : Row{kNone, "", "", "", "", ""});
  if (const std::string note = note_on_total(schedule); !note.empty()) all[2] = notes.mark(note);
  all.push_back("");
  table.rows.push_back(all);
  return table;
}

BenchTable totals_table(const BenchReport& report, Footnotes& notes, const TimeColumn& times) {
  const std::string first = report.schedules.front().name;
  BenchTable table{{{"schedule", times.head, "", "best", "GFLOP/s", "% of peak", "× " + first, ""}},
                   "lrrrrrrr"};
  for (const TimedSchedule& schedule : report.schedules) {
    Row row{schedule.name};
    append(row, total_cells(schedule, notes, times));
    const std::optional<Spread>& total = schedule.total;
    append(row, total ? Row{times.text(total->best), speed(flops_of(report), *total),
                            share(flops_of(report), *total, peak_of_all(report))}
                      : Row{"", "", ""});
    const bool is_first = &schedule == &report.schedules.front();
    append(row, schedule.ratio
                    ? Row{fmt::format("{:.{}f}", schedule.ratio->median, schedule.ratio->median < 1 ? 3 : 2),
                          is_first ? "" : deviation(*schedule.ratio)}
                    : Row{"", ""});
    table.rows.push_back(row);
  }
  return table;
}

BenchTable times_table(const BenchReport& report, Footnotes& notes, const TimeColumn& times) {
  BenchTable table{{heads({"layer"}, report, "")}, columns("l", report)};
  for (size_t i = 0; i < report.layers.size(); ++i) {
    Row row{short_title_of(report.layers[i])};
    for (const TimedSchedule& schedule : report.schedules) {
      const TimedLayer& timed = schedule.layers[i];
      append(row, timed.seconds ? Row{times.text(timed.seconds->median), deviation(*timed.seconds)}
                                : Row{kNone, notes.mark(note_on(schedule, *timed.failure))});
    }
    table.rows.push_back(row);
  }
  Row all{"all"};
  for (const TimedSchedule& schedule : report.schedules) append(all, total_cells(schedule, notes, times));
  table.rows.push_back(all);
  return table;
}

BenchTable speeds_table(const BenchReport& report) {
  BenchTable table{{heads({"layer", "MFLOP"}, report, "%")}, columns("lr", report)};
  const auto cells = [&](double flops, double peak, const std::optional<Spread>& seconds) {
    return seconds ? Row{speed(flops, *seconds), share(flops, *seconds, peak)} : Row{kNone, ""};
  };
  for (size_t i = 0; i < report.layers.size(); ++i) {
    const double flops = report.layers[i].flops;
    if (flops <= 0) continue;
    Row row{short_title_of(report.layers[i]), in_mflop(flops)};
    for (const TimedSchedule& schedule : report.schedules)
      append(row, cells(flops, peak_of(report, report.layers[i]), schedule.layers[i].seconds));
    table.rows.push_back(row);
  }
  Row all{"all", in_mflop(flops_of(report))};
  for (const TimedSchedule& schedule : report.schedules)
    append(all, cells(flops_of(report), peak_of_all(report), schedule.total));
  table.rows.push_back(all);
  return table;
}

BenchTable choices_table(const BenchReport& report) {
  BenchTable table{{{"layer", "result"}}, "ll"};
  for (const TimedSchedule& schedule : report.schedules) {
    if (!schedule.has_numbers) continue;
    table.rows.front().push_back(schedule.name);
    table.alignment += 'l';
  }
  for (size_t i = 0; i < report.layers.size(); ++i) {
    Row row{short_title_of(report.layers[i]), report.layers[i].result};
    for (const TimedSchedule& schedule : report.schedules)
      if (schedule.has_numbers) row.push_back(to_string(schedule.layers[i].choice));
    table.rows.push_back(row);
  }
  return table;
}

std::string in_ms(double seconds) {
  const double ms = seconds * 1e3;
  return fmt::format("{:.{}f}", ms, ms < 0.1 ? 5 : ms < 1 ? 4 : ms < 100 ? 3 : 1);
}

std::string with_unit(double seconds) {
  const std::pair<double, const char*> units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
  for (const auto& [unit, name] : units) {
    const double value = seconds / unit;
    if (value >= 0.9995 || unit == 1e-9)
      return fmt::format("{:.{}f} {}", value,
                         unit == 1e-9     ? 0
                         : value < 9.9995 ? 3
                         : value < 99.995 ? 2
                         : value < 999.95 ? 1
                                          : 0,
                         name);
  }
  return "";
}

std::string short_title_of(const BenchLayer& layer) {
  return picture::cut_in_middle(title_of(layer), 44);
}

std::string deviation(const Spread& spread) {
  const double farther = std::max(spread.high - spread.median, spread.median - spread.low);
  return fmt::format("±{:.0f}%", 100 * farther / spread.median);
}

std::string circumstances(const BenchReport& report) {
  return fmt::format("{}, {}, batch {}", report.target, counted(report.threads, "thread"), report.images);
}

}  // namespace cnnc
