// Which kernel a convolution becomes, and with which numbers.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "plan/choose/choose_winograd.h"
#include "plan/choose/few_outputs.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

TEST_CASE("a conv's kernel is chosen by its groups, filter and layout") {
  const auto family = [](const std::string& layer) {
    return kernel_of(plan_of("input x 32x8x8; conv 32 1x1; " + layer + " as c"), "c").family;
  };
  CHECK(family("conv 32 1x1") == "conv_blocked");
  CHECK(family("conv 32 3x3 pad 1 stride 2") == "conv_blocked");
  CHECK(family("conv 32 3x3 pad 2 dilation 2") == "conv_blocked");
  CHECK(family("conv 32 3x3 pad 1 groups 2") == "conv_blocked");
  CHECK(family("conv 64 3x3 pad 1 groups 32") == "conv_blocked");  // two filters a channel
  CHECK(family("maxpool 2x2; conv 32 3x3 pad 1 groups 32") == "conv_depthwise");
  CHECK(family("conv 32 3x3 pad 1") == "conv_winograd");
  CHECK(kernel_of(plan_of("input x 32x20x20; conv 32 1x1; conv 32 3x3 pad 1 as c"), "c").family ==
        "conv_winograd_2d");
  CHECK(family("conv 32 3x5 pad 1x2") == "conv_winograd");
  CHECK(family("conv 2 3x3 pad 1") == "conv_few_outputs");
  CHECK(family("conv 32 5x5 pad 2") == "conv_winograd");
  CHECK(family("conv 32 7x7 pad 3") == "conv_blocked");
  CHECK(kernel_of(plan_of("input x 1x28x28; conv 6 1x1 as c"), "c").family == "conv_planar");
}

TEST_CASE("a depthwise conv's kernel computes no conv of half a vector: conv_pairs takes half as long") {
  const auto family = [](int64_t channels) {
    return kernel_of(plan_of(fmt::format("input x 3x256x256; conv 32 1x1; conv {0} 1x1; relu\n"
                                         "conv {0} 3x3 pad 1 groups {0} as d",
                                         channels)),
                     "d")
        .family;
  };
  CHECK(family(8) == "conv_depthwise");
  CHECK(family(9) == "conv_and_depthwise");
}

TEST_CASE("convs and upconvs of blocked maps to few planes add up the lanes of whole vectors of pixels") {
  const auto kernel = [](const std::string& layer, Isa isa = Isa::avx512) {
    return kernel_of(plan_of("input x 32x8x33; conv 32 1x1; " + layer + " as c", isa), "c");
  };
  CHECK(kernel("conv 4 3x3 pad 1").family == "conv_few_outputs");
  CHECK(kernel("upconv 1 2x2 stride 2").family == "conv_few_outputs");
  CHECK(kernel("upconv 1 2x2 stride 2").output.block == 1);
  CHECK(kernel("upconv 5 2x2 stride 2").family == "conv_blocked");
  const auto tile = [&](const std::string& layer, Isa isa) {
    return few_outputs_tile(kernel(layer, isa).output, target_for(isa));
  };
  CHECK(tile("conv 1 1x1", Isa::avx512) == 16);
  CHECK(tile("conv 3 1x1", Isa::avx512) == 8);
  CHECK(tile("conv 4 1x1", Isa::avx512) == 4);
  CHECK(tile("conv 2 1x1", Isa::avx2) == 4);
  CHECK(tile("conv 1 1x1", Isa::sse41) == 4);
}

TEST_CASE("a conv of few channels to few has no transform of mostly padding") {
  const Plan plan =
      plan_of("input x 16x14x14; conv 16 1x1 as a; slice 0 3 as s; conv 1 5x5 as c; conv 16 1x1", Isa::avx512,
              PlanOptions{});
  CHECK(kernel_of(plan, "c").family == "conv_few_outputs");
}

