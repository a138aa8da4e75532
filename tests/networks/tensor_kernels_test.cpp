// Kernels of tensors of any rank whose sums have terms that do not depend on the place: of one place, or
// repeated.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "networks/fault.h"

namespace {

using namespace cnnc;

const std::vector<std::string> kBodies = {
    "input x 4x1\ndense 3",
    "input x 4x1\ndense 1 bias off",
    "input x 5x1\nrelu as a\npermute 1 0 as b\nfrom a\nmatmul with b",
    "input x 1x5\nrelu as a\npermute 1 0 as b\nfrom a\nmatmul with b",
    "input x 1x6\nsoftmax along 0",
    "input x 1x6\nlog_softmax along 1",
    "input x 3x1x5\nreduce_sum 1",
    "input x 1x1x2x3\nreduce_mean 0 1",
};

// Repeated along the axis that is summed over: all terms are the same.
const std::vector<std::string> kRepeated = {
    "input x 1x5\nrelu as a\nexpand 3x5\nreduce_sum 0",
    "input x 2x1\nexpand 2x40\nreduce_product 1",
    "input x 2x1\nexpand 2x37\nreduce_sum 0 1",
    "input x 4x1\nexpand 4x6 as a\npermute 1 0 as b\nfrom a\nmatmul with b",
    "input x 1x6\nexpand 3x6\nsoftmax along 0",
    "input x 3x1\nexpand 3x7\ndense 2",
};

}  // namespace

TEST_CASE("sums over one place, and over what is repeated, are right") {
  for (const Isa isa : {Isa::avx512, Isa::avx2, Isa::sse41}) {
    if (!runs_here(isa)) continue;
    std::vector<std::string> bodies = kBodies;
    bodies.insert(bodies.end(), kRepeated.begin(), kRepeated.end());
    for (const std::string& body : bodies) {
      const std::string fault = fault_of(fmt::format("network sums\n{}\noutput as y\n", body), isa, {});
      CHECK_MESSAGE(fault.empty(), to_string(isa), ": ", fault, "\n", body);
    }
  }
}
