#include "target/architectures.h"

namespace cnnc {

namespace {

Architecture architecture() {
  Architecture a;
  a.name = "wasm32";
  a.processor = "a WebAssembly engine";
  a.halide = "wasm-32";
  a.baseline_cpu = "generic";
  a.pointer_bits = 32;
  return a;
}

const Architecture kArchitecture = architecture();

// Of the machines that pages are looked at on: laptops and phones.
Memory memory() {
  Memory m;
  m.first_level = 32 << 10;
  m.second_level = 256 << 10;
  m.own = 512 << 10;
  m.shared = 4 << 20;
  m.from_second_level = 32;
  m.from_beyond = 8;
  m.from_memory = 4;
  m.bytes_per_second = 10e9;
  return m;
}

// Registers are the engine's affair: on x86-64 it has 16, of which V8 keeps one for itself.
Target wasm() {
  Target t;
  t.isa = Isa::wasm;
  t.name = "wasm";
  t.architecture = &kArchitecture;
  t.extensions = "128-bit SIMD";
  t.halide = "wasm_simd128";
  t.lanes = 4;
  t.registers = 16;
  t.cycles_per_second = 3e9;
  t.memory = memory();
  return t;
}

}  // namespace

std::vector<Target> wasm32_targets() {
  return {wasm()};
}

}  // namespace cnnc
