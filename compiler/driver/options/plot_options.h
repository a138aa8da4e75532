// The words of the commands that show a network.
#pragma once
#include "driver/options/options.h"
#include "driver/options/words.h"

namespace cnnc {

// These throw UsageError.
PlotOptions plot_options(const Words& words);
ReportOptions report_options(const Words& words);

}  // namespace cnnc
