// A benchmark's tables as rows of cells, the first of them the heads: for text and for pages.
#pragma once
#include <string>
#include <vector>

#include "driver/bench/bench_report.h"
#include "driver/console/table.h"

namespace cnnc {

// Reasons that cells refer to by number, each listed once, in the order in which they come up.
class Footnotes {
 public:
  std::string mark(const std::string& reason);  // "[1]"
  const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  std::vector<std::string> reasons_;
};

// Rows, and a letter for each column: 'l' or 'r'.
struct BenchTable {
  std::vector<Row> rows;
  std::string alignment;
};

// How times stand in tables: the head of their column, and what is in it.
struct TimeColumn {
  const char* head;
  std::string (*text)(double seconds);
};

// "0.01234", "0.1234", "1.234", "123.4"
std::string in_ms(double seconds);
inline constexpr TimeColumn kMilliseconds{"ms", in_ms};

// "1.234 s", "12.34 ms", "123.4 µs", "120 ns"
std::string with_unit(double seconds);
inline constexpr TimeColumn kOwnUnits{"time", with_unit};

// What a layer is called, of at most 44 characters.
std::string short_title_of(const BenchLayer& layer);

// All that is known of each layer by the report's one schedule, and of the whole.
BenchTable detailed_table(const BenchReport& report, Footnotes& notes,
                          const TimeColumn& times = kMilliseconds);

// A row a schedule: the whole network's time, speed, and ratio to the first schedule's.
BenchTable totals_table(const BenchReport& report, Footnotes& notes, const TimeColumn& times = kMilliseconds);

// A row a layer, and a few columns a schedule: its time; GFLOP/s and % of the peak, of layers whose
// operations are counted; the family and the numbers, of schedules that have some.
BenchTable times_table(const BenchReport& report, Footnotes& notes, const TimeColumn& times = kMilliseconds);
BenchTable speeds_table(const BenchReport& report);
BenchTable choices_table(const BenchReport& report);

// "±4%": of the median, the distance of the 10th or the 90th percentile, whichever is farther from it.
std::string deviation(const Spread& spread);

// "avx512, 1 thread, batch 1"
std::string circumstances(const BenchReport& report);

}  // namespace cnnc
