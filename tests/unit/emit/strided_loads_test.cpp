// Loads of every second to fourth element: what Halide is told of them.
#include "emit/kernels/strided_loads.h"

#include <doctest/doctest.h>

#include <regex>
#include <sstream>

#include "kernels/halide_versions.h"
#include "kernels/kernel.h"

using namespace cnnc;
using namespace Halide::Internal;

namespace {

class StridedLoads : public IRVisitor {
 public:
  std::vector<const Load*> found;

 private:
  using IRVisitor::visit;
  void visit(const Load* load) override {
    const Ramp* ramp = load->index.as<Ramp>();
    if (ramp && !is_const_one(ramp->stride)) found.push_back(load);
    IRVisitor::visit(load);
  }
};

constexpr int kCallers = 4, kOurs = 64;  // bytes that a tensor's pointer is aligned to

// Four elements of each of these rows, from the place `first` on.
Halide::Module module_of(const Halide::Expr& first, int stride, const Halide::Var& x, const Halide::Var& y,
                         int rows, int alignment) {
  Halide::ImageParam input(Halide::Float(32), 1, "input");
  input.dim(0).set_bounds(0, 1000).set_stride(1);
  input.set_host_alignment(alignment);
  Halide::Func f("f");
  f(x, y) = input(first + x * stride);
  f.bound(x, 0, 4).bound(y, 0, rows).vectorize(x, 4);
  f.output_buffer().dim(0).set_bounds(0, 4);
  f.output_buffer().dim(1).set_bounds(0, rows).set_stride(4);
  return Halide::Pipeline(f).compile_to_module({input}, "f", halide_target(target_for(Isa::sse41)));
}

// The only strided load of the module: its place as text, without Halide's numbers in names, and what it is a
// multiple of.
struct Seen {
  std::string place;
  ModulusRemainder alignment;
};
Seen only_load(const Halide::Module& module) {
  StridedLoads loads;
  for (const LoweredFunc& function : module.functions()) function.body.accept(&loads);
  REQUIRE(loads.found.size() == 1);
  std::ostringstream place;
  place << loads.found[0]->index;
  return {std::regex_replace(place.str(), std::regex("[$][0-9]+"), ""), loads.found[0]->alignment};
}

const Halide::Var x("x"), y("y");

}  // namespace

TEST_CASE("a strided load from a constant place says what it is a multiple of by a modulus that is not 0" *
          doctest::skip(!kHasWrongStridedLoads)) {
  for (const int stride : {2, 3, 4})
    for (const int first : {0, 1, 7, 195}) {
      CAPTURE(stride);
      CAPTURE(first);
      Halide::Module module = module_of(first, stride, x, y, 1, kOurs);
      const Seen before = only_load(module);
      CHECK(before.alignment == ModulusRemainder(0, first));
      mend_strided_loads(module);
      const Seen after = only_load(module);
      CHECK(after.place == before.place);
      CHECK(after.alignment == ModulusRemainder(192, first % 192));
    }
}

TEST_CASE("a strided load from a variable place in a caller's tensor has no constant to be rounded by" *
          doctest::skip(!kHasWrongStridedLoads)) {
  for (const auto& [constant, place] : {std::pair(-5, "ramp(-5 + (max(f.s0.y, 1)*5), 2, 4)"),
                                        std::pair(7, "ramp(7 + (max(f.s0.y, 1)*5), 2, 4)")}) {
    Halide::Module module = module_of(Halide::max(y, 1) * 5 + constant, 2, x, y, 9, kCallers);
    CHECK(only_load(module).place != place);
    mend_strided_loads(module);
    CHECK(only_load(module).place == place);
    CHECK(only_load(module).alignment == ModulusRemainder(5, (constant + 5) % 5));
  }
}

TEST_CASE("all other strided loads stay as they are" * doctest::skip(!kHasWrongStridedLoads)) {
  const auto unchanged = [](const Halide::Expr& first, int stride, int alignment) {
    Halide::Module module = module_of(first, stride, x, y, 9, alignment);
    const Seen before = only_load(module);
    mend_strided_loads(module);
    const Seen after = only_load(module);
    CHECK(after.place == before.place);
    CHECK(after.alignment == before.alignment);
  };
  unchanged(Halide::max(y, 1) * 5 - 5, 2, kOurs);
  unchanged(Halide::max(y, 1) * 6 - 5, 2, kCallers);  // of which Halide knows that it is odd
  unchanged(Halide::max(y, 1) * 7 - 7, 5, kCallers);  // loaded one by one
  unchanged(7, 5, kCallers);
}
