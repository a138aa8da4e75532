// Maxima, minima and choices between floats whose result for NaN is defined.
//
// The activations and the pools give NaN for NaN, so that an accident in the input shows in the output.
// Halide's own max, min, clamp and select do not: they are compiled with fast-math, under which a comparison
// with NaN may come out either way. Each function here but max_or_nan is one instruction of x86 (maxps,
// minps) or two (cmpps, blendps).
#pragma once
#include <Halide.h>

namespace cnnc {

// x, or `low` where that is greater; NaN for an x that is NaN.
Halide::Expr at_least(const Halide::Expr& x, const Halide::Expr& low);

// x, or `high` where that is less; NaN for an x that is NaN.
Halide::Expr at_most(const Halide::Expr& x, const Halide::Expr& high);

// x within [low, high]; NaN for NaN.
Halide::Expr clamp_of(const Halide::Expr& x, const Halide::Expr& low, const Halide::Expr& high);

// a < b ? yes : no, so `no` where either is NaN.
Halide::Expr select_less(const Halide::Expr& a, const Halide::Expr& b, const Halide::Expr& yes,
                         const Halide::Expr& no);

// The larger of the two, NaN where either is.
Halide::Expr max_or_nan(const Halide::Expr& a, const Halide::Expr& b);

// A pass over lowered code. The functions above make calls, which keep Halide from simplifying them by rules
// that do not hold for NaN; here the calls become comparisons without fast-math. The code is then wrong
// unless this pass runs, and its module must be marked by set_any_strict_float, so that LLVM, too, looks at
// what each instruction allows.
class DefineComparisons : public Halide::Internal::IRMutator {
 public:
  bool any = false;  // whether there were such calls

 private:
  using Halide::Internal::IRMutator::visit;
  Halide::Expr visit(const Halide::Internal::Call* call) override;
};

}  // namespace cnnc
