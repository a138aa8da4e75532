#include "emit/kernels/strided_loads.h"

#include <numeric>

namespace cnnc {

namespace {

using namespace Halide::Internal;

// A multiple of the strides 2, 3 and 4 and of the number of elements in any vector.
constexpr int64_t kModulus = 3 * 64;

ModulusRemainder mended(const ModulusRemainder& alignment) {
  if (alignment.modulus != 0) return alignment;
  return {kModulus, mod_imp(alignment.remainder, kModulus)};
}

// Of a caller's tensor, the same place without a constant where Halide looks for one if the alignment says
// nothing of multiples of the stride.
Halide::Expr mended_place(const Load* load, const Ramp* ramp, int64_t stride) {
  const bool is_callers = load->param.defined() && load->param.host_alignment() <= load->type.bytes();
  if (!is_callers || std::gcd(stride, load->alignment.modulus) == stride) return ramp->base;
  const Add* sum = ramp->base.as<Add>();
  return sum && is_const(sum->b) ? Add::make(sum->b, sum->a) : ramp->base;
}

class MendStridedLoads : public IRMutator {
  using IRMutator::visit;
  Halide::Expr visit(const Load* load) override {
    const Ramp* ramp = load->index.as<Ramp>();
    if (!ramp) return IRMutator::visit(load);
    const auto stride = as_const_int(ramp->stride);
    if (!stride || *stride < 2 || *stride > 4) return IRMutator::visit(load);
    const Halide::Expr first = mutate(mended_place(load, ramp, *stride));
    return Load::make(load->type, load->name, Ramp::make(first, ramp->stride, ramp->lanes), load->image,
                      load->param, mutate(load->predicate), mended(load->alignment));
  }
};

}  // namespace

void mend_strided_loads(Halide::Module& module) {
  MendStridedLoads mend;
  for (LoweredFunc& function : module.functions()) function.body = mend.mutate(function.body);
}

}  // namespace cnnc
