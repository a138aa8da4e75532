#include "onnx/tensors/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/checked.h"

namespace cnnc::onnx {
namespace {

// `filters` filters of `taps` taps, filter i with a 1 at tap one_at(i).
template <class At>
Weights one_hot(Translation& t, int64_t filters, int64_t taps, At one_at) {
  const auto elements = checked_multiply(filters, taps);
  if (!elements) throw Unmapped{fmt::format("{} filters of {} taps are too many", filters, taps), ""};
  spend(t, *elements);
  std::vector<float> values(static_cast<size_t>(*elements));
  for (int64_t i = 0; i < filters; ++i) values[static_cast<size_t>(i * taps + one_at(i))] = 1;
  return {"weight", std::make_shared<const std::vector<float>>(std::move(values))};
}

}  // namespace

NodeId gathered_to_pixel(Translation& t, NodeId map) {
  const Shape shape = shape_of(t, map);
  const int64_t pixels = shape.height() * shape.width();
  return add_node(t, "", "conv",
                  {{"channels", shape.elements()},
                   {"filter", std::vector<int64_t>{shape.height(), shape.width()}},
                   {"groups", shape.channels()},
                   {"bias", false}},
                  {map}, {one_hot(t, shape.elements(), pixels, [&](int64_t i) { return i % pixels; })});
}

NodeId spread_from_pixel(Translation& t, NodeId pixel, int64_t channels, int64_t height, int64_t width) {
  const int64_t pixels = height * width;
  return add_node(t, "", "upconv",
                  {{"channels", channels},
                   {"filter", std::vector<int64_t>{height, width}},
                   {"groups", channels},
                   {"bias", false}},
                  {pixel},
                  {one_hot(t, shape_of(t, pixel).channels(), pixels, [&](int64_t i) { return i % pixels; })});
}

}  // namespace cnnc::onnx
