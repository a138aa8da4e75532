#include "quantize/integer_epilogue.h"

#include <algorithm>

#include "ops/activation/clip.h"

namespace cnnc {
namespace {

double rounded_to_float(double value) {
  return static_cast<double>(static_cast<float>(value));
}

bool keeps_factors(const EpilogueStep& step) {
  return step.op == "relu" || step.op == "leaky_relu" || step.op == "relu6" || step.op == "clip" ||
         step.op == "add_dequantized";
}

double divided_limit(double limit, double divisor) {
  return is_clip_limit(limit) ? rounded_to_float(limit / divisor) : limit;
}

// relu and relu6 as clip, whose limits can be divided and compared.
EpilogueStep divided(EpilogueStep step, double divisor) {
  if (step.op == "relu6") step = {"clip", {{"min", 0.0}, {"max", 6.0}}, -1};
  if (step.op == "clip")
    for (const char* limit : {"min", "max"})
      step.attributes[limit] = divided_limit(real(step.attributes, limit), divisor);
  if (step.op == "add_dequantized")
    step.attributes["scale"] = rounded_to_float(real(step.attributes, "scale") / divisor);
  return step;
}

// Whether bytes cannot hold what the step takes away: their steps from zero are -zero_point to 255 -
// zero_point.
bool is_done_by_bytes(const EpilogueStep& step, int zero_point) {
  if (step.op == "relu") return zero_point == 0;
  if (step.op != "clip") return false;
  const double least = real(step.attributes, "min"), most = real(step.attributes, "max");
  return least <= -zero_point && most >= 255 - zero_point;
}

}  // namespace

Attributes byte_attributes(double scale, int zero_point) {
  return {{"scale", rounded_to_float(scale)}, {"zero_point", int64_t{zero_point}}};
}

IntegerEpilogue integer_epilogue(std::vector<EpilogueStep> steps, const std::optional<ByteScale>& result) {
  if (!result) return {std::move(steps)};
  if (!std::all_of(steps.begin(), steps.end(), keeps_factors)) {
    steps.push_back({"quantize", byte_attributes(result->scale, result->zero_point)});
    return {std::move(steps)};
  }
  for (EpilogueStep& step : steps) step = divided(std::move(step), result->scale);
  while (!steps.empty() && is_done_by_bytes(steps.back(), result->zero_point)) steps.pop_back();
  steps.push_back({"quantize", byte_attributes(1, result->zero_point)});
  return {std::move(steps), result->scale};
}

}  // namespace cnnc
