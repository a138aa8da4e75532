// The packed weights as bytes, and as an object with a read-only section.
#pragma once
#include <functional>
#include <string>

#include "plan/plan.h"

namespace cnnc {

// Passes the packed weights in pieces, in order, plan.weights_bytes in all. Only one constant is in memory
// packed.
void for_each_weights_piece(const Plan& plan,
                            const std::function<void(const void* data, size_t bytes)>& take);

// An object that defines `symbol` as the weights, aligned to a page. They never pass through LLVM's
// constants: the assembler copies them from a temporary file.
std::string weights_object(const Plan& plan, const std::string& symbol);

}  // namespace cnnc
