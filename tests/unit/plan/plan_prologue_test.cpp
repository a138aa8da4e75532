// Which kernels compute the batchnorm that they read, and what else is theirs then.
#include <doctest/doctest.h>

#include "plan/choose/space.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Names = std::vector<std::string>;

// Of 64 channels x 56 x 56, which a pool has made: no conv takes the batchnorm behind it.
Plan plan_behind_pool(const std::string& text, const PlanOptions& options = {}) {
  return plan_of("input x 3x56x56; conv 64 3x3 pad 1; maxpool 3x3 stride 1 pad 1 as p; " + text, Isa::avx512,
                 options);
}

bool has_it(const std::string& text) {
  return find_prologue(kernel_of(plan_behind_pool(text), "c")) != nullptr;
}

const Step& step_of(const Plan& plan, std::string_view name) {
  return *std::find_if(plan.steps.begin(), plan.steps.end(),
                       [&](const Step& step) { return step.name == name; });
}

}  // namespace

TEST_CASE("a 1x1 conv's kernel computes the batchnorm and the activations that it alone reads") {
  const Plan plan = plan_behind_pool("batchnorm as b; relu as r; conv 128 1x1 as c");
  const Step& step = step_of(plan, "c");
  CHECK(step.covers == Names{"b", "r", "c"});
  REQUIRE(step.inputs.size() == 1);
  CHECK(plan.buffers[step.inputs[0]].name == "p");
  const Kernel& kernel = plan.kernels[step.kernel];
  CHECK(kernel.family == "conv_blocked");
  CHECK(kernel.constants == std::vector<int64_t>{64 * 128, 128, 64, 64});
  CHECK(own_constants(kernel) == 2);
  CHECK(plan.constants[step.constants[2]].name == "r.scale");
  CHECK(plan.constants[step.constants[3]].name == "r.shift");
  REQUIRE(find_prologue(kernel));
  CHECK(find_prologue(kernel)->activations == std::vector<EpilogueStep>{{"relu", {}, -1}});
  CHECK(problem_of(kernel) ==
        "conv 64x56x56/16 -> 128x56x56/16 filter 1x1 stride 1x1 pad 0,0,0,0 of batchnorm");
}

TEST_CASE("a batchnorm stays a step of its own where it is not one conv of single taps that reads it") {
  CHECK(has_it("batchnorm; conv 128 1x1 bias off as c"));
  CHECK(has_it("batchnorm; relu; conv 128 1x1 stride 2 as c"));
  CHECK(has_it("residual { batchnorm; relu; conv 64 1x1 }; relu as c"));
  CHECK_FALSE(has_it("batchnorm; relu; conv 128 3x3 pad 1 as c"));
  CHECK_FALSE(has_it("batchnorm; relu; conv 128 1x1 pad 1 as c"));
  CHECK_FALSE(has_it("batchnorm; relu; conv 128 1x1 groups 2 as c"));
  CHECK_FALSE(has_it("batchnorm; relu; conv 2 1x1 as c"));  // conv_few_outputs
  CHECK_FALSE(has_it("batchnorm; relu; residual { conv 64 1x1 } as c"));
  CHECK_FALSE(has_it("batchnorm; relu as r; conv 128 1x1 as c; output as o; from r; output as q"));
  CHECK_FALSE(has_it("batchnorm; relu; add with p; conv 128 1x1 as c"));
  // A small map, whose weights would be read again for each row.
  CHECK_FALSE(has_it("maxpool 8x8; batchnorm; relu; conv 512 1x1 as c"));
  // The caller's tensor has no blocks of channels.
  CHECK_FALSE(find_prologue(kernel_of(plan_of("input x 64x56x56; batchnorm; relu; conv 128 1x1 as c"), "c")));
}

TEST_CASE("a pool's kernel computes the batchnorm where it reads each pixel once") {
  CHECK(has_it("batchnorm; relu; avgpool 2x2 as c"));
  CHECK(has_it("batchnorm; relu; maxpool 2x2 stride 3 as c"));
  CHECK(has_it("batchnorm; relu; global_avgpool as c"));
  CHECK_FALSE(has_it("batchnorm; relu; maxpool 3x3 stride 2 as c"));
  CHECK_FALSE(has_it("batchnorm; relu; avgpool 2x2 pad 1 as c"));
  CHECK_FALSE(has_it("batchnorm; relu; maxpool 5x5 ceil on as c"));
}

TEST_CASE("a step does not compute a batchnorm by a strategy, or on the other side of a batch's cut") {
  const std::string text = "batchnorm; relu as r; conv 128 1x1 as c";
  PlanOptions options;
  options.strategy = "halide-default";
  CHECK_FALSE(find_prologue(kernel_of(plan_behind_pool(text, options), "c")));
  options = {};
  options.images = 2;
  for (const int64_t cut : {0, 3, 4, 5}) {  // nodes before: x, conv, p; r; c
    options.cut = cut;
    CHECK((find_prologue(kernel_of(plan_behind_pool(text, options), "c")) != nullptr) == (cut != 4));
  }
}

TEST_CASE("a tile that a kernel prepares its input for stays on the stack, with all its channels") {
  for (const Isa isa : kIsas) {
    Kernel kernel = kernel_of(plan_behind_pool("batchnorm; relu; conv 128 1x1 as c"), "c");
    for (const int64_t channels : {16, 64, 1000, 5000}) {
      kernel.inputs[0].channels = channels;
      kernel.schedule.clear();
      const std::vector<Schedule> schedules = schedules_of(kernel, target_for(isa));
      REQUIRE_FALSE(schedules.empty());
      for (const Schedule& schedule : schedules) {
        CHECK(number(schedule, "chunk") == 0);
        CHECK(number(schedule, "rows_outer") == 1);
        CHECK(channels * number(schedule, "x") * number(schedule, "y") * 4 <= 96 << 10);
      }
    }
  }
}
