// Every schedule of a kernel computes the same: some of all, on awkward shapes, against each layer's
// definition.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "networks/fault.h"
#include "networks/thorough.h"
#include "passes/passes.h"
#include "plan/choose/space.h"
#include "target/host.h"

namespace {

using namespace cnnc;

// Convolutions, depthwise ones, an upconv and dense layers whose kernels have many schedules.
const std::vector<std::string> kTexts = {
    "input i 3x14x14; conv 64 1x1; conv 32 3x3 pad 1; relu; conv 96 1x1; conv 48 3x3 stride 2 pad 1; conv 64 "
    "3x3",
    "input i 5x7x7; conv 48 3x3 pad 1; conv 64 1x1; relu as a; conv 32 1x1; conv 64 3x3 pad 1; add with a; "
    "relu",
    "input i 16x13x11; conv 80 1x1; conv 40 5x5 pad 2; conv 33 3x3 pad 1; conv 48 3x3 pad 1 groups 3",
    "input i 7x9x17; conv 48 1x1; conv 48 3x3 pad 1 groups 48; relu6; conv 24 1x1; upconv 16 2x2 stride 2",
    "input i 3x97x84; conv 20 1x1; conv 36 1x1; relu6; conv 36 3x3 stride 2 pad 1 groups 36; global_avgpool",
    "input i 3x13x11; conv 44 1x1; maxpool 3x3 stride 1 pad 1; batchnorm; relu; conv 72 1x1; maxpool 3x3 "
    "stride 1 "
    "pad 1; batchnorm; conv 36 1x1 stride 2",
    "input i 1x20x20; conv 6 5x5; tanh; maxpool 2x2; conv 16 5x5; relu; flatten; dense 70; relu; dense 33",
};

Plan plan_of(const std::string& text, Isa isa, const PlanOptions& options) {
  return make_plan(optimise(*graph_of(text)), target_for(isa), options);
}

// For each problem one of its algorithms with one of its schedules.
Choices random_choices(const Plan& plan, std::mt19937& random) {
  const auto one_of = [&](const auto& list) { return list[random() % list.size()]; };
  Choices choices;
  for (Kernel kernel : plan.kernels) {
    if (!space_of(kernel.family)) continue;
    const Choice algorithm = one_of(algorithms_of(kernel, plan.target));
    kernel.family = algorithm.family;
    kernel.schedule = algorithm.schedule;
    if (const auto schedules = schedules_of(kernel, plan.target); !schedules.empty())
      choices[problem_of(kernel)] = {kernel.family, one_of(schedules)};
  }
  return choices;
}

void check(Isa isa) {
  if (!runs_here(isa)) return;
  std::mt19937 random(5);
  std::map<std::string, int> families;
  size_t chosen = 0, ignored = 0, prologues = 0;
  for (size_t t = 0; t < kTexts.size(); ++t)
    for (int round = 0; round < 4; ++round) {
      // The campaign tries all, others two of the four: AVX2 the ones that AVX-512 and SSE4.1 do not.
      const bool is_my_turn = (t + static_cast<size_t>(round / 2)) % 2 == (isa == Isa::avx2);
      if (!is_my_turn && !is_thorough()) continue;
      const std::string& line = kTexts[t];
      const std::string text = "network schedules\n" + line;
      PlanOptions options = round % 2 == 0 ? PlanOptions{} : many_tasks();
      options.images = round == 3 ? 3 : 1;
      options.choices = random_choices(plan_of(text, isa, options), random);
      const Plan plan = plan_of(text, isa, options);
      // Few do not fit, since a kernel of another family may be shared out among threads.
      chosen += options.choices.size();
      ignored += plan.ignored_choices.size();
      for (const Kernel& kernel : plan.kernels) {
        ++families[kernel.family];
        if (find_prologue(kernel)) ++prologues;
      }
      const std::string fault = fault_of(text, isa, options);
      CHECK_MESSAGE(fault.empty(), to_string(isa), ": ", fault, "\n", text, "\n", to_string(plan));
    }
  CHECK(4 * ignored < chosen);
  CHECK(prologues > 0);
  for (const char* family :
       {"conv_blocked", "conv_winograd", "conv_winograd_2d", "conv_depthwise", "conv_and_depthwise", "dense"})
    CHECK_MESSAGE(families[family] > 0, family);
}

}  // namespace

TEST_CASE("any schedule computes what the layer is (avx512)") {
  check(Isa::avx512);
}
TEST_CASE("any schedule computes what the layer is (avx2)") {
  check(Isa::avx2);
}
TEST_CASE("any schedule computes what the layer is (sse41)") {
  check(Isa::sse41);
}

// Odd numbers of input channels and of half vectors of outputs, an operand, strides, batches, threads.
TEST_CASE("a conv that sums pairs of channels computes what it is") {
  const Isa isa = *host_isa();
  const std::string lanes = isa == Isa::avx512 ? "24" : "12";
  for (const std::string& layers : {
           "input i 16x9x13; conv 33 1x1; conv " + lanes + " 1x1 as a; conv 48 1x1; conv " + lanes +
               " 1x1; add with a; relu6",
           "input i 16x9x15; conv 48 1x1; relu; conv " + lanes +
               " 3x3 stride 2 pad 1; relu; conv 16 1x1; conv 40 1x1",
       })
    for (const int64_t images : {1, 3}) {
      const std::string text = "network pairs\n" + layers;
      PlanOptions options = many_tasks();
      options.images = images;
      const std::string fault = fault_of(text, isa, options);
      CHECK_MESSAGE(fault.empty(), fault, "\n", text);
      const Plan plan = plan_of(text, isa, options);
      if (isa == Isa::avx512)
        CHECK(std::count_if(plan.kernels.begin(), plan.kernels.end(),
                            [](const Kernel& kernel) { return kernel.family == "conv_pairs"; }) >= 2);
    }
}

// Of all rows, of few, of one or two at a time; what a band needs of its neighbours' rows, and zeros beyond
// the map.
TEST_CASE("a convolution and the depthwise one behind it are right in any bands") {
  for (const std::string depthwise :
       {"conv 64 3x3 stride 2 pad 1 groups 64", "conv 64 5x5 pad 2 groups 64"}) {
    const std::string text = "network bands\ninput i 16x66x66; conv 64 1x1; relu; " + depthwise + "; relu6";
    const Isa isa = *host_isa();
    Kernel kernel = plan_of(text, isa, {}).kernels.at(0);
    for (const Kernel& k : plan_of(text, isa, {}).kernels)
      if (k.family == "conv_and_depthwise") kernel = k;
    REQUIRE(kernel.family == "conv_and_depthwise");
    for (const int64_t band : {kernel.output.height, kernel.output.height / 3, int64_t{2}, int64_t{1}})
      for (const int64_t y : {1, 2}) {
        kernel.schedule = {{"band", band}, {"y", y}, {"blocks", 2 / y}};
        if (!complete_schedule(kernel, target_for(isa))) continue;
        PlanOptions options;
        options.choices[problem_of(kernel)] = choice_of(kernel);
        const std::string fault = fault_of(text, isa, options);
        CHECK_MESSAGE(fault.empty(), fault, "\n", text, "\n", to_string(kernel.schedule));
      }
  }
}
