// The schedules that kernels can have: the defaults, what fits, how problems are called.
#include "plan/choose/space.h"

#include <doctest/doctest.h>

#include <functional>
#include <random>

#include "plan/choose/choose_winograd.h"
#include "plan/one_row.h"
#include "plan/tilings.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

int64_t between(std::mt19937& random, int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(random);
}

// Calls f(kernel, target) for 500 random kernels of conv for each target: `planes` of `block` channels, in
// groups.
void for_random_convs(bool planar, const std::function<void(Kernel&, const Target&, std::mt19937&)>& f) {
  std::mt19937 random(11);
  for (const Isa isa : kIsas)
    for (int round = 0; round < 500; ++round) {
      const Target target = target_for(isa);
      const int64_t groups = planar || round % 3 != 0 ? 1 : between(random, 2, 9);
      const int64_t most = round % 2 == 0 ? 9 : 300;
      const int64_t planes = groups * between(random, 1, round % 5 == 0 ? 64 : 5);
      Kernel kernel;
      kernel.output = blocked_layout(
          {planes * (planar ? 1 : target.lanes), between(random, 1, most), between(random, 1, most)},
          planar ? 1 : target.lanes);
      kernel.inputs = {kernel.output};
      ConvParameters conv;
      conv.window.height.filter = between(random, 1, 7);
      conv.window.width.filter = between(random, 1, 7);
      conv.groups = groups;
      kernel.parameters = conv;
      f(kernel, target, random);
    }
}

// The default schedule of a kernel of that family.
Schedule default_of(Kernel& kernel, const Target& target, const std::string& family) {
  kernel.family = family;
  REQUIRE(complete_schedule(kernel, target));
  return kernel.schedule;
}

}  // namespace

TEST_CASE("the default tile of a blocked conv fits the registers, the result and its group") {
  for_random_convs(false, [](Kernel& kernel, const Target& target, std::mt19937&) {
    const Schedule tile = default_of(kernel, target, "conv_blocked");
    const BlockedTiling tiling = blocked_tiling(tile);
    const int64_t x = tiling.x, y = tiling.y, tile_blocks = tiling.blocks;
    const int64_t groups = conv_of(kernel).groups, blocks = kernel.output.planes() / groups;
    CAPTURE(to_string(kernel.output));
    CAPTURE(groups);
    REQUIRE(x >= 1);
    REQUIRE(y >= 1);
    REQUIRE(tile_blocks >= 1);
    // One register more for the input and one for the weights.
    CHECK(piece_of(tiling, false, target) * y * tile_blocks + 2 <= target.registers);
    CHECK(x <= kernel.output.width * (tiling.counts_pixels ? kernel.output.height : 1));
    if (tiling.counts_pixels) CHECK(counts_pixels(kernel));
    CHECK(y <= kernel.output.height);
    CHECK(tile_blocks <= blocks);
    if (groups > 1) CHECK(blocks % tile_blocks == 0);
  });
}

TEST_CASE(
    "the default tile of a blocked conv hides the latency of the multiply-adds where the result is large "
    "enough") {
  // 4 cycles times 2 a cycle.
  for_random_convs(false, [](Kernel& kernel, const Target& target, std::mt19937&) {
    if (kernel.output.width < 8 || kernel.output.height < 8) return;
    const Schedule tile = default_of(kernel, target, "conv_blocked");
    const BlockedTiling tiling = blocked_tiling(tile);
    CAPTURE(to_string(kernel.output));
    CHECK(tiling.x * tiling.y * tiling.blocks >= 8);
  });
}

TEST_CASE(
    "a 1x1 conv of a map of 7x7 counts its pixels through on AVX2, and has a register for the broadcast") {
  Kernel kernel;
  kernel.family = "conv_blocked";
  kernel.inputs = {blocked_layout({512, 7, 7}, 8)};
  kernel.output = blocked_layout({2048, 7, 7}, 8);
  kernel.parameters = ConvParameters{};
  const Target target = target_for(Isa::avx2);
  REQUIRE(complete_schedule(kernel, target));
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  CHECK(t.counts_pixels);
  CHECK(registers_of(t, t.x, false, target) <= 16);
  CHECK(t.x * t.blocks >= 8);  // the latency of a multiply-add, times two a cycle
  // With a border around the result it is stored from totals; around the input rows have to be known.
  kernel.output.top = kernel.output.left = kernel.output.bottom = kernel.output.right = 1;
  kernel.schedule = {{"y", 0}, {"chunk", 0}};
  CHECK_FALSE(complete_schedule(kernel, target));
  kernel.schedule = {{"y", 0}};
  CHECK(complete_schedule(kernel, target));
  kernel.inputs[0].right = 1;
  kernel.schedule = {{"y", 0}};
  CHECK_FALSE(complete_schedule(kernel, target));
}

