// From the words of a command line to what the user asks for.
#pragma once
#include "driver/options/options.h"

namespace cnnc {

// Throws UsageError.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace cnnc
