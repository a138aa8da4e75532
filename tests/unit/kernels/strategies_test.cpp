#include "kernels/strategies.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "emit/library/library.h"
#include "emit/library/symbols.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

constexpr const char* kText =
    "network net\ninput x 16x12x12\nconv 32 3x3 pad 1\nmaxpool 2x2\nflatten\ndense 10\n";

PlanOptions by(const std::string& strategy) {
  PlanOptions options;
  options.strategy = strategy;
  return options;
}

}  // namespace

TEST_CASE("a strategy is for the kernels that have a choice, and by the convolution's definition") {
  const std::vector<std::string> families = families_of(plan_of(kText, Isa::avx2, by("naive")));
  CHECK(std::count(families.begin(), families.end(), "conv_blocked") == 1);
  for (const Kernel& kernel : plan_of(kText, Isa::avx2, by("naive")).kernels) {
    const bool has_choice = kernel.family == "conv_blocked" || kernel.family == "dense";
    CHECK(kernel.strategy == (has_choice ? "naive" : ""));
  }
  const std::vector<std::string> ours = families_of(plan_of(kText, Isa::avx2, by("")));
  CHECK(std::count(ours.begin(), ours.end(), "conv_blocked") == 0);  // else the test would show nothing
}

TEST_CASE("a library cannot have kernels by a strategy") {
  CHECK_THROWS_WITH(emit_library(plans_of(plan_of(kText, Isa::avx2, by("naive"))), {}),
                    "kernels by 'naive' are for comparison; a library cannot have them");
}

TEST_CASE("a plugin that is missing is told, with the package that has it") {
  CHECK_THROWS_WITH(
      require_plugin("adams2019", "/nowhere"),
      "the schedule 'adams2019' is made by Halide's plugin libautoschedule_adams2019.so, which is not where "
      "it was when cnnc was built, or was not there at all; Debian has it in the package "
      "libhalide14-0-dev (12) or libhalide19-dev (13)");
  require_plugin("naive", "/nowhere");
  require_plugin("default", "/nowhere");
}

TEST_CASE("a kernel that takes longer than it has is a timeout, and others are done") {
  const Plan plan = plan_of("network net\ninput x 3x4x4\nrelu\n", Isa::sse41);
  CHECK(try_kernels(plan, {0}, symbols_of(plan).kernels, {1}, 0).at(0).kind == Outcome::Kind::timeout);
  CHECK(try_kernels(plan, {0}, symbols_of(plan).kernels, {1}, 600).at(0).ok());
  CHECK(try_kernels(plan, {}, symbols_of(plan).kernels, {1}, 0).empty());
}
