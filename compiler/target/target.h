// What libraries are made for. A target is a row of data, and each architecture has a file of rows
// (x86_64.cpp, aarch64.cpp, wasm32.cpp). What any stage wants to know of a target is a field here: none asks
// which one it is.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "target/system.h"

namespace cnnc {

// The key of a row. Its numbers are the order in which a file of records lists targets, and say nothing else:
// which target runs on which is not a matter of greater and less.
enum class Isa { sse41, avx2, avx512, avx512vnni, neon, neon_dotprod, avx512bf16, avxvnni, wasm };
bool operator<(Isa, Isa) = delete;
bool operator<=(Isa, Isa) = delete;
bool operator>(Isa, Isa) = delete;
bool operator>=(Isa, Isa) = delete;

// How a target sums products of four unsigned bytes with four signed ones into 32 bits.
enum class DotProduct {
  none,         // by whatever Halide makes of the sum
  words,        // products of bytes that are widened to words or, where no sum of two can saturate, of bytes
  instruction,  // in one instruction (VPDPBUSD)
  of_signed,    // in one instruction of signed bytes alone (SDOT): see bytes_begin_at()
};

// So many of each: bytes of a pixel that a dot product sums, and weights of an output next to each other.
constexpr int kDotBytes = 4;
// The same of bfloat16.
constexpr int kDotHalves = 2;

// What a network is computed in besides floats: a quantised one in bytes, one of less precision in bfloat16.
enum class Arithmetic { floats, bytes, bf16 };

// What all targets of an architecture have in common.
struct Architecture {
  const char* name = "";  // GNU's: "x86_64"; the runtime of its libraries goes by it (runtime/embedded.h)
  const char* processor = "";     // as a generated header calls it: "an x86-64 processor"
  const char* halide = "";        // as Halide::Target begins with it: "x86-64"
  const char* baseline_cpu = "";  // LLVM's name of the processor that has nothing but the architecture; all
                                  // generated code but the kernels is for this one
  // e_machine of <elf.h>, and Microsoft's IMAGE_FILE_MACHINE_…; 0: no system has such objects of it.
  uint16_t elf_machine = 0, coff_machine = 0;
  int pointer_bits = 64;
  const char* microsoft_macro = "";  // that Microsoft's compiler for it defines, if there is one
  const char* apple = "";            // Apple's name of it; none: there are no Macs of it
  // cputype and cpusubtype of <mach/machine.h>.
  uint32_t macho_cpu = 0, macho_subtype = 0;
};

// Of one core, as the estimates of plan/ assume it. What else stands there as a number belongs to the code
// that a family makes.
struct Memory {
  double first_level = 0;        // bytes of the first-level cache that are sure to be free
  double second_level = 0;       // the same of the second
  double own = 0;                // bytes that can be counted on in all caches of the core alone
  double shared = 0;             // and in those that it shares
  double from_second_level = 0;  // bytes a cycle from the second-level cache
  double from_beyond = 0;        // from a shared one
  double from_memory = 0;        // from main memory
  double bytes_per_second = 0;   // from main memory, as time
  // Bytes that come into the second level together, from where such a multiple begins; 1: estimates take them
  // as if they came one by one.
  int64_t fetched = 1;
};

struct Target {
  Isa isa = {};
  const char* name = "";  // in options, records, messages
  const Architecture* architecture = nullptr;
  const System* system = nullptr;  // of a row, the default of the architecture; see on_system()
  std::optional<Isa> extends;      // what is made for that one runs here too, and so on from there
  const char* extensions = "";     // of the architecture, as a person writes them: "AVX2, FMA and F16C"
  const char* halide = "";         // the features, as Halide::Target reads them
  // The same of kernels with dot products; empty: `halide` says all. And LLVM's features of these, which are
  // then all that they use, where what Halide makes of dot products is to be replaced.
  const char *halide_dots = "", *dot_features = "";
  DotProduct dot_product = DotProduct::none;
  bool packs_bytes = false;  // floats become bytes by four vectors at a time (PACKSSDW, PACKUSWB)
  // Sums products of two pairs of bfloat16 in one instruction (VDPBF16PS); others make floats of them.
  bool has_bf16_products = false;
  // Differs from the target that it extends in kernels of this arithmetic alone: for other networks there is
  // no use in it.
  std::optional<Arithmetic> only_for;
  int runtime_level = 0;  // what a library passes to cnnc_rt_cpu_supports (runtime/cnnc_rt.h)
  int lanes = 0;          // floats in a vector
  int registers = 0;      // that hold a vector
  int parts = 1;          // registers of the machine that together are one of these; see with_vectors()
  bool has_fma = false;   // multiply and add are one instruction
  bool folds_broadcast = false;   // and one operand of it an element in memory, for all lanes
  bool takes_element = false;     // or one operand an element of a register, for all lanes
  bool broadcasts_pairs = false;  // one load puts two neighbouring elements into all lanes in turn
  double cycles_per_second = 0;   // as the estimates of plan/ assume it
  double cycles_of_sum = 5;       // from one multiply-add into a register to the next, as measured in loops
  double cost_of_row = 0.02;      // what each further row of a register tile adds to the time of its loop
  Memory memory;

  friend bool operator==(const Target& a, const Target& b) { return a.isa == b.isa; }
};

// Of each architecture the best first.
const std::vector<Target>& all_targets();

// Throws std::logic_error if there is no such row.
const Target& target_for(Isa isa);

// The same for another system. Throws std::logic_error where that has no such architecture.
Target on_system(const Target& target, const System& system);

// LLVM's name of what the target's code is for: "x86_64-unknown-linux-gnu".
std::string triple_of(const Target& target);

// The C compiler of the runtime of its libraries, and Debian's package of it: "aarch64-linux-gnu-gcc",
// "gcc-aarch64-linux-gnu".
std::string compiler_for(const Target& target);
std::string package_of_compiler_for(const Target& target);

// The name as a part of identifiers: "neon_dotprod".
std::string identifier_of(const Target& target);

// "avx512"; the reverse is empty for an unknown name.
std::string to_string(Isa isa);
std::optional<Isa> parse_isa(std::string_view name);

// In the order of all_targets().
std::vector<std::string> target_names();

// The targets of an architecture for such a network, in the order of all_targets(): a library for all of them
// is portable.
std::vector<Isa> targets_of(const Architecture& architecture, Arithmetic arithmetic = Arithmetic::floats);

// Whether a processor of `machine` runs what is made for `isa`.
bool runs_on(Isa isa, Isa machine);

// The target as a kernel sees it whose vectors have `lanes` floats, a multiple of its own: several registers
// of the machine count as one. Of no more lanes than it has, the target itself.
Target with_vectors(const Target& target, int64_t lanes);

// Registers for sums: what weights and inputs leave.
int64_t accumulators(const Target& target);

// What dot products of the target take for 0 in a tensor of bytes: 128 where they are of signed bytes, so
// that a kernel takes that away of each byte, and its share of the sum is in the bias.
int bytes_begin_at(const Target& target);

// The lanes of the target's vector, halved until they are at most `size` (at least 1).
int largest_vector(const Target& target, int64_t size);

}  // namespace cnnc
