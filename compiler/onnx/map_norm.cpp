// BatchNormalization: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#BatchNormalization
#include "onnx/elementwise.h"
#include "onnx/mappings.h"

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

void check_inference(const Node& node) {
  bool more_outputs = false;
  for (size_t i = 1; i < node.outputs.size(); ++i) more_outputs |= !node.outputs[i].empty();
  if (integer(node, "training_mode", 0) != 0 || more_outputs)
    throw Unmapped{"it computes the statistics of its batch, as in training",
                   "export the model for inference (PyTorch: model.eval())"};
  if (integer(node, "spatial", 1) != 1)
    throw Unmapped{"with 'spatial' 0 it has statistics for each pixel; cnnc has them for each channel", ""};
}

}  // namespace

void map_batchnorm(Translation& t, const Node& node) {
  check_inference(node);
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
