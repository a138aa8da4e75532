// What tests do before each change is merged, and what the campaign does.
#pragma once
#include <cstdint>
#include <cstdlib>

namespace cnnc {

// Whether CNNC_THOROUGH is set, as script/campaign does: then tests that have many cases which are alike try
// all of them on each instruction set, where otherwise the instruction sets take turns.
inline bool is_thorough() {
  return std::getenv("CNNC_THOROUGH") != nullptr;
}

// The number that the variable is set to; otherwise the other one.
inline uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace cnnc
