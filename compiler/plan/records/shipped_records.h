// The records that come with cnnc: ../../schedules/tuned, a file for each target, which may say
// nothing but its version.
#pragma once
#include <string>

#include "support/source.h"
#include "target/target.h"

namespace cnnc {

// The file, which parse_records() takes.
Source shipped_records(Isa isa);

}  // namespace cnnc
