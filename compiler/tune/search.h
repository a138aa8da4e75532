// The order in which choices are tried.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "plan/schedule.h"

namespace cnnc {

struct Tried {
  Choice choice;
  double ratio = 1;  // its time to that of the default
};

// The ratio of each; none for a choice that cannot be compiled, crashes, hangs or computes something else.
using MeasureRatios = std::function<std::vector<std::optional<double>>(const std::vector<Choice>&)>;

struct SearchOptions {
  size_t wave = 4;       // choices that are measured together
  size_t patience = 24;  // so many in a row that are no better, beyond the first, end the search
  std::function<bool()> goes_on = [] { return true; };  // asked between waves, but for the first
};

// Searches the candidates, of each family those that are expected to be best first, around the default, which
// is known. First a few of each family; then, around the best that was found, what differs in one number;
// where that leads no further, those that come next by the estimates, of families that are not hopeless.
// All that were measured, the best first; the default is among them.
std::vector<Tried> search(const std::vector<Choice>& candidates, const Choice& standard,
                          const MeasureRatios& measure, const SearchOptions& options = {});

}  // namespace cnnc
