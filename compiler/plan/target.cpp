#include "plan/target.h"

namespace cnnc {

Target target_for(Isa isa) {
  switch (isa) {
    case Isa::sse41:
      return {isa, 4, 16};
    case Isa::avx2:
      return {isa, 8, 16};
    case Isa::avx512:
      return {isa, 16, 32};
  }
  return {};
}

int largest_vector(const Target& target, int64_t size) {
  int lanes = target.lanes;
  while (lanes > size && lanes > 1) lanes /= 2;
  return lanes;
}

// __builtin_cpu_supports asks the operating system (XGETBV) as well as the processor.
std::optional<Isa> host_isa() {
  __builtin_cpu_init();
  const bool avx2 =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return Isa::avx512;
  if (avx2) return Isa::avx2;
  if (__builtin_cpu_supports("sse4.1")) return Isa::sse41;
  return std::nullopt;
}

std::string to_string(Isa isa) {
  switch (isa) {
    case Isa::sse41:
      return "sse41";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
  }
  return "";
}

std::optional<Isa> parse_isa(std::string_view name) {
  for (const Isa isa : {Isa::sse41, Isa::avx2, Isa::avx512})
    if (to_string(isa) == name) return isa;
  return std::nullopt;
}

}  // namespace cnnc