TEST_CASE("a depthwise conv's kernel computes the map that it alone reads") {
  const auto plan = [](const std::string& text) { return plan_of("input x 16x128x128; " + text); };
  const auto family = [&](const std::string& text) { return kernel_of(plan(text), "d").family; };
  const std::string depthwise = "; relu; conv 32 3x3 pad 1 groups 32 as d";
  CHECK(family("conv 32 1x1" + depthwise) == "conv_and_depthwise");
  CHECK(family("conv 64 3x3 stride 2 pad 1; conv 64 3x3 pad 1 groups 64 as d") == "conv_and_depthwise");
  CHECK(family("conv 32 3x3 pad 1" + depthwise) == "conv_depthwise");  // Winograd's is faster
  CHECK(family("conv 32 1x1 stride 4" + depthwise) == "conv_and_depthwise");
  CHECK(family("conv 32 1x1 as c" + depthwise + "; output as o; from c; output as c") == "conv_depthwise");
  CHECK(family("conv 32 1x1 bias off" + depthwise) == "conv_depthwise");
  const Plan pair = plan("conv 32 1x1 as c; relu as r; conv 32 3x3 pad 1 groups 32 as d");
  for (const Step& step : pair.steps)
    if (step.name == "d") CHECK(step.covers == std::vector<std::string>{"c", "r", "d"});
}

TEST_CASE("a small map is computed by its depthwise conv's kernel where that has a good register tile") {
  const auto family = [&](const std::string& sizes, Isa isa) {
    const std::string text = "input x " + sizes + "; conv 96 1x1; conv 96 3x3 pad 1 groups 96 as d";
    return kernel_of(plan_of(text, isa, PlanOptions{}), "d").family;
  };
  CHECK(family("32x14x14", Isa::avx512) == "conv_and_depthwise");  // 3 vectors x 7 pixels
  CHECK(family("32x28x28", Isa::avx2) == "conv_and_depthwise");    // 3 x 4
  CHECK(family("32x14x14", Isa::avx2) == "conv_depthwise");        // 4 does not divide 14, 3 x 7 is too much
}

TEST_CASE("a conv of which half a vector would be left over sums pairs of channels") {
  const auto family = [&](const std::string& layer, Isa isa = Isa::avx512,
                          const std::string& activation = "relu6") {
    const Plan plan =
        plan_of("input x 32x28x28; conv 96 1x1; " + layer + " as c; " + activation, isa, PlanOptions{});
    for (const Step& step : plan.steps)
      if (step.covers.front() == "c") return plan.kernels[step.kernel].family;
    return std::string();
  };
  CHECK(family("conv 24 1x1") == "conv_pairs");
  CHECK(family("conv 40 1x1") == "conv_pairs");
  CHECK(family("conv 24 3x3 stride 2 pad 1") == "conv_pairs");
  CHECK(family("conv 32 1x1") == "conv_blocked");
  CHECK(family("conv 31 1x1") == "conv_blocked");
  CHECK(family("conv 24 1x1 bias off") == "conv_blocked");
  CHECK(family("conv 24 1x1", Isa::avx2) == "conv_blocked");  // three vectors
  CHECK(family("conv 24 1x1", Isa::avx512, "sigmoid") == "conv_blocked");
}

TEST_CASE("a 3x3 conv of many channels is by Winograd's transform of whole filters on any instruction set") {
  for (const Isa isa : {Isa::sse41, Isa::avx2, Isa::avx512})
    for (const std::string size : {"64x56x56", "128x28x28", "256x14x14", "64x13x13"}) {
      const Plan plan =
          plan_of("input x " + size + "; conv 64 1x1; conv 256 3x3 pad 1 as c", isa, PlanOptions{});
      CHECK(kernel_of(plan, "c").family == "conv_winograd_2d");
    }
}

TEST_CASE("where Winograd's transform is not allowed, no conv uses it") {
  PlanOptions direct;
  direct.allow_winograd = false;
  for (const std::string& text : kNetworks)
    for (const Isa isa : kIsas)
      for (const std::string& family : families_of(make_plan(graph_of(text), target_for(isa), direct)))
        CHECK(family.find("winograd") == std::string::npos);
}

