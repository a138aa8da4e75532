// The processor that this process runs on. Each architecture has a file (host_x86_64.cpp), of which a build
// has the one that it is for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "target/target.h"

namespace cnnc {

// The best target of this machine for such a network, as the processor and the operating system allow; empty
// if it runs none.
std::optional<Isa> host_isa(Arithmetic arithmetic = Arithmetic::floats);

// What every machine of this architecture needs to run any library: the target that extends no other.
const Target& least_of_host();

bool runs_on_host(Isa isa);

// Whether the processor has a target that none of the best ones extends: AVX-VNNI beside AVX-512.
bool has_besides(Isa isa);

// As the processor calls itself: "AMD EPYC 9R14"; "" if it does not.
std::string processor_name();

// Loops by which a machine is measured, with a target's widest vectors.
struct Meters {
  // Multiplies and adds in registers (in one instruction, where the target has that), some ten microseconds
  // long; the floating-point operations that it made.
  double (*multiply_adds)();
  // Reads `floats`, a multiple of 128, in order from an address that is aligned to 64.
  void (*read)(const float* from, int64_t floats);
  // Sums products of bytes in registers, as the target's kernels of bytes with weights of 7 bits do, as long,
  // or, of a target for bfloat16, of these;
  // the operations that it made, two a product. Null where that was not written.
  double (*byte_products)() = nullptr;
};

// The target must be one that this machine runs; throws std::logic_error if it is of another architecture.
Meters meters_of(Isa isa);

}  // namespace cnnc
