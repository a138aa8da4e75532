// A transposed convolution taken apart into plain ones.
#include "ops/window/upconv_phases.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "ops/window/transposed_window.h"

using namespace cnnc;

namespace {

using Products = std::map<std::pair<int64_t, int64_t>, int>;  // (element of the input, tap) → how often

// What each element of the result is the sum of, by the definition of a transposed convolution.
std::vector<Products> by_definition(const WindowAxis& axis) {
  std::vector<Products> result(axis.input);
  for (int64_t i = 0; i < axis.output; ++i)
    for (int64_t k = 0; k < axis.filter; ++k) {
      const int64_t at = i * axis.stride - axis.pad_before + k * axis.dilation;
      if (at >= 0 && at < axis.input) ++result[at][{i, k}];
    }
  return result;
}

// The same by the phases, whose reads around the input must lie in the border.
std::vector<Products> by_phases(const WindowAxis& axis) {
  const auto phases = upconv_phases(axis);
  const Border border = border_of(axis, phases);
  std::vector<Products> result(axis.input);
  for (const UpconvPhase& p : phases)
    for (int64_t q = 0; q < p.count; ++q)
      for (int64_t j = 0; j < p.taps; ++j) {
        const int64_t i = q - p.pad + j * p.dilation;
        CHECK(i >= -border.before);
        CHECK(i < axis.output + border.after);
        if (i >= 0 && i < axis.output)
          ++result.at(p.first + q * axis.stride)[{i, p.first_tap + (p.taps - 1 - j) * p.tap_step}];
      }
  return result;
}

}  // namespace

TEST_CASE("the phases of an upconv add up each product once, where its definition does") {
  for (int64_t input : {1, 2, 5})
    for (int64_t filter : {1, 2, 3, 4, 7})
      for (int64_t stride : {1, 2, 3, 4, 6})
        for (int64_t dilation : {1, 2, 3, 4})
          for (int64_t before : {0, 1, 3})
            for (int64_t after : {0, 2})
              for (int64_t extra : {int64_t{0}, std::max(stride, dilation) - 1}) {
                const int64_t size =
                    (input - 1) * stride - before - after + dilation * (filter - 1) + extra + 1;
                if (size < 1) continue;
                const WindowAxis axis{size, filter, stride, dilation, before, after, input};
                CAPTURE(fmt::format("{} {} {} {} {} {}", input, filter, stride, dilation, before, after));
                REQUIRE(by_phases(axis) == by_definition(axis));
                const auto phases = upconv_phases(axis);
                CHECK(static_cast<int64_t>(phases.size()) <= most_upconv_phases(axis));
              }
}

TEST_CASE("where the filter is the stride, a phase is one tap without a border") {
  const auto phases = upconv_phases({56, 2, 2, 1, 0, 0, 28});
  REQUIRE(phases.size() == 2);
  for (const UpconvPhase& p : phases) {
    CHECK(p.taps == 1);
    CHECK(p.count == 28);
    CHECK(p.pad == 0);
  }
}
