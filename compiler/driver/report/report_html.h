// A network's report as a page.
#pragma once
#include <string>

#include "driver/report/report.h"

namespace cnnc {

// An HTML file that needs no other, and no script. The same bytes for the same report.
std::string report_html(const Report& report);

}  // namespace cnnc
