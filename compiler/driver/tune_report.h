// What `cnnc tune` says while it works and at the end.
#pragma once
#include <string>
#include <vector>

#include "tune/tune.h"

namespace cnnc {

// On the standard error: a line that changes, if it is a terminal; a line for each problem that is done.
class TuneReport {
 public:
  explicit TuneReport(size_t problems);
  void progress(size_t number, const Problem& problem, size_t tried, double best_ratio);
  void log(const Problem& problem, const std::string& line);
  void found(const Tuned& tuned);
  void clear_line();

 private:
  size_t problems_, done_ = 0;
  bool is_terminal_;
};

// The table of all problems: the default's time, the tuned one's, the gain, the choice.
std::string tune_summary(const std::vector<Problem>& problems, const Records& records, Isa isa, int threads);

}  // namespace cnnc
