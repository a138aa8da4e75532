// Layers on channels x depth x height x width.
#include <algorithm>

#include "onnx/export/expression.h"
#include "ops/volume/volume.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

NodeAttributes attributes_of(const Volume& v) {
  const auto all = [&](int64_t WindowAxis::*field) { return Sizes{v[0].*field, v[1].*field, v[2].*field}; };
  Sizes pads = all(&WindowAxis::pad_before);
  const Sizes behind = all(&WindowAxis::pad_after);
  pads.insert(pads.end(), behind.begin(), behind.end());
  return {{"kernel_shape", all(&WindowAxis::filter)},
          {"strides", all(&WindowAxis::stride)},
          {"pads", std::move(pads)},
          {"dilations", all(&WindowAxis::dilation)}};
}

// The input, and behind it all parameters.
std::vector<std::string> input_and_parameters(const Layer& layer) {
  std::vector<std::string> names = {input(layer)};
  for (const Parameter& p : node_of(layer).parameters) names.push_back(parameter(layer, p.name));
  return names;
}

// Windows that 'ceil' adds, by padding behind the input: ONNX's own mode lacks PyTorch's rule for the last
// one.
NodeAttributes pool_attributes(const Volume& given) {
  Volume v = given;
  for (WindowAxis& axis : v)
    axis.pad_after =
        std::max(axis.pad_after, (axis.output - 1) * axis.stride + span(axis) - axis.input - axis.pad_before);
  return attributes_of(v);
}

}  // namespace

void express_conv3d(const Layer& layer) {
  NodeAttributes attributes = attributes_of(volume_of(attributes_of(layer), input_shape(layer)));
  attributes["group"] = integer(attributes_of(layer), "groups");
  finish(layer, "Conv", input_and_parameters(layer), std::move(attributes));
}

void express_upconv3d(const Layer& layer) {
  NodeAttributes attributes = attributes_of(transposed_volume_of(attributes_of(layer), input_shape(layer)));
  const Triple output_pad = triple_of(attributes_of(layer), "output_pad");
  attributes["group"] = integer(attributes_of(layer), "groups");
  attributes["output_padding"] = Sizes(output_pad.begin(), output_pad.end());
  finish(layer, "ConvTranspose", input_and_parameters(layer), std::move(attributes));
}

void express_maxpool3d(const Layer& layer) {
  finish(layer, "MaxPool", {input(layer)},
         pool_attributes(volume_of(attributes_of(layer), input_shape(layer))));
}

void express_avgpool3d(const Layer& layer) {
  const Volume v = volume_of(attributes_of(layer), input_shape(layer));
  const bool include_pad = is_on(attributes_of(layer), "include_pad");
  const auto any = [&](auto holds) { return std::any_of(v.begin(), v.end(), holds); };
  if (any([](const WindowAxis& axis) { return axis.dilation > 1; }))
    throw Unwritable{"its average has no dilation before opset 19", "leave the dilation out"};
  if (include_pad && any([](const WindowAxis& axis) { return overhang(axis) > 0; }))
    throw Unwritable{"ONNX does not say what counts beyond the padding",
                     "write 'include_pad off' or 'ceil off'"};
  NodeAttributes attributes = pool_attributes(v);
  attributes.erase("dilations");
  attributes["count_include_pad"] = int64_t{include_pad};
  finish(layer, "AveragePool", {input(layer)}, std::move(attributes));
}

}  // namespace cnnc::onnx
