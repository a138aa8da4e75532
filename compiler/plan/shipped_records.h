// The records that come with cnnc: ../../schedules/tuned, a file for each instruction set.
#pragma once
#include <string>

#include "plan/target.h"
#include "support/source.h"

namespace cnnc {

// The file, which parse_records() takes.
Source shipped_records(Isa isa);

}  // namespace cnnc
