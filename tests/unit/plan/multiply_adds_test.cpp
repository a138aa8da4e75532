// The multiply-adds that kernels make, against those of the definition.
#include "plan/choose/multiply_adds.h"

#include "kernels/family_names.h"
#include "passes/use_bfloat16.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// Of the layer called 'it', behind one that gives it blocks of 16 channels.
double made(const std::string& text, const Choices& choices = {}) {
  PlanOptions options;
  options.choices = choices;
  options.allow_winograd = text.find("winograd") != std::string::npos;
  const Plan plan = plan_of(text, Isa::avx512, options);
  return multiply_adds(kernel_of(plan, "it")).value();
}

}  // namespace

TEST_CASE("a direct convolution of whole blocks and tiles makes the definition's multiply-adds") {
  CHECK(made("input x 16x28x28\nconv 32 1x1\nconv 32 3x3 pad 1 as it\n") == 32.0 * 32 * 9 * 28 * 28);
}

TEST_CASE("channels that fill up blocks are computed too") {
  CHECK(made("input x 16x28x28\nconv 32 1x1\nconv 44 3x3 pad 1 as it\n") == 48.0 * 32 * 9 * 28 * 28);
}

TEST_CASE("tiles that overlap are computed twice where they do") {
  const std::string text =
      "input x 16x28x28\nconv 24 1x1\nmaxpool 3x3 stride 1 pad 1\nconv 24 3x3 pad 1 groups 24 as it\n";
  const Plan plan = plan_of(text);
  const int64_t x = number(kernel_of(plan, "it").schedule, "x"), tiles = (28 + x - 1) / x;
  REQUIRE(tiles * x > 28);
  CHECK(made(text) == 32.0 * 9 * 28 * static_cast<double>(tiles * x));
}

TEST_CASE("of a kernel of two convolutions both count") {
  const std::string text = "input x 16x28x28\nconv 24 1x1\nconv 24 3x3 pad 1 groups 24 as it\n";
  CHECK(made(text) == 32.0 * (16 + 9) * 28 * 28);
}

TEST_CASE("Winograd's transform of whole filters makes a quarter, or more where tiles reach beyond the map") {
  const std::string text = "# winograd\ninput x 16x28x28\nconv 64 1x1\nconv 64 3x3 pad 1 as it\n";
  const Plan plan = plan_of(text, Isa::avx512, PlanOptions{});
  const Kernel& kernel = kernel_of(plan, "it");
  REQUIRE(kernel.family == "conv_winograd_2d");
  const int64_t outputs = number(kernel.schedule, "outputs"), tiles = number(kernel.schedule, "tiles");
  const int64_t all = 28 / outputs * (28 / outputs), blocks = (all + tiles - 1) / tiles;
  CHECK(made(text) == static_cast<double>(blocks * tiles * (outputs + 2) * (outputs + 2) * 64 * 64));
}

TEST_CASE("a dense layer multiplies what its weights are packed with; a pool sums no products") {
  CHECK(made("input x 100\ndense 1000 as it\n") >= 100.0 * 1000);
  CHECK(made("input x 100\ndense 1000 as it\n") <= 100.0 * 1064);
  const Plan plan = plan_of("input x 16x28x28\nconv 32 1x1\nmaxpool 2x2 as it\n");
  CHECK(!multiply_adds(kernel_of(plan, "it")));
}

TEST_CASE("a convolution of bfloat16 multiplies input channels by pairs") {
  const Graph graph = use_bfloat16(graph_of("input x 17x28x28\nconv 17 1x1\nconv 32 1x1 as it\n"));
  const Plan plan = make_plan(graph, target_for(Isa::avx512bf16), {});
  const Kernel& kernel = kernel_of(plan, "it");
  REQUIRE(kernel.family == "conv_bfloat16");
  const int64_t x = number(kernel.schedule, "x"), y = number(kernel.schedule, "y");
  CHECK(multiply_adds(kernel) ==
        doctest::Approx(32.0 * 18 * static_cast<double>(((28 + x - 1) / x * x) * ((28 + y - 1) / y * y))));
}

TEST_CASE("the multiply-adds of each family are counted, or it is said that there are none") {
  for (const std::string& family : kernel_families())
    CHECK_MESSAGE(has_count_of_multiply_adds(family), family);
  Kernel kernel;
  kernel.family = "conv_of_tomorrow";
  CHECK_THROWS_WITH(multiply_adds(kernel), "nobody counts the multiply-adds of the family conv_of_tomorrow");
}
