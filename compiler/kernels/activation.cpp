#include "kernels/activation.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "kernels/bfloat16.h"
#include "kernels/comparison.h"
#include "kernels/elementary.h"
#include "kernels/quantization.h"
#include "ops/activation/clip.h"
#include "ops/activation/hardsigmoid.h"

namespace cnnc {

using Halide::Expr;

namespace {

constexpr float kInfinite = std::numeric_limits<float>::infinity();

using Activation = Expr (*)(const Attributes&, Expr);

Expr constant_of(const Attributes& attributes, std::string_view name) {
  return static_cast<float>(real(attributes, name));
}

// Halide simplifies 0 x to 0, also where x is NaN.
bool is_zero(const Attributes& attributes, std::string_view name) {
  return static_cast<float>(real(attributes, name)) == 0;
}

Expr relu(const Attributes&, Expr x) {
  return at_least(x, 0.0f);
}

Expr relu6(const Attributes&, Expr x) {
  return clamp_of(x, 0.0f, 6.0f);
}

Expr clip(const Attributes& a, Expr x) {
  if (!is_clip_limit(real(a, "max"))) return at_least(x, constant_of(a, "min"));
  if (!is_clip_limit(real(a, "min"))) return at_most(x, constant_of(a, "max"));
  return clamp_of(x, constant_of(a, "min"), constant_of(a, "max"));
}

Expr leaky_relu(const Attributes& a, Expr x) {
  if (is_zero(a, "slope")) return at_least(x, 0.0f);
  return Halide::select(x > 0.0f, x, constant_of(a, "slope") * x);
}

Expr elu(const Attributes& a, Expr x) {
  if (is_zero(a, "alpha")) return at_least(x, 0.0f);
  return Halide::select(x > 0.0f, x, constant_of(a, "alpha") * expm1_of(at_most(x, 0.0f)));
}

Expr celu(const Attributes& a, Expr x) {
  const Expr z = at_most(x, 0.0f) * (1.0f / static_cast<float>(real(a, "alpha")));
  return Halide::select(x > 0.0f, x, constant_of(a, "alpha") * expm1_of(z));
}

// What is neither greater nor a number less than infinity is NaN.
Expr threshold(const Attributes& a, Expr x) {
  const Expr otherwise = select_less(x, kInfinite, constant_of(a, "value"), x);
  return select_less(constant_of(a, "threshold"), x, x, otherwise);
}

Expr shrink(const Attributes& a, Expr x) {
  const Expr lambda = constant_of(a, "lambda"), bias = constant_of(a, "bias");
  const Expr negative = select_less(x, -lambda, x + bias, select_less(x, kInfinite, 0.0f, x));
  return select_less(lambda, x, x - bias, negative);
}

// The constants are those of ops/activation/selu.cpp, scale and scale alpha.
Expr selu(const Attributes&, Expr x) {
  return Halide::select(x > 0.0f, 1.05070099f * x, 1.75809934f * expm1_of(at_most(x, 0.0f)));
}

// By tanh: 0.5 (1 + tanh z / 2) = 1 / (1 + e^-z).
Expr gelu(const Attributes& a, Expr x) {
  if (is_on(a, "approximate")) return x * sigmoid_of(x * (1.59576912f + 0.0713548163f * x * x));
  return 0.5f * x * (1.0f + erf_of(x * 0.707106781f));
}

Expr silu(const Attributes&, Expr x) {
  return x * sigmoid_of(x);
}

// tanh(log(1 + w)) = n / (n + 2) with w = e^x, n = w (w + 2); 1 in float from x = 10 on.
Expr mish(const Attributes&, Expr x) {
  const Expr w = exp_of(at_most(x, 10.0f)), n = w * (w + 2.0f);
  return x * (n / (n + 2.0f));
}

// log(1 + e^z) = max(z, 0) + log(1 + e^-|z|)
Expr softplus(const Attributes& a, Expr x) {
  const Expr z = constant_of(a, "beta") * x;
  const Expr smooth = at_least(z, 0.0f) + log1p_of(exp_of(-Halide::abs(z)));
  return Halide::select(z > constant_of(a, "threshold"), x, smooth * (1.0f / constant_of(a, "beta")));
}

// strict_float keeps the sum inside the limits: moved out of them, as fast-math does, they would be 6 times
// the rounding of 1/6 away from 0 and 1.
Expr hardsigmoid_in_sixths(Expr x) {
  return clamp_of(Halide::strict_float(x + 3.0f), 0.0f, 6.0f) * (1.0f / 6);
}

Expr hardsigmoid(const Attributes& a, Expr x) {
  if (is_in_sixths(a)) return hardsigmoid_in_sixths(x);
  if (is_zero(a, "slope")) {
    const float all = std::clamp(static_cast<float>(real(a, "offset")), 0.0f, 1.0f);
    return clamp_of(x, all, all);
  }
  return clamp_of(constant_of(a, "slope") * x + constant_of(a, "offset"), 0.0f, 1.0f);
}

Expr hardswish(const Attributes&, Expr x) {
  return x * hardsigmoid_in_sixths(x);
}

Expr abs(Expr x) {
  return Halide::abs(x);
}

Expr neg(Expr x) {
  return -x;
}

Expr affine(const Attributes& attributes, Expr x) {
  return x * static_cast<float>(real(attributes, "factor")) + static_cast<float>(real(attributes, "offset"));
}

Expr square(Expr x) {
  return x * x;
}

// strict_float keeps LLVM from an estimate of the quotient or the root, which has other limits.
Expr reciprocal(Expr x) {
  return Halide::strict_float(1.0f / x);
}

Expr sqrt(Expr x) {
  return Halide::strict_float(Halide::sqrt(x));
}

Expr floor(Expr x) {
  return Halide::floor(x);
}

// The bits of the whole number, in the place of the float's.
Expr int32_of(Expr x) {
  return Halide::reinterpret<float>(Halide::cast<int>(x));
}

// Of a single element Halide's own calls the C library.
Expr ceil(Expr x) {
  return -Halide::floor(-x);
}

Expr round(Expr x) {
  return Halide::round(x);
}

Expr sign(Expr x) {
  return select_less(0.0f, x, 1.0f, select_less(x, 0.0f, -1.0f, x));
}

Expr softsign(Expr x) {
  return x / (1.0f + Halide::abs(x));
}

// clang-format off
struct Entry {
  std::string_view op;
  Activation activation;
};

constexpr Entry kActivations[] = {
    {"affine", affine},
    {"celu", celu},
    {"clip", clip},
    {"elu", elu},
    {"gelu", gelu},
    {"hardsigmoid", hardsigmoid},
    {"hardswish", hardswish},
    {"leaky_relu", leaky_relu},
    {"mish", mish},
    {"relu", relu},
    {"relu6", relu6},
    {"selu", selu},
    {"shrink", shrink},
    {"silu", silu},
    {"softplus", softplus},
    {"threshold", threshold},
};

// Those without attributes that are a function of x and nothing else.
struct Function {
  std::string_view op;
  Expr (*of)(Expr);
};

constexpr Function kFunctions[] = {
    {"abs", abs},
    {"ceil", ceil},
    {"cos", cos_of},
    {"erf", erf_of},
    {"exp", any_exp_of},
    {"floor", floor},
    {"int32", int32_of},
    {"log", any_log_of},
    {"neg", neg},
    {"reciprocal", reciprocal},
    {"round", round},
    {"sigmoid", sigmoid_of},
    {"sign", sign},
    {"sin", sin_of},
    {"softsign", softsign},
    {"sqrt", sqrt},
    {"square", square},
    {"tanh", tanh_of},
};
// clang-format on

// The row of that name, or null.
template <class Table>
auto find(const Table& table, std::string_view op) {
  const auto found =
      std::find_if(std::begin(table), std::end(table), [&](const auto& row) { return row.op == op; });
  return found == std::end(table) ? nullptr : &*found;
}

}  // namespace

bool is_activation(std::string_view op) {
  return find(kActivations, op) || find(kFunctions, op);
}

Expr activate(const std::string& op, const Attributes& attributes, Expr x) {
  if (const Function* function = find(kFunctions, op)) return function->of(x);
  if (const Entry* entry = find(kActivations, op)) return entry->activation(attributes, x);
  throw std::logic_error("no activation: " + op);
}

namespace {

Expr apply_step(const EpilogueStep& step, const Expr& x, const std::function<Expr(int)>& operand) {
  if (step.op == "add") return x + operand(step.operand);
  if (step.op == "multiply") return x * operand(step.operand);
  if (step.op == "add_dequantized") return x + dequantized(step.attributes, operand(step.operand));
  if (step.op == "quantize") return quantized(step.attributes, x);
  if (step.op == "add_bfloat16") return x + float_of_bfloat16(operand(step.operand));
  if (step.op == "bfloat16") return bfloat16_of(x);
  return activate(step.op, step.attributes, x);
}

// Whether a step changes nothing of the byte that the next one makes: below 0 there is none.
bool is_in_next(const EpilogueStep& step, const EpilogueStep& next) {
  return step.op == "relu" && next.op == "quantize" && integer(next.attributes, "zero_point") == 0;
}

// Steps in bytes want what comes before them as it is defined, operation by operation.
bool is_strict(const EpilogueStep& step) {
  return step.op == "add_dequantized" || step.op == "quantize";
}

// Each step's result is one that nothing is joined with: around the whole, which may be a byte, strict_float
// does not keep a sum in it from becoming a multiply-add.
Expr apply_steps(const std::vector<EpilogueStep>& steps, Expr x, bool strictly,
                 const std::function<Expr(int)>& operand) {
  const auto kept = [&](const Expr& e) {
    return strictly && e.type().is_float() ? Halide::strict_float(e) : e;
  };
  x = kept(x);
  for (size_t i = 0; i < steps.size(); ++i)
    if (i + 1 == steps.size() || !is_in_next(steps[i], steps[i + 1]))
      x = kept(apply_step(steps[i], x, operand));
  return x;
}

}  // namespace

Expr apply_epilogue(const Kernel& kernel, Expr x, const std::function<Expr(int)>& operand) {
  const std::vector<EpilogueStep>& steps = kernel.epilogue;
  return apply_steps(steps, std::move(x), std::any_of(steps.begin(), steps.end(), is_strict), operand);
}

Expr apply_strictly(const Kernel& kernel, const Expr& x, const std::function<Expr(int)>& operand) {
  return apply_steps(kernel.epilogue, x, true, operand);
}

}  // namespace cnnc
