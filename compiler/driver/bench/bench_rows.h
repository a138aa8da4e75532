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

// All that is known of each layer by the report's one schedule, and of the whole.
BenchTable detailed_table(const BenchReport& report, Footnotes& notes);

// A row a schedule: the whole network's time, speed, and ratio to the first schedule's.
BenchTable totals_table(const BenchReport& report, Footnotes& notes);

// A row a layer, and a few columns a schedule: milliseconds; GFLOP/s and % of the peak, of layers whose
// operations are counted; the family and the numbers, of schedules that have some.
BenchTable times_table(const BenchReport& report, Footnotes& notes);
BenchTable speeds_table(const BenchReport& report);
BenchTable choices_table(const BenchReport& report);

// "0.01234", "0.1234", "1.234", "123.4"
std::string in_ms(double seconds);

// "±4%": of the median, the distance of the 10th or the 90th percentile, whichever is farther from it.
std::string deviation(const Spread& spread);

// "avx512, 1 thread, batch 1"
std::string circumstances(const BenchReport& report);

}  // namespace cnnc
