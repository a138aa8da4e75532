// The packed weights as bytes, and as an object with a read-only section. They pass through in pieces of a
// few megabytes: a network's weights are never in memory packed as a whole.
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

// The beginning of an object file that defines `symbol`, hidden, as the `bytes` bytes that follow it to the
// file's end, aligned to a page. Here and not by LLVM, whose constants and assembler hold all of it in
// memory.
std::string head_of_weights_object(const std::string& symbol, int64_t bytes,
                                   const Architecture& architecture);

}  // namespace cnnc
