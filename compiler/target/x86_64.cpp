#include <elf.h>

#include "target/architectures.h"

namespace cnnc {

namespace {

constexpr Architecture kArchitecture = {"x86_64",  "an x86-64 processor",
                                        "x86-64",  "x86-64",
                                        EM_X86_64, 0x8664,
                                        64,        "_M_X64",
                                        "x86_64",  0x01000007,
                                        3};

// Of the machines on which the estimates of plan/ were fitted, Zen 4 and 5; no processor with AVX2 has a
// smaller first-level cache.
Memory memory() {
  Memory m;
  m.first_level = 32 << 10;
  m.second_level = 512 << 10;
  m.own = 1 << 20;
  m.shared = 16 << 20;
  m.from_second_level = 32;
  m.from_beyond = 8;
  m.from_memory = 4;
  m.bytes_per_second = 20e9;
  return m;
}

// Halide 14 knows 8-bit dot products under the name of Sapphire Rapids alone. For these processors it asks
// LLVM for more than any target here has (AMX, halves), which DotProduct features replace.
constexpr const char* kHalideDots =
    "sse41-avx-avx2-fma-f16c-avx512-avx512_skylake-avx512_cannonlake-avx512_sapphirerapids";

Target sse41() {
  Target t;
  t.isa = Isa::sse41;
  t.name = "sse41";
  t.architecture = &kArchitecture;
  t.extensions = "SSE4.1";
  t.halide = "sse41";
  t.halide_dots = kHalideDots;
  t.dot_features = "+sse4.1";
  t.dot_product = DotProduct::words;
  t.packs_bytes = true;
  t.runtime_level = 0;
  t.lanes = 4;
  t.registers = 16;
  t.cycles_per_second = 3e9;
  t.memory = memory();
  return t;
}

// Halide's natural vector size and code paths look at each feature for itself, so all that are implied are
// named, here and below.
Target avx2() {
  Target t;
  t.isa = Isa::avx2;
  t.name = "avx2";
  t.architecture = &kArchitecture;
  t.extends = Isa::sse41;
  t.extensions = "AVX2, FMA and F16C";
  t.halide = "sse41-avx-avx2-fma-f16c";
  t.halide_dots = kHalideDots;
  t.dot_features = "+sse4.1,+avx,+f16c,+fma,+avx2";
  t.dot_product = DotProduct::words;
  t.packs_bytes = true;
  t.runtime_level = 1;
  t.lanes = 8;
  t.registers = 16;
  t.has_fma = true;
  t.broadcasts_pairs = true;  // VBROADCASTSD; SSE3's MOVDDUP, for four lanes, was not tried
  t.cycles_per_second = 3e9;
  t.cycles_of_sum = 4;  // measured on Zen 3, as are the next two
  t.cost_of_row = 0.1;
  t.memory = memory();
  t.memory.fetched = 128;  // a pair of lines
  return t;
}

Target avx512() {
  Target t;
  t.isa = Isa::avx512;
  t.name = "avx512";
  t.architecture = &kArchitecture;
  t.extends = Isa::avx2;
  t.extensions = "AVX-512 (F, CD, BW, DQ and VL)";
  t.halide = "sse41-avx-avx2-fma-f16c-avx512-avx512_skylake";
  t.halide_dots = kHalideDots;
  t.dot_features = "+sse4.1,+avx,+f16c,+fma,+avx2,+avx512f,+avx512cd,+avx512bw,+avx512dq,+avx512vl";
  t.dot_product = DotProduct::words;
  t.packs_bytes = true;
  t.runtime_level = 2;
  t.lanes = 16;
  t.registers = 32;
  t.has_fma = true;
  t.folds_broadcast = true;  // Intel SDM vol. 2, 2.7.5
  t.broadcasts_pairs = true;
  t.cycles_per_second = 3e9;
  t.memory = memory();
  return t;
}

Target avx512vnni() {
  Target t = avx512();
  t.isa = Isa::avx512vnni;
  t.name = "avx512vnni";
  t.extends = Isa::avx512;
  t.extensions = "AVX-512 (F, CD, BW, DQ, VL and VNNI)";
  t.dot_features =
      "+sse4.1,+avx,+f16c,+fma,+avx2,+avx512f,+avx512cd,+avx512bw,+avx512dq,+avx512vl,+avx512vnni";
  t.dot_product = DotProduct::instruction;
  t.only_for = Arithmetic::bytes;
  t.runtime_level = 3;
  return t;
}

// No processor has BF16 and not VNNI.
Target avx512bf16() {
  Target t = avx512vnni();
  t.isa = Isa::avx512bf16;
  t.name = "avx512bf16";
  t.extends = Isa::avx512vnni;
  t.extensions = "AVX-512 (F, CD, BW, DQ, VL, VNNI and BF16)";
  t.dot_features =
      "+sse4.1,+avx,+f16c,+fma,+avx2,+avx512f,+avx512cd,+avx512bw,+avx512dq,+avx512vl,+avx512vnni,"
      "+avx512bf16";
  t.has_bf16_products = true;
  t.only_for = Arithmetic::bf16;
  t.runtime_level = 4;
  return t;
}

// Intel's processors with cores of two kinds have it instead of AVX-512.
Target avxvnni() {
  Target t = avx2();
  t.isa = Isa::avxvnni;
  t.name = "avxvnni";
  t.extends = Isa::avx2;
  t.extensions = "AVX2, FMA, F16C and AVX-VNNI";
  t.dot_features = "+sse4.1,+avx,+f16c,+fma,+avx2,+avxvnni";
  t.dot_product = DotProduct::instruction;
  t.only_for = Arithmetic::bytes;
  t.runtime_level = 5;
  return t;
}

}  // namespace

std::vector<Target> x86_64_targets() {
  return {avx512bf16(), avx512vnni(), avx512(), avxvnni(), avx2(), sse41()};
}

}  // namespace cnnc
