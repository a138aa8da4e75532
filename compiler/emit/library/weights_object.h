// The packed weights as bytes, which follow the head of an object (emit/objects/objects.h). They pass through
// in pieces of a few megabytes: a network's weights are never in memory packed as a whole, as LLVM's
// constants and assembler would have them.
#pragma once
#include <string>

#include "plan/plans.h"
#include "support/bytes.h"

namespace cnnc {

// Passes the packed weights, plans.weights_bytes in all, in pieces of multiples of 64 bytes. Throws
// std::logic_error if a constant has no values.
void write_weights(const Plans& plans, const ByteSink& take);

// cnnc_rt_hash of them.
uint64_t hash_weights(const Plans& plans);

}  // namespace cnnc
