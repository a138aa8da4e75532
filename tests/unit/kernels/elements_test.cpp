// Inner loops of convolutions, where nothing may be stored for want of registers. With multiply-adds that
// take an element of a register, as AArch64's do, most instructions must be such.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "emit/library/library.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

// Of one loop of assembly.
struct Counts {
  int instructions = 0, multiply_adds = 0, by_element = 0, of_products = 0, spills = 0;
  double share() const { return static_cast<double>(multiply_adds) / instructions; }
};

bool contains(const std::string& line, const char* words) {
  return line.find(words) != std::string::npos;
}

// The stretch of code without labels and branches that has the most instructions of those that only products
// have: multiply-adds or, where transforms have these too, broadcasts.
Counts inner_loop(const std::string& assembly) {
  Counts most, counts;
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] != '\t') {  // a label, or a comment
      counts = {};
      continue;
    }
    if (line[1] == '.') continue;
    const bool is_fma = contains(line, "\tfmla\t") || contains(line, "\tvfmadd");
    ++counts.instructions;
    counts.multiply_adds += is_fma;
    counts.of_products += contains(line, "\tfmla\t") || contains(line, "\tvbroadcastss\t");
    counts.by_element += is_fma && contains(line, ".s[");
    counts.spills += contains(line, " Spill") || contains(line, " Reload");
    if (contains(line, "\tj") || contains(line, "\tb.") || contains(line, "\tb\t") ||
        contains(line, "\tcb") || contains(line, "\ttb")) {
      if (counts.of_products > most.of_products) most = counts;
      counts = {};
    }
  }
  return most;
}

// Of the first kernel of that family which reads blocks of channels.
Counts inner_loop_of(const std::string& text, const std::string& family, const PlanOptions& options,
                     Isa isa = Isa::neon) {
  Plan plan = plan_of(text, isa, options);
  const auto found = std::find_if(plan.kernels.begin(), plan.kernels.end(), [&](const Kernel& kernel) {
    return kernel.family == family && kernel.inputs[0].block > 1;
  });
  REQUIRE(found != plan.kernels.end());
  plan.kernels = {*found};
  plan.steps.clear();
  return inner_loop(emit_text(plans_of(plan), KernelText::assembly, 1));
}

}  // namespace

TEST_CASE("convolutions for AArch64 are mostly multiply-adds by element, and spill nothing in their loops") {
  const struct {
    const char *family, *layers;
  } cases[] = {{"conv_blocked", "conv 48 3x3 pad 1"},
               {"conv_blocked", "conv 64 3x3 pad 1 stride 2"},
               {"conv_blocked", "conv 128 1x1"},
               {"conv_and_depthwise", "conv 96 1x1; relu6; conv 96 3x3 pad 1 groups 96"},
               {"conv_winograd_2d", "conv 64 3x3 pad 1"}};
  for (const auto& [family, layers] : cases) {
    CAPTURE(family);
    CAPTURE(layers);
    PlanOptions options;
    options.allow_winograd = family == std::string("conv_winograd_2d");
    const Counts counts =
        inner_loop_of(fmt::format("input x 3x28x28; conv 32 3x3 pad 1; {}", layers), family, options);
    CHECK(counts.by_element == counts.multiply_adds);
    CHECK(counts.multiply_adds >= 48);
    CHECK(counts.share() >= 0.7);
    CHECK(counts.spills == 0);
  }
}

TEST_CASE("depthwise convolutions for AArch64 spill nothing in their loops, whatever the stride") {
  for (const char* layers : {"conv 32 3x3 pad 1 groups 32", "conv 32 3x3 pad 1 stride 2 groups 32",
                             "conv 32 5x5 pad 2 groups 32", "conv 32 5x5 pad 2 stride 2 groups 32"}) {
    CAPTURE(layers);
    const Counts counts = inner_loop_of(
        fmt::format("input x 3x28x28; conv 32 3x3 pad 1; sigmoid; {}", layers), "conv_depthwise", {});
    CHECK(counts.multiply_adds >= 21);
    CHECK(counts.share() >= 0.5);
    CHECK(counts.spills == 0);
  }
}

// Of the sums of a register tile 12 are in the 16 registers, beside what a product is made of.
TEST_CASE(
    "Winograd's products for AVX2 spill nothing in their loops, in the blocks of a library for AVX-512, "
    "too") {
  PlanOptions options;
  options.sharing = Sharing{target_for(Isa::avx512), 48, nullptr};
  for (const char* input : {"64x56x56", "256x28x28"}) {
    CAPTURE(input);
    const std::string channels = std::string(input).substr(0, std::string(input).find('x'));
    const Counts counts =
        inner_loop_of(fmt::format("input x {0}; conv {1} 1x1; sigmoid; conv {1} 3x3 pad 1", input, channels),
                      "conv_winograd_2d", options, Isa::avx2);
    CHECK(counts.multiply_adds >= 10);
    CHECK(counts.spills == 0);
  }
}
