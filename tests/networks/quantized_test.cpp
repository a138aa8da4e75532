// Random networks in bytes: each step of whole numbers has the bits of its definition, on each instruction set.
// CNNC_QUANTIZED_NETWORKS is their number for each of these; CNNC_SEED the first one's seed.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "networks/fault.h"
#include "networks/generator.h"
#include "networks/random_options.h"

namespace {

using namespace cnnc;

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Half of the networks have weights of 7 bits.
void check_networks(Isa isa) {
  if (!runs_here(isa)) return;
  const uint64_t count = number_from_environment("CNNC_QUANTIZED_NETWORKS", 12);
  const uint64_t first = number_from_environment("CNNC_SEED", 1);
  size_t integer_nodes = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const std::string text = joined(with_moderate_arguments(random_network(seed)));
    const std::string fault =
        fault_in_bytes(text, isa, seed % 2 ? 8 : 7, options_of(seed), {}, &integer_nodes);
    CHECK_MESSAGE(fault.empty(), "seed ", seed, ", ", to_string(isa), ": ", fault, "\n", text);
  }
  std::printf("%zu results of bytes, %s\n", integer_nodes, to_string(isa).c_str());
  CHECK(integer_nodes >= count);
}

}  // namespace

TEST_CASE("random networks of bytes are right (avx512vnni)") {
  check_networks(Isa::avx512vnni);
}
TEST_CASE("random networks of bytes are right (avx512)") {
  check_networks(Isa::avx512);
}
TEST_CASE("random networks of bytes are right (avx2)") {
  check_networks(Isa::avx2);
}
TEST_CASE("random networks of bytes are right (sse41)") {
  check_networks(Isa::sse41);
}
