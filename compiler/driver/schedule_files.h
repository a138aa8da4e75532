// Files of schedules: those that come with cnnc, and the user's.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/records.h"

namespace cnnc {

// Throws InputError with all errors rendered, also for a file beyond limits::kScheduleBytes.
Records read_records(const std::string& path);

}  // namespace cnnc