TEST_CASE(
    "tiles of Winograd's transform: products on a small stack, transformed input in memory that is its own") {
  for (const Isa isa : kIsas)
    for (const auto& [channels, size] : {std::pair{32, 4}, {33, 13}, {64, 56}, {256, 14}, {512, 7}}) {
      const Plan plan = plan_of(
          fmt::format("input x {0}x{1}x{1}; conv {0} 1x1; conv {0} 3x3 pad 1 as c; relu", channels, size),
          isa);
      for (const Step& step : plan.steps) {
        const Kernel& kernel = plan.kernels[static_cast<size_t>(step.kernel)];
        const int64_t floats = kernel.scratch + kernel.own_scratch;
        CHECK((floats > 0) == (kernel.family == "conv_winograd_2d"));
        CHECK((floats > 0) == (step.scratch >= 0));
        if (floats == 0) continue;
        CAPTURE(to_string(kernel));
        const int64_t n = number(kernel.schedule, "outputs") + 2, tiles = number(kernel.schedule, "tiles");
        CHECK(n * n * tiles * number(kernel.schedule, "planes") * kernel.output.block * 4 <= 232 << 10);
        CHECK(n * n * tiles * kernel.inputs[0].planes() * kernel.inputs[0].block < floats);
        const Buffer& scratch = plan.buffers[static_cast<size_t>(step.scratch)];
        CHECK(scratch.layout.elements() == kernel.all_scratch());
        for (const int other : {step.inputs[0], step.output}) {
          const Buffer& tensor = plan.buffers[static_cast<size_t>(other)];
          if (tensor.place != Buffer::Place::workspace) continue;
          const bool apart = scratch.offset + kernel.all_scratch() * 4 <= tensor.offset ||
                             tensor.offset + tensor.layout.elements() * 4 <= scratch.offset;
          CHECK(apart);
        }
      }
    }
}

TEST_CASE(
    "small maps: filters of two vectors of channels, transformed where they are used, by enough tiles at a "
    "time") {
  for (const Isa isa : {Isa::avx512, Isa::avx2})
    for (const auto& [channels, size] : {std::pair{128, 14}, {256, 14}, {512, 7}, {512, 14}, {512, 28}}) {
      const Plan plan = plan_of(
          fmt::format("input x {0}x{1}x{1}; conv {0} 1x1; conv {0} 3x3 pad 1 as c", channels, size), isa);
      const Kernel& kernel = kernel_of(plan, "c");
      CAPTURE(to_string(kernel));
      REQUIRE(kernel.family == "conv_winograd_2d");
      CHECK(number(kernel.schedule, "chunk") == 1);
      CHECK(number(kernel.schedule, "rows") == 1);
      CHECK(number(kernel.schedule, "planes") == 2);
      // Sums enough to keep two units busy, few enough for the registers.
      CHECK(number(kernel.schedule, "x") * 2 >= 8);
      CHECK(number(kernel.schedule, "x") * 2 <= 14);
    }
}

TEST_CASE("bands of Winograd's transform cover all rows at equal distances, and stay on a small stack") {
  for (const Isa isa : kIsas)
    for (int64_t height = 1; height < 40; ++height)
      for (const auto& [r, channels] : {std::pair{3, 16}, {5, 16}, {3, 600}}) {
        const Plan plan = plan_of(fmt::format("input x {0}x{1}x7; conv {0} 1x1; conv 32 {2}x{2} pad {3} as c",
                                              channels, height, r, r / 2),
                                  isa);
        const Kernel& kernel = kernel_of(plan, "c");
        if (kernel.family != "conv_winograd") continue;
        CAPTURE(to_string(kernel));
        const int64_t m = number(kernel.schedule, "outputs"), points = m + r - 1;
        const int64_t bands = winograd_bands(height, m);
        CHECK((m == 2 || m == 4));
        CHECK(packing_of(plan, "c.weight").winograd_outputs == m);
        REQUIRE(bands >= 1);
        if (bands == 1) CHECK(height == m);
        if (bands > 1) CHECK((height - m) % (bands - 1) == 0);
        if (bands > 1) CHECK((height - m) / (bands - 1) <= m);
        CHECK(points * (7 + r - 1) * kernel.inputs[0].planes() * kernel.inputs[0].block * 4 <= 96 << 10);
      }
}

TEST_CASE("groups that do not fill whole blocks are packed as one, the fewest that do") {
  const auto check = [](int64_t inputs, int64_t outputs, int64_t groups, int64_t merged) {
    CAPTURE(fmt::format("{} to {} channels in {} groups", inputs, outputs, groups));
    const Plan plan = plan_of(fmt::format("input x 1x6x6; conv {} 1x1 stride 2; conv {} 1x1 groups {} as c",
                                          inputs, outputs, groups));
    CHECK(packing_of(plan, "c.weight").merged_groups == merged);
    CHECK(conv_of(kernel_of(plan, "c")).groups == groups / merged);
  };
  check(64, 64, 2, 1);
  check(64, 64, 4, 1);
  check(64, 64, 8, 2);
  check(64, 128, 8, 2);
  check(128, 64, 8, 2);
  check(48, 48, 3, 1);
  check(48, 48, 6, 2);
  check(24, 24, 3, 3);
  check(17, 34, 17, 17);
}
