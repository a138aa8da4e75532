// The instruction set that a library is made for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cnnc {

// Each includes the ones before it. avx2 includes FMA and F16C; avx512 is F, CD, BW, DQ and VL.
enum class Isa { sse41, avx2, avx512 };

struct Target {
  Isa isa = Isa::avx2;
  int lanes = 8;       // floats in a vector
  int registers = 16;  // vector registers

  friend bool operator==(const Target& a, const Target& b) { return a.isa == b.isa; }
};

Target target_for(Isa isa);

// Registers for sums: what weights and inputs leave.
inline int64_t accumulators(const Target& target) {
  return target.registers - (target.registers >= 32 ? 4 : 3);
}

// The lanes of the target's vector, halved until they are at most `size` (at least 1).
int largest_vector(const Target& target, int64_t size);

// The best of this machine, as the processor and the operating system allow; empty below SSE4.1.
std::optional<Isa> host_isa();

// "avx512"; the reverse is empty for an unknown name.
std::string to_string(Isa isa);
std::optional<Isa> parse_isa(std::string_view name);

}  // namespace cnnc
