// What a user says of a model that the model leaves open.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cnnc::onnx {

struct TranslateOptions {
  // The batch; empty: what the model says, or 1 where it leaves it open.
  std::optional<int64_t> images;
  // By the name of a dimension that the model leaves open, one size ("height"); by the name of an input, its
  // whole shape, with or without the batch.
  std::map<std::string, std::vector<int64_t>> sizes = {};
  // Values of the model that are to be the network's inputs, or its outputs, see cut.h. None: the model's.
  std::vector<std::string> inputs = {}, outputs = {};
  bool folds_pixels = false;  // see fold_pictures in pictures.h
};

}  // namespace cnnc::onnx
