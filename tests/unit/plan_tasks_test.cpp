// Into how many tasks the work of a kernel is cut.
#include <doctest/doctest.h>

#include <algorithm>

#include "plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

TEST_CASE(
    "kernels with work enough have tasks, of at least the time that the options say; small ones have one") {
  const std::string text =
      "network n; input x 64x56x56; conv 64 3x3 pad 1; maxpool 2x2; global_avgpool; flatten";
  const auto tasks = [&](double seconds) {
    PlanOptions options;
    options.task_seconds = seconds;
    std::vector<int> result;
    for (const Kernel& kernel : make_plan(graph_of(text), target_for(Isa::avx512), options).kernels)
      result.push_back(kernel.tasks);
    return result;
  };
  const std::vector<int> usual = tasks(PlanOptions().task_seconds), fewer = tasks(1e-4), most = tasks(1e-12);
  CHECK(*std::max_element(usual.begin(), usual.end()) > 50);
  CHECK(usual.back() == 1);
  for (size_t i = 0; i < usual.size(); ++i) {
    CHECK(fewer[i] <= usual[i]);
    CHECK(most[i] == 256);
  }
}

TEST_CASE("a batch has the tasks of its images") {
  PlanOptions options;
  options.images = 8;
  const Graph graph = graph_of("network n; input x 16x28x28; conv 16 1x1");
  const Plan one = make_plan(graph, target_for(Isa::avx512)),
             batch = make_plan(graph, target_for(Isa::avx512), options);
  const auto most = [](const Plan& plan) {
    int tasks = 0;
    for (const Kernel& kernel : plan.kernels) tasks = std::max(tasks, kernel.tasks);
    return tasks;
  };
  CHECK(most(one) == 1);
  CHECK(most(batch) > 1);
}

TEST_CASE("a layer as small as LeNet-5's has no tasks") {
  for (const Isa isa : kIsas)
    for (const Kernel& kernel :
         plan_of("network n; input x 6x14x14; conv 16 5x5; maxpool 2x2; flatten; dense 120", isa).kernels)
      CHECK(kernel.tasks == 1);
}

TEST_CASE(
    "a dense layer with many weights has many tiles, so that threads can share it; one with few has not") {
  const auto tiles = [](const std::string& text) {
    const Plan plan = plan_of(text);
    const Kernel& dense = plan.kernels[plan.steps[0].kernel];
    return dense.output.planes();
  };
  CHECK(tiles("network n; input x 4096; dense 1000") >= 16);
  CHECK(tiles("network n; input x 4096; dense 4096") >= 16);
  CHECK(tiles("network n; input x 84; dense 100") == 1);
}