TEST_CASE("a tile of a large 1x1 conv on AVX2 reads whole pairs of the cache's lines, of a single row") {
  for (const int64_t channels : {64, 256}) {
    Kernel kernel;
    kernel.family = "conv_blocked";
    kernel.inputs = {blocked_layout({channels, 56, 56}, 8)};
    kernel.output = blocked_layout({128, 56, 56}, 8);
    kernel.parameters = ConvParameters{};
    const Target target = target_for(Isa::avx2);
    REQUIRE(complete_schedule(kernel, target));
    const BlockedTiling t = blocked_tiling(kernel.schedule);
    CAPTURE(to_string(kernel.schedule));
    CHECK(t.y <= 1);
    CHECK(kernel.inputs[0].bytes_of(t.x * 8) % 128 == 0);
  }
}

TEST_CASE("a row whose sums do not fit the registers is cut into the fewest pieces that do") {
  const auto piece = [](int64_t x, int64_t blocks, Isa isa) {
    BlockedTiling t;
    t.x = x;
    t.blocks = blocks;
    return piece_of(t, false, target_for(isa));
  };
  CHECK(piece(7, 3, Isa::avx2) == 4);   // 12 sums, 3 weights, an element
  CHECK(piece(14, 2, Isa::avx2) == 5);  // 5, 5, 4
  CHECK(piece(6, 2, Isa::avx2) == 6);
  CHECK(piece(7, 4, Isa::avx512) == 7);
  CHECK(piece(14, 4, Isa::avx512) == 7);  // elements come from memory
}

TEST_CASE("the default tile of a planar conv fits the registers and the result") {
  for_random_convs(true, [](Kernel& kernel, const Target& target, std::mt19937& random) {
    const int64_t channels = between(random, 1, target.registers / 4);
    std::get<ConvParameters>(kernel.parameters).planar_tile = channels;
    const Schedule tile = default_of(kernel, target, "conv_planar");
    const int64_t rows = number(tile, "rows"), lanes = number(tile, "lanes");
    CAPTURE(to_string(kernel.output));
    CHECK(rows >= 1);
    CHECK(rows <= kernel.output.height);
    CHECK(lanes >= 1);
    CHECK(lanes <= std::min<int64_t>(target.lanes, kernel.output.width));
    CHECK(rows * channels + 2 <= target.registers);
  });
}

TEST_CASE("the default tile of a conv by Winograd's transform fits the registers and the result") {
  for (const bool planar : {false, true})
    for_random_convs(planar, [&](Kernel& kernel, const Target& target, std::mt19937& random) {
      const int64_t outputs = 2 * between(random, 1, 2), channels = between(random, 1, target.registers / 4);
      kernel.schedule = {{"outputs", outputs}};
      if (planar) std::get<ConvParameters>(kernel.parameters).planar_tile = channels;
      if (winograd_bands(kernel.output.height, outputs) == 0) return;
      const Schedule tile = default_of(kernel, target, "conv_winograd");
      const int64_t x = number(tile, "x"), tile_channels = number(tile, "channels");
      const int64_t points = outputs + conv_of(kernel).window.height.filter - 1;
      CAPTURE(to_string(kernel.output));
      REQUIRE(x >= 1);
      REQUIRE(tile_channels >= 1);
      CHECK(points * tile_channels * (planar ? 1 : x) + 2 <= target.registers);
      CHECK(x <= kernel.output.width);
      if (planar) CHECK(x <= target.lanes);
      if (planar) CHECK(channels % tile_channels == 0);
    });
}

TEST_CASE("a tile of Winograd's columns has several pixels where single ones would fit the width better") {
  const auto x_of = [](int64_t width, int64_t filter, int64_t outputs) {
    Kernel kernel;
    ConvParameters conv;
    conv.window.height.filter = conv.window.width.filter = filter;
    kernel.parameters = conv;
    kernel.output = blocked_layout({32, 10, width}, 16);
    kernel.schedule = {{"outputs", outputs}};
    return number(default_of(kernel, target_for(Isa::avx512), "conv_winograd"), "x");
  };
  CHECK(x_of(7, 3, 4) == 4);   // 8 pixels are computed
  CHECK(x_of(10, 3, 4) == 4);  // 12
  CHECK(x_of(12, 3, 4) == 4);
  CHECK(x_of(3, 3, 4) == 3);
  CHECK(x_of(10, 5, 4) == 2);  // three pixels would compute 12
}

