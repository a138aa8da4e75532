// BatchNormalization: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#BatchNormalization
#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/affine.h"

namespace cnnc::onnx {
namespace {

// One value for each of the second dimension, as the constants that stand beside it are broadcast.
Constant beside_channels(Constant constant, size_t rank) {
  if (constant.dims.size() == 1) constant.dims.resize(rank - 1, 1);
  return constant;
}

std::shared_ptr<const std::vector<float>> to_floats(const std::vector<double>& values) {
  return std::make_shared<const std::vector<float>>(values.begin(), values.end());
}

// Before opset 14 it trains where it has outputs beyond the first, whether they are read or not.
bool has_outputs_of_training(const Translation& t, const Node& node) {
  const auto is_named = [](const std::string& output) { return !output.empty(); };
  return t.opset < 14 && !node.outputs.empty() &&
         std::any_of(node.outputs.begin() + 1, node.outputs.end(), is_named);
}

}  // namespace

void want_inference(const Translation& t, const Node& node) {
  constexpr const char* kWhy = "it computes the statistics of its batch, as in training";
  if (integer(node, "training_mode", 0) != 0)
    throw Unmapped{kWhy,
                   "export the model for inference (PyTorch: model.eval()), or set its 'training_mode' to 0"};
  if (has_outputs_of_training(t, node))
    throw Unmapped{kWhy,
                   "export the model for inference (PyTorch: model.eval()), or remove the node's outputs but "
                   "the first: before opset 14 it is they that say so"};
  if (integer(node, "spatial", 1) != 1)
    throw Unmapped{"with 'spatial' 0 it has statistics for each pixel; cnnc has them for each channel", ""};
}

void map_batchnorm(Translation& t, const Node& node) {
  want_inference(t, node);
  const View& x = need_view(t, node, 0);
  if (x.dims.size() < 2) throw Unmapped{"its input has no channels", ""};
  constexpr const char* kNames[] = {"weight", "bias", "running_mean", "running_var"};
  std::vector<Constant> constants;
  for (size_t i = 0; i < 4; ++i)
    constants.push_back(beside_channels(need_floats(t, node, i + 1, "one of its statistics"), x.dims.size()));
  const PerChannel seen =
      per_channel(t, x, {&constants[0], &constants[1], &constants[2], &constants[3]}, "statistics");
  std::vector<Weights> weights;
  for (size_t i = 0; i < 4; ++i) weights.push_back({kNames[i], to_floats(seen.values[i])});
  View y = seen.view;
  y.node = add_node(t, name_of(node), "batchnorm", {{"eps", decimal(real(node, "epsilon", 1e-5f))}}, {y.node},
                    std::move(weights));
  set_output(t, node, std::move(y));
}

}  // namespace cnnc::onnx
