#include "driver/tune_report.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "driver/front.h"
#include "driver/table.h"

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

}  // namespace

TuneReport::TuneReport(size_t problems) : problems_(problems), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void TuneReport::clear_line() {
  if (is_terminal_) fmt::print(stderr, "\r\033[K");
}

void TuneReport::progress(size_t number, const Problem& problem, size_t tried, double best_ratio) {
  if (!is_terminal_) return;
  const std::string line =
      fmt::format("{}/{} {:.2f}x of {} tried: {}", number, problems_, 1 / best_ratio, tried, problem.name);
  clear_line();
  fmt::print(stderr, "{}", line.substr(0, width_of_terminal() - 1));
  std::fflush(stderr);
}

void TuneReport::log(const Problem& problem, const std::string& line) {
  clear_line();
  fmt::print(stderr, "{}: {}\n", problem.name, line);
}

void TuneReport::found(const Tuned& tuned) {
  clear_line();
  const Figures& figures = *tuned.record.figures;
  fmt::print(stderr, "{}/{} {}: {} ms, default {} ms, {} tried: {}\n", ++done_, problems_, tuned.key.problem,
             milliseconds(figures.tuned), milliseconds(figures.standard), tuned.tried,
             to_string(tuned.record.choice));
}

std::string tune_summary(const std::vector<Problem>& problems, const Records& records, Isa isa, int threads) {
  std::vector<Row> rows = {{"problem", "layers", "default ms", "tuned ms", "gain", "schedule"}};
  Figures all;
  size_t missing = 0;
  for (const Problem& problem : problems) {
    const auto found = records.find({problem.name, isa, threads});
    if (found == records.end() || !found->second.figures) {
      missing += found == records.end();
      rows.push_back({problem.name, std::to_string(problem.steps), "", "", "",
                      found == records.end() ? "not tuned" : to_string(found->second.choice)});
      continue;
    }
    const Figures& figures = *found->second.figures;
    rows.push_back({problem.name, std::to_string(problem.steps), milliseconds(figures.standard),
                    milliseconds(figures.tuned), gain(figures), to_string(found->second.choice)});
    all.standard += problem.steps * figures.standard;
    all.tuned += problem.steps * figures.tuned;
  }
  if (all.tuned > 0)
    rows.push_back({"all layers", "", milliseconds(all.standard), milliseconds(all.tuned), gain(all), ""});
  std::string text = table(rows, "lrrrrl");
  if (missing > 0)
    text += fmt::format("\n{} {} not tuned: run the same command again to go on\n",
                        counted(static_cast<int64_t>(missing), "problem"), missing == 1 ? "is" : "are");
  return text;
}

}  // namespace cnnc
