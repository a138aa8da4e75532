#include <elf.h>

#include "target/architectures.h"

namespace cnnc {

namespace {

constexpr Architecture kArchitecture = {
    "aarch64", "an AArch64 processor", "arm-64", "generic", EM_AARCH64, 0, 64, "", "arm64", 0x0100000c, 0};

// What the cores of phones, boards and servers have at least (Cortex-A72 and later): nothing here was
// measured.
Memory memory() {
  Memory m;
  m.first_level = 32 << 10;
  m.second_level = 256 << 10;
  m.own = 512 << 10;
  m.shared = 2 << 20;
  m.from_second_level = 16;
  m.from_beyond = 8;
  m.from_memory = 4;
  m.bytes_per_second = 10e9;
  return m;
}

// Part of every AArch64 processor that runs Linux.
Target neon() {
  Target t;
  t.isa = Isa::neon;
  t.name = "neon";
  t.architecture = &kArchitecture;
  t.extensions = "Advanced SIMD (NEON)";
  t.runtime_level = 0;
  t.lanes = 4;
  t.registers = 32;
  t.has_fma = true;
  t.takes_element = true;  // FMLA (by element)
  t.cycles_per_second = 2e9;
  t.memory = memory();
  return t;
}

// Optional since Armv8.2, part of Armv8.4: Cortex-A55 and A76, Neoverse N1. SDOT multiplies signed
// bytes by signed ones; the one of unsigned by signed bytes (USDOT) came later.
Target neon_dotprod() {
  Target t = neon();
  t.isa = Isa::neon_dotprod;
  t.name = "neon-dotprod";
  t.extends = Isa::neon;
  t.extensions = "Advanced SIMD (NEON) with dot products";
  t.halide_dots = "arm_dot_prod";
  t.dot_product = DotProduct::of_signed;
  t.only_for = Arithmetic::bytes;
  t.runtime_level = 1;
  return t;
}

}  // namespace

std::vector<Target> aarch64_targets() {
  return {neon_dotprod(), neon()};
}

}  // namespace cnnc
