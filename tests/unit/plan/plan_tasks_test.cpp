// Into how many tasks the work of a kernel is cut.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "passes/use_bfloat16.h"
#include "plan/choose/estimate_winograd_2d.h"
#include "plan/choose/tasks.h"
#include "plan/choose/winograd_tasks.h"
#include "unit/plan/plan_fixture.h"

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

TEST_CASE(
    "a convolution and the depthwise one behind it have a schedule where there are fewer rows than threads") {
  PlanOptions options;
  options.task_seconds = 1e-12;
  const Graph graph = graph_of("network n; input x 9x5x5; conv 7 1x1; conv 7 1x1 stride 3 groups 7");
  const Plan plan = make_plan(graph, target_for(Isa::avx2), options);
  CHECK(std::any_of(plan.kernels.begin(), plan.kernels.end(), [](const Kernel& kernel) {
    return kernel.family == "conv_and_depthwise" && kernel.tasks > 1;
  }));
}

TEST_CASE("weights of bfloat16 are estimated as half the bytes of floats") {
  const Graph graph = use_bfloat16(graph_of("network n; input x 1024x1x1; conv 1024 1x1 as it"));
  const Target& target = target_for(Isa::avx512bf16);
  const Plan plan = make_plan(graph, target, {});
  Kernel kernel = kernel_of(plan, "it");
  REQUIRE(kernel.family == "conv_bfloat16");
  const double of_halves = estimated_seconds(kernel, target);
  kernel.inputs[0].type = ElementType::float32;
  CHECK(estimated_seconds(kernel, target) == doctest::Approx(2 * of_halves).epsilon(0.01));
}

