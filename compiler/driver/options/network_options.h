// What options of several commands say by the same words: which network, and how pictures become its input.
#pragma once
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

}  // namespace cnnc
