#include "driver/tune_report.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "driver/console/numbers.h"
#include "driver/console/standard_streams.h"
#include "driver/console/table.h"

namespace cnnc {
namespace {

// Columns of the terminal; a progress line that breaks could not be overwritten.
size_t width_of_terminal() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string milliseconds(double us) {
  return fmt::format("{:.4f}", us * 1e-3);
}

std::string gain(const Figures& figures) {
  return fmt::format("{:.2f}", figures.standard / figures.tuned);
}

// Null: there is no record yet.
Row row_of(const Problem& problem, const Record* record) {
  const std::string steps = std::to_string(problem.steps);
  const std::string schedule = record ? to_string(record->choice) : "not tuned";
  if (!record || !record->figures) return {problem.name, steps, "", "", "", schedule};
  const Figures& figures = *record->figures;
  return {problem.name,  steps,   milliseconds(figures.standard), milliseconds(figures.tuned),
          gain(figures), schedule};
}

}  // namespace

TuneReport::TuneReport(size_t problems) : problems_(problems), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void TuneReport::clear_line() {
  if (is_terminal_) say("\r\033[K");
}

void TuneReport::progress(size_t number, const Problem& problem, size_t tried, double best_ratio) {
  if (!is_terminal_) return;
  const std::string line =
      fmt::format("{}/{} {:.2f}x of {} tried: {}", number, problems_, 1 / best_ratio, tried, problem.name);
  clear_line();
  say(line.substr(0, width_of_terminal() - 1));
}

void TuneReport::log(const Problem& problem, const std::string& line) {
  clear_line();
  say(fmt::format("{}: {}\n", problem.name, line));
}

void TuneReport::found(const Tuned& tuned) {
  clear_line();
  const Figures& figures = *tuned.record.figures;
  say(fmt::format("{}/{} {}: {} ms, default {} ms, {} tried: {}\n", ++done_, problems_, tuned.key.problem,
                  milliseconds(figures.tuned), milliseconds(figures.standard), tuned.tried,
                  to_string(tuned.record.choice)));
}

std::string tune_summary(const std::vector<Problem>& problems, const Records& records, Isa isa, int threads) {
  if (problems.empty()) return "no layer here has a choice of schedules\n";
  std::vector<Row> rows = {{"problem", "layers", "default ms", "tuned ms", "gain", "schedule"}};
  Figures all;
  int64_t missing = 0;
  for (const Problem& problem : problems) {
    const auto found = records.find({problem.name, isa, threads});
    const Record* record = found == records.end() ? nullptr : &found->second;
    rows.push_back(row_of(problem, record));
    missing += record == nullptr;
    if (!record || !record->figures) continue;
    all.standard += problem.steps * record->figures->standard;
    all.tuned += problem.steps * record->figures->tuned;
  }
  if (all.tuned > 0)
    rows.push_back({"all layers", "", milliseconds(all.standard), milliseconds(all.tuned), gain(all), ""});
  const std::string text = table(rows, "lrrrrl");
  if (missing == 0) return text;
  return text + fmt::format("\n{} {} not tuned: run the same command again to go on\n",
                            counted(missing, "problem"), missing == 1 ? "is" : "are");
}

}  // namespace cnnc
