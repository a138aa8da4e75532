#include "kernels/comparison.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

using Halide::Expr;
using Halide::Internal::Call;

namespace {

// a < b ? yes : no. By the end of the name Halide's autoschedulers know what such a call costs.
constexpr const char* kSelectLess = "cnnc_select_less_f32";

Expr select_of_strict(const Expr& a, const Expr& b, const Expr& yes, const Expr& no) {
  return Call::make(yes.type(), Call::strict_float, {Halide::Internal::Select::make(a < b, yes, no)},
                    Call::PureIntrinsic);
}

Expr bits_of(const Expr& x) {
  return Halide::reinterpret<int>(x);
}

}  // namespace

Expr select_less(const Expr& a, const Expr& b, const Expr& yes, const Expr& no) {
  return Call::make(Halide::Float(32), kSelectLess, {a, b, yes, no}, Call::PureExtern);
}

Expr at_least(const Expr& x, const Expr& low) {
  return select_less(x, low, low, x);
}

Expr at_most(const Expr& x, const Expr& high) {
  return select_less(high, x, high, x);
}

Expr clamp_of(const Expr& x, const Expr& low, const Expr& high) {
  return at_least(at_most(x, high), low);
}

// If a is NaN, so is the first, and if b is, the second; else they are the same number, or zeros. The bits of
// a NaN and any others together are a NaN's: all of its exponent's bits are set, and some of its fraction's.
Expr max_or_nan(const Expr& a, const Expr& b) {
  return Halide::reinterpret<float>(bits_of(at_least(a, b)) | bits_of(at_least(b, a)));
}

// The arguments are computed outside of what is strict, so they may use fast-math; what stands twice, as in a
// maximum, once.
Expr DefineComparisons::visit(const Call* call) {
  if (call->name != kSelectLess) return IRMutator::visit(call);
  any = true;
  std::vector<std::pair<std::string, Expr>> lets;
  std::vector<Expr> names;
  for (const Expr& argument : call->args) {
    const Expr value = mutate(argument);
    const auto let = std::find_if(lets.begin(), lets.end(), [&](const auto& other) {
      return Halide::Internal::equal(other.second, value);
    });
    const std::string name = let == lets.end() ? Halide::Internal::unique_name("compared") : let->first;
    if (let == lets.end()) lets.emplace_back(name, value);
    names.push_back(Halide::Internal::Variable::make(value.type(), name));
  }
  Expr result = select_of_strict(names[0], names[1], names[2], names[3]);
  for (auto let = lets.rbegin(); let != lets.rend(); ++let)
    result = Halide::Internal::Let::make(let->first, let->second, result);
  return result;
}

}  // namespace cnnc
