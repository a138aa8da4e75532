// What options of several commands say by the same words: which network, in what it is computed, and how
// pictures become its input.
#pragma once
#include "driver/options/option_values.h"
#include "driver/options/options.h"
#include "driver/options/words.h"

namespace cnnc {

// These throw UsageError.
onnx::TranslateOptions onnx_options(const Words& words);
PictureOptions picture_options(const Words& words);

template <class Options>
void set_network(Options& options, const Words& words) {
  options.model = words.model;
  options.onnx = onnx_options(words);
}

template <class Options>
void set_precision(Options& options, const Words& words) {
  options.quantization = path_of(words.quantization);
  options.bfloat16 = is_bfloat16(words.precision);
  if (options.bfloat16 && options.quantization)
    throw UsageError{"'--precision bf16' is for networks of floats, without '--quantize'"};
}

}  // namespace cnnc
