// Networks that pass the errors of their first layers on strongly, and yet are right.
#include <doctest/doctest.h>

#include "networks/fault.h"
#include "target/host.h"

using namespace cnnc;

namespace {

std::string fault_here(const std::string& text, const InputRange& range, const PlanOptions& options = {}) {
  return fault_of(text, host_isa().value_or(Isa::sse41), options, range);
}

}  // namespace

// x s - t is within 2^-12 of -1; its rounding, 2^-24, is much of what is left without the -1. Its mean is
// taken from it: |x| = -x of what is negative.
TEST_CASE("what is left of a first layer that scales and shifts may be off by more than the usual") {
  const std::string text =
      "network n; input x 3x9x9; batchnorm as normalised; avgpool 3x3 stride 1 pad 1 include_pad off;"
      "leaky_relu slope (-1); add with normalised";
  CHECK(fault_here(text, {0, 1, 4096, 4096}) == "");
  CHECK(fault_here(text + "; conv 8 3x3 pad 1; relu; conv 8 3x3 pad 1", {0, 1, 4096, 4096}) == "");
  PlanOptions direct;
  direct.allow_winograd = false;
  CHECK(fault_here(text + "; conv 8 3x3 pad 1; relu; conv 8 3x3 pad 1", {0, 1, 4096, 4096}, direct) == "");
}

// What is near -1, less its means: nothing errs but these. Of two such outputs one is computed.
TEST_CASE("layers of one value err alike, one of them behind a dropout") {
  const std::string difference =
      "avgpool 3x3 stride 1 pad 1 include_pad off; leaky_relu slope (-1); add with x";
  CHECK(fault_here("network n; input x 3x9x9;" + difference + "; output as one; from x; dropout;" +
                       difference + "; output as other",
                   {-1, 0x1p-16f}) == "");
}

TEST_CASE("a shift that is folded into a conv whose channels were shuffled and shuffled back") {
  CHECK(fault_here("network n; input x 64x7x7; conv 8 3x3; channel_shuffle 2; channel_shuffle 4;"
                   "batchnorm as normalised",
                   {0, 1, 1e5f, 1}) == "");
}
