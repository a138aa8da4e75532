#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "kernels/activation.h"
#include "kernels/families.h"
#include "kernels/strategies.h"

namespace cnnc {

namespace {

ScheduledKernel build_kernel(const Kernel& kernel, const Target& target) {
  using Builder = ScheduledKernel (*)(const Kernel&, const Target&);
  static const std::map<std::string_view, Builder> families = {
      {"conv_blocked", conv_blocked},
      {"conv_planar", conv_planar},
      {"conv_winograd", conv_winograd},
      {"conv_winograd_2d", conv_winograd_2d},
      {"conv_depthwise", conv_depthwise},
      {"conv_few_outputs", conv_few_outputs},
      {"conv_pairs", conv_pairs},
      {"conv_and_depthwise", conv_and_depthwise},
      {"dense", dense},
      {"conv_u8", conv_u8},
      {"conv_bfloat16", conv_bfloat16},
      {"conv_depthwise_u8", conv_depthwise_u8},
      {"dense_u8", dense_u8},
      {"avgpool_u8", avgpool_u8},
      {"quantize", quantize},
      {"dequantize", quantize},
      {"bfloat16", quantize},
      {"flip_sign_bit", quantize},
      {"upconv_bias", upconv_bias},
      {"maxpool", maxpool},
      {"avgpool", avgpool},
      {"adaptive_maxpool", adaptive_pool},
      {"adaptive_avgpool", adaptive_pool},
      {"upsample", resample},
      {"resize", resample},
      {"pad", pad},
      {"lrn", lrn},
      {"add", elementwise},
      {"multiply", elementwise},
      {"batchnorm", elementwise},
      {"prelu", elementwise},
      {"softmax", softmax},
      {"log_softmax", softmax},
      {"concat", channels},
      {"slice", channels},
      {"channel_shuffle", channels},
      {"space_to_depth", channels},
      {"depth_to_space", channels},
      {"copy", copy},
      {"tensor", tensor},
  };
  if (is_activation(kernel.family)) return elementwise(kernel, target);
  const auto found = families.find(kernel.family);
  if (found == families.end()) throw std::logic_error("no kernels of family " + kernel.family);
  return found->second(kernel, target);
}

Halide::Target without_runtime(const Target& target, const std::string& features) {
  using T = Halide::Target;
  T halide(fmt::format("{}-{}{}{}", target.architecture->halide, target.system->halide,
                       features.empty() ? "" : "-", features));
  for (const T::Feature feature : {T::NoRuntime, T::NoAsserts, T::NoBoundsQuery}) halide.set_feature(feature);
  return halide;
}

}  // namespace

ScheduledKernel schedule_kernel(const Kernel& kernel, const Target& target) {
  ScheduledKernel scheduled = build_kernel(kernel, target);
  if (!kernel.strategy.empty()) apply_strategy(scheduled, kernel, target);
  return scheduled;
}

Halide::Target halide_target(const Target& target) {
  return without_runtime(target, target.halide);
}

Halide::Target halide_target_of_dots(const Target& target) {
  return without_runtime(target, *target.halide_dots ? target.halide_dots : target.halide);
}

}  // namespace cnnc