TEST_CASE("kernels are estimated by the bytes that their tensors and weights have") {
  const Target& target = target_for(Isa::avx512);
  Kernel copy;
  copy.family = "copy";
  copy.inputs = {plain_layout({64, 56, 56})};
  copy.output = plain_layout({64, 56, 56});
  Kernel of_bytes = copy;
  of_bytes.inputs[0].type = of_bytes.output.type = ElementType::uint8;
  CHECK(estimated_seconds(copy, target) == doctest::Approx(4 * estimated_seconds(of_bytes, target)));
  const auto seconds_of_dense = [&](ElementType weights) {
    PlanOptions options;
    options.weights_type = weights;
    return estimated_seconds(
        kernel_of(plan_of("network n; input x 1000; dense 1000", Isa::avx512, options), "dense1"), target);
  };
  const double floats = seconds_of_dense(ElementType::float32);
  CHECK(seconds_of_dense(ElementType::float16) == doctest::Approx(floats / 2).epsilon(0.01));
  CHECK(seconds_of_dense(ElementType::int8) == doctest::Approx(floats / 4).epsilon(0.02));
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

TEST_CASE("a layer as small as LeNet-5's has no tasks, unless vectors are short") {
  for (const Isa isa : {Isa::avx2, Isa::avx512})
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

namespace {

// The kernel of a 3x3 conv by Winograd's transform of whole filters; none if it is computed otherwise.
std::optional<Kernel> winograd_kernel(int64_t inputs, int64_t outputs, int64_t height, int64_t width,
                                      const PlanOptions& options = {}, Isa isa = Isa::avx512) {
  const std::string text = "network n; input x " + std::to_string(inputs) + "x" + std::to_string(height) +
                           "x" + std::to_string(width) + "; conv " + std::to_string(inputs) + " 1x1; conv " +
                           std::to_string(outputs) + " 3x3 pad 1; conv 16 1x1";
  for (const Kernel& kernel : plan_of(text, isa, options).kernels)
    if (kernel.family == "conv_winograd_2d") return kernel;
  return std::nullopt;
}

// Whether some pixel is stored by two blocks of tiles.
bool two_blocks_store_a_pixel(const Kernel& kernel) {
  const Winograd2d way = winograd_2d_of(kernel.schedule);
  const Layout& out = kernel.output;
  const int64_t m = way.outputs, across = (out.width + m - 1) / m, down = (out.height + m - 1) / m;
  std::map<std::pair<int64_t, int64_t>, std::set<int64_t>> blocks;
  for (int64_t tile = 0; tile < across * down; ++tile)
    for (int64_t pixel = 0; pixel < m * m; ++pixel)
      blocks[{std::min(tile / across * m, out.height - m) + pixel / m,
              std::min(tile % across * m, out.width - m) + pixel % m}]
          .insert(tile / way.tiles);
  return std::any_of(blocks.begin(), blocks.end(),
                     [](const auto& stored) { return stored.second.size() > 1; });
}

}  // namespace

TEST_CASE("a conv by Winograd's transform of few channels and large maps has blocks of tiles for tasks") {
  PlanOptions options;
  options.threads = 2;
  for (const int64_t channels : {16, 32, 64}) {
    const auto kernel = winograd_kernel(channels, channels, 64, 64, options);
    REQUIRE(kernel);
    CHECK(winograd_tasks(*kernel) == WinogradTasks::blocks);
    CHECK(kernel->scratch == 0);
    CHECK(kernel->own_scratch > 0);
    CHECK(kernel->scratch_places == 2);
  }
}

TEST_CASE("a library for one thread has one thread's scratch memory, and its plan says how much that is") {
  const Graph graph = graph_of("network n; input x 32x64x64; conv 32 3x3 pad 1; conv 32 3x3 pad 1");
  const auto plan_for = [&](int64_t threads) {
    PlanOptions options;
    options.threads = threads;
    return make_plan(graph, target_for(Isa::avx512), options);
  };
  const Plan one = plan_for(1), two = plan_for(2);
  int64_t floats = 0;
  for (const Kernel& kernel : one.kernels) {
    CHECK(kernel.scratch_places == (kernel.own_scratch > 0 ? 1 : 0));
    floats = std::max(floats, kernel.own_scratch);
  }
  REQUIRE(floats > 0);
  CHECK(one.scratch_bytes == 4 * floats);
  CHECK(two.scratch_bytes == 2 * one.scratch_bytes);
  CHECK(two.tensor_bytes == one.tensor_bytes);
  CHECK(one.workspace_bytes <= one.tensor_bytes + one.scratch_bytes + 128);
  CHECK(two.workspace_bytes - one.workspace_bytes == one.scratch_bytes);
}

TEST_CASE("blocks of tiles are divided among more than two threads, for which runs are to be fastest") {
  const auto blocks_for = [](int64_t threads) {
    PlanOptions options;
    options.threads = threads;
    const auto kernel = winograd_kernel(128, 128, 28, 28, options);
    REQUIRE(kernel);
    REQUIRE(winograd_tasks(*kernel) == WinogradTasks::blocks);
    const int64_t tiles = number(kernel->schedule, "tiles");
    return (7 * 7 + tiles - 1) / tiles;
  };
  CHECK(blocks_for(1) == 2);
  CHECK(blocks_for(2) == 2);
  CHECK(blocks_for(4) == 4);
  CHECK(blocks_for(8) >= 7);
}

TEST_CASE("one of many channels and small maps has output channels for tasks") {
  const auto kernel = winograd_kernel(512, 512, 14, 14);
  REQUIRE(kernel);
  CHECK(winograd_tasks(*kernel) == WinogradTasks::planes);
  CHECK(kernel->scratch == 0);
  CHECK(kernel->own_scratch > 0);
  CHECK(kernel->scratch_places == 1);
}

TEST_CASE("threads that a library is compiled for all have scratch memory, if there are as many tasks") {
  PlanOptions options;
  options.threads = 12;
  CHECK(winograd_kernel(512, 512, 14, 14, options)->scratch_places == 12);
  options.threads = 1000;
  const auto kernel = winograd_kernel(512, 512, 14, 14, options);
  CHECK(kernel->scratch_places == 512 / 16 / number(kernel->schedule, "planes"));
}

TEST_CASE("one that is too small to be shared out has the scratch memory of one thread") {
  PlanOptions options;
  options.task_seconds = 1;
  const auto kernel = winograd_kernel(64, 64, 56, 56, options);
  REQUIRE(kernel);
  CHECK(winograd_tasks(*kernel) == WinogradTasks::none);
  CHECK(kernel->scratch > 0);
  CHECK(kernel->own_scratch == 0);
}

TEST_CASE("no two tasks of a conv by Winograd's transform store the same pixel, whatever the map's size") {
  PlanOptions options;
  options.task_seconds = 1e-9;
  int blocks = 0, others = 0;
  for (int64_t height = 24; height < 62; height += 3)
    for (int64_t width = 24; width < 99; width += 2) {
      CAPTURE(height);
      CAPTURE(width);
      const auto kernel = winograd_kernel(64, 32, height, width, options);
      if (!kernel) continue;
      if (winograd_tasks(*kernel) == WinogradTasks::blocks) {
        ++blocks;
        CHECK(!two_blocks_store_a_pixel(*kernel));
      } else {
        ++others;
      }
    }
  CHECK(blocks > 50);
  CHECK(others > 0);
}

TEST_CASE("threads' scratch memory is one buffer for all kernels, with room for each kernel's threads") {
  const Plan plan = plan_of(
      "network n; input x 16x64x64; conv 16 3x3 pad 1; conv 64 3x3 pad 1; conv 64 3x3 pad 1; maxpool 4x4; "
      "conv 256 3x3 "
      "pad 1; conv 256 3x3 pad 1");
  std::set<int> buffers;
  for (const Step& step : plan.steps) {
    const Kernel& kernel = plan.kernels[static_cast<size_t>(step.kernel)];
    if (kernel.own_scratch == 0) continue;
    buffers.insert(step.scratch);
    CHECK(plan.own_scratch >= kernel.own_scratch);
    CHECK(plan.buffers[static_cast<size_t>(step.scratch)].layout.elements() >=
          plan.own_scratch * kernel.scratch_places);
  }
  CHECK(buffers.size() == 1);
}
