// Normalisations of constants: what PyTorch's networks with standardised weights do to these.
#include <fmt/format.h>

#include <cmath>

#include "onnx/attributes.h"
#include "onnx/fold/fold_parts.h"
#include "onnx/unmapped.h"

namespace cnnc::onnx {
namespace {

struct Statistics {
  std::vector<float> mean, variance;  // by the channel
};

// One of the further inputs: a number for each channel.
const std::vector<float>& need_channels(const Folding& f, size_t index, int64_t channels) {
  const std::vector<float>& values = need_floats(f, index);
  if (static_cast<int64_t>(values.size()) != channels)
    throw Unmapped{fmt::format("its input {} has {} numbers for {} channels", index, values.size(), channels),
                   ""};
  return values;
}

// Where a channel of N x C x … begins, `count` times `size` elements, `step` apart.
struct Layout {
  int64_t images, channels, size;
  size_t at(int64_t image, int64_t channel) const {
    return static_cast<size_t>((image * channels + channel) * size);
  }
};

// Of all images: the variance is divided by their number, not by one less.
Statistics statistics_of(const std::vector<float>& x, const Layout& layout) {
  Statistics result;
  const auto count = static_cast<double>(layout.images * layout.size);
  const auto mean_of = [&](int64_t channel, auto term) {
    double sum = 0;
    for (int64_t image = 0; image < layout.images; ++image)
      for (int64_t i = 0; i < layout.size; ++i)
        sum += term(double{x[layout.at(image, channel) + static_cast<size_t>(i)]});
    return sum / count;
  };
  for (int64_t channel = 0; channel < layout.channels; ++channel) {
    const double mean = mean_of(channel, [](double v) { return v; });
    result.mean.push_back(static_cast<float>(mean));
    result.variance.push_back(
        static_cast<float>(mean_of(channel, [&](double v) { return (v - mean) * (v - mean); })));
  }
  return result;
}

}  // namespace

// With training_mode, or before opset 14 with further outputs, by its input's own statistics: a weight is
// standardised so. The running ones, outputs 1 and 2, are then means of the given and these; nothing reads
// them.
Constants fold_batchnorm(Folding& f) {
  const Constant& c = need(f, 0);
  const std::vector<float>& x = need_floats(f, 0);
  if (c.dims.size() < 2 || x.empty()) throw Unmapped{fmt::format("its input is {}", to_string(c.dims)), ""};
  const Layout layout{c.dims[0], c.dims[1], elements(c.dims) / c.dims[0] / c.dims[1]};
  spend(f, 2 * elements(c.dims));
  const bool trains = integer(f.node, "training_mode", 0) != 0 || (f.opset < 14 && f.node.outputs.size() > 1);
  const Statistics given{need_channels(f, 3, layout.channels), need_channels(f, 4, layout.channels)};
  const Statistics used = trains ? statistics_of(x, layout) : given;
  const std::vector<float>&scale = need_channels(f, 1, layout.channels),
        &bias = need_channels(f, 2, layout.channels);
  const double epsilon = real(f.node, "epsilon", 1e-5);
  std::vector<float> values = x;
  for (int64_t image = 0; image < layout.images; ++image)
    for (int64_t channel = 0; channel < layout.channels; ++channel) {
      const auto n = static_cast<size_t>(channel);
      const double factor = scale[n] / std::sqrt(used.variance[n] + epsilon);
      for (int64_t i = 0; i < layout.size; ++i) {
        float& value = values[layout.at(image, channel) + static_cast<size_t>(i)];
        value = static_cast<float>((value - double{used.mean[n]}) * factor + bias[n]);
      }
    }
  return {constant_of(std::move(values), c.dims, c.type)};
}

}  // namespace cnnc::onnx
