// Kernels by Halide's default and by its autoschedulers compute what ours do, on awkward shapes.
#include "kernels/strategies.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "emit/kernels/kernel_code.h"
#include "networks/fault.h"

namespace {

using namespace cnnc;

PlanOptions by(const std::string& strategy, int threads = 1) {
  PlanOptions options;
  options.strategy = strategy;
  options.strategy_threads = threads;
  return options;
}

// A conv on a plain and on a blocked tensor, with each kind of edge, in groups or not; transposed; dense.
const std::vector<std::string> kNetworks = {
    "input x 1x13x17; conv 6 5x5 pad 2; relu; maxpool 2x2; conv 16 3x3; flatten; dense 12; relu; dense 7",
    "input x 3x7x9; conv 17 3x3 pad 1; relu; conv 33 3x3 stride 2 pad same; tanh; conv 5 1x1",
    "input x 7x3x1; conv 33 2x1 stride 2; conv 1 1x1",
    "input x 3x9x8; conv 16 3x3 dilation 2x3 pad 1 2 3 0 as c; conv 16 3x3 pad 1; add with c; relu",
    "input x 6x7x5; conv 12 3x3 groups 6; conv 12 3x3 groups 2 pad 1; conv 12 3x3 groups 12 pad 1",
    "input x 3x5x7; upconv 17 2x2 stride 2; upconv 5 3x3 stride 2 pad 1 output_pad 1; relu",
    "input x 31; dense 17; tanh; dense 129",
};

void check(const std::vector<std::string>& networks, const PlanOptions& options, Isa isa) {
  if (!runs_here(isa)) return;
  for (const std::string& network : networks) {
    const std::string fault = fault_of("network net\n" + network + "\n", isa, options);
    CHECK_MESSAGE(fault.empty(), to_string(isa), ": ", fault, "\n", network);
  }
}

bool is_here(const std::string& strategy) {
  try {
    require_plugin(strategy);
    return true;
  } catch (const std::runtime_error& error) {
    std::printf("SKIPPED: this machine cannot: %s\n", error.what());
    return false;
  }
}

}  // namespace

TEST_CASE("naive kernels are right (avx512)") {
  check(kNetworks, by("naive"), Isa::avx512);
}
TEST_CASE("naive kernels are right (avx2)") {
  check(kNetworks, by("naive"), Isa::avx2);
}
TEST_CASE("naive kernels are right (sse41)") {
  check(kNetworks, by("naive"), Isa::sse41);
}

TEST_CASE("naive kernels of bytes are right, and not by our schedules") {
  for (const size_t n : {0, 4, 6}) {
    const Graph graph = in_bytes("network net\n" + kNetworks[n] + "\n", 8);
    for (const Isa isa : {Isa::avx512vnni, Isa::avx2})
      if (runs_here(isa)) CHECK(fault_in_bytes(graph, isa, by("naive")) == "");
    const Target& target = target_for(Isa::avx512vnni);
    for (const Kernel& kernel : make_plan(graph, target, by("naive")).kernels) {
      if (kernel.strategy.empty()) continue;
      const std::string code = kernel_code(kernel, target, "kernel", KernelForm::assembly);
      CHECK_MESSAGE(code.find("vpdp") == std::string::npos, kernel.family);
    }
  }
}

TEST_CASE("naive kernels are right for a batch") {
  PlanOptions options = by("naive");
  options.images = 3;
  check({kNetworks[0], kNetworks[4]}, options, Isa::avx2);
}

TEST_CASE("kernels by autoschedulers are right, for one thread and for several") {
  for (const char* strategy : {"mullapudi2016", "li2018", "adams2019"}) {
    if (!is_here(strategy)) continue;
    check({kNetworks[0], kNetworks[3]}, by(strategy), Isa::avx2);
    // For several threads li2018 has updates of dense layers that Halide 14 cannot compile.
    if (strategy != std::string("li2018")) check({kNetworks[0], kNetworks[3]}, by(strategy, 4), Isa::avx2);
  }
}
