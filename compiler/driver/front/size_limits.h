// What a library can hold and a run can have, before hours go into what cannot be linked or loaded.
#pragma once
#include <cstdint>
#include <optional>

#include "plan/plans.h"
#include "support/source.h"
#include "target/system.h"

namespace cnnc {

// Throws InputError where so many bytes of weights (no value: more than can be counted) do not fit into a
// library for the system, or, if they are to have one, into a file.
void require_place_for_weights(std::optional<int64_t> bytes, bool have_file, const System& system,
                               const Source& source);

// Throws InputError where pointers of the target do not reach all that a run has in memory.
void require_memory(const Plans& plans, const Source& source);

}  // namespace cnnc
