// The table of a report's layers.
#pragma once
#include <string>

#include "driver/report/report.h"

namespace cnnc {

// A row a layer; those of a scope are folded behind one that sums them up. Of few layers all are unfolded,
// and so is a scope that holds most of them.
std::string layer_rows(const Report& report);

// The steps that are most of a run as bars.
std::string work_bars(const Report& report);

}  // namespace cnnc