TEST_CASE("the numbers that a schedule has already are kept, and what does not fit them is refused") {
  for_random_convs(false, [](Kernel& kernel, const Target& target, std::mt19937&) {
    kernel.family = "conv_blocked";
    kernel.schedule = {{"blocks", 1}, {"x", 1}};
    REQUIRE(complete_schedule(kernel, target));
    CHECK(number(kernel.schedule, "blocks") == 1);
    CHECK(number(kernel.schedule, "x") == 1);
    const int64_t pixels = kernel.output.width * kernel.output.height;
    for (const Schedule& wrong :
         {Schedule{{"x", pixels + 1}}, Schedule{{"x", kernel.output.width + 1}, {"y", 1}}, Schedule{{"x", 0}},
          Schedule{{"z", 1}}, Schedule{{"blocks", -1}}, Schedule{{"x", INT64_MAX}}}) {
      kernel.schedule = wrong;
      CHECK_FALSE(complete_schedule(kernel, target));
      CHECK(kernel.schedule == wrong);
    }
  });
}

TEST_CASE("a problem is called by what is computed, not by how") {
  const auto problems = [](const std::string& text, bool allow_winograd) {
    PlanOptions options;
    options.allow_winograd = allow_winograd;
    std::vector<std::string> names;
    for (const Kernel& kernel : plan_of(text, Isa::avx512, options).kernels)
      if (const std::string name = problem_of(kernel);
          !name.empty() && (names.empty() || names.back() != name))  // once for all phases of the upconv
        names.push_back(name);
    return names;
  };
  const std::string text =
      "input x 64x56x56; conv 64 1x1; conv 64 3x3 pad 1 bias off; relu; conv 64 3x3 stride 2 "
      "groups 64 dilation 2; upconv 16 2x2 stride 2; flatten; dense 10";
  const std::vector<std::string> names = problems(text, true);
  CHECK(names ==
        std::vector<std::string>{
            "conv 64x56x56 -> 64x56x56/16 filter 1x1 stride 1x1 pad 0,0,0,0",
            "conv 64x56x56/16 -> 64x56x56/16 filter 3x3 stride 1x1 pad 1,1,1,1",
            "conv 64x56x56/16 -> 64x26x26/16 filter 3x3 stride 2x2 dilation 2x2 pad 0,0,0,0 groups 64",
            "conv 64x26x26/16 -> 16x26x26/16 filter 1x1 stride 1x1 pad 0,0,0,0 step 2x2",
            "dense 43264x1x1 -> 10x1x1/16",
        });
  CHECK(names == problems(text, false));
}

TEST_CASE("a step is computed as its problem's choice says, where that fits") {
  const std::string problem = "conv 64x56x56/16 -> 64x56x56/16 filter 3x3 stride 1x1 pad 1,1,1,1";
  const auto kernel_with = [&](const Choice& choice, size_t ignored = 0) {
    PlanOptions options;
    options.choices[problem] = choice;
    const Plan plan = plan_of("input x 64x56x56; conv 64 1x1; conv 64 3x3 pad 1 as c", Isa::avx512, options);
    CHECK(plan.ignored_choices == std::vector<std::string>(ignored, problem));
    return kernel_of(plan, "c");
  };
  CHECK(kernel_with({"conv_blocked", {{"x", 8}, {"blocks", 2}}}).family == "conv_blocked");
  CHECK(number(kernel_with({"conv_blocked", {{"x", 8}, {"blocks", 2}}}).schedule, "x") == 8);
  const Schedule whole = {{"outputs", 2}, {"tiles", 14}, {"planes", 2}, {"parts", 2},
                          {"chunk", 0},   {"rows", 0},   {"x", 7}};
  CHECK(kernel_with({"conv_winograd_2d", whole}).schedule == whole);
  Schedule in_parts = {{"outputs", 4}, {"tiles", 14}, {"planes", 1}, {"parts", 4},
                       {"chunk", 2},   {"rows", 3},   {"x", 7}};
  CHECK(kernel_with({"conv_winograd_2d", in_parts}).schedule == in_parts);
  CHECK(kernel_with({"conv_winograd", {{"outputs", 4}}}).family == "conv_winograd");
  // Tiles beyond the stack, a family that is no conv's.
  const Schedule beyond = {{"outputs", 4}, {"tiles", 900}, {"planes", 2}, {"parts", 2}};
  CHECK(number(kernel_with({"conv_winograd_2d", beyond}, 1).schedule, "tiles") < 900);
  // With a chunk: parts that are not all channels, a chunk that does not divide, register tiles that do not.
  for (const auto& [name, value] : Schedule{{"parts", 2}, {"chunk", 3}, {"x", 4}}) {
    Schedule wrong = in_parts;
    wrong[name] = value;
    CHECK(kernel_with({"conv_winograd_2d", wrong}, 1).schedule != wrong);
  }
  CHECK(kernel_with({"dense", {}}, 1).family != "dense");
}
