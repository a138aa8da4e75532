// What tests do before each change is merged, and what the campaign does.
#pragma once
#include <cstdlib>

namespace cnnc {

// Whether CNNC_THOROUGH is set, as script/campaign does: then tests that have many cases which are alike try
// all of them on each instruction set, where otherwise the instruction sets take turns.
inline bool is_thorough() {
  return std::getenv("CNNC_THOROUGH") != nullptr;
}

}  // namespace cnnc
