// Kernels read nothing of a buffer but its address.
#include "emit/kernels/buffer_reads.h"

#include <doctest/doctest.h>

#include "kernels/kernel.h"

using namespace cnnc;

namespace {

const Halide::Var x("x");

// Ten elements, doubled; the bounds of both tensors are constants.
struct Doubled {
  Halide::ImageParam input{Halide::Float(32), 1, "input"};
  Halide::Func result{"result"};

  Doubled() {
    input.dim(0).set_bounds(0, 10).set_stride(1);
    result(x) = input(x) * 2;
    result.bound(x, 0, 10);
    result.output_buffer().dim(0).set_bounds(0, 10).set_stride(1);
  }
  std::string field_read() {
    const Halide::Target target = halide_target(target_for(Isa::avx2));
    return buffer_field_read(Halide::Pipeline(result).compile_to_module({input}, "doubled", target));
  }
};

}  // namespace

TEST_CASE("what has constant bounds reads nothing of a buffer but its address") {
  CHECK(Doubled().field_read().empty());
}

TEST_CASE("a bound that Halide does not know is read of the buffer, and seen") {
  Doubled doubled;
  doubled.input.dim(0).set_min(Halide::Expr());
  CHECK(doubled.field_read() == "_halide_buffer_get_min");
}

TEST_CASE("a stride that Halide does not know is read of the buffer, and seen") {
  Doubled doubled;
  doubled.input.dim(0).set_stride(Halide::Expr());
  CHECK(doubled.field_read() == "_halide_buffer_get_stride");
}

TEST_CASE("an extent that only an assertion looks at is not read, since no code is made of that") {
  Doubled doubled;
  doubled.input.dim(0).set_extent(Halide::Expr());
  CHECK(doubled.field_read().empty());
}

TEST_CASE("an extent that is used is read of the buffer, and seen") {
  Doubled doubled;
  doubled.input.dim(0).set_extent(Halide::Expr());
  doubled.result(x) += doubled.input.dim(0).extent();
  CHECK(doubled.field_read() == "_halide_buffer_get_extent");
}
