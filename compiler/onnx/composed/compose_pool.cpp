// Pools and norms that are arithmetic around others.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"

namespace cnnc::onnx {
namespace {

// |x|^p
std::string power_of(Composer& c, const std::string& x, int64_t p) {
  if (p == 1) return c.add("Abs", {x});
  if (p == 2) return c.add("Mul", {x, x});
  return c.add("Pow", {c.add("Abs", {x}), c.number(static_cast<float>(p))});
}

// x^(1/p)
void finish_root(Composer& c, const std::string& x, int64_t p) {
  if (p == 1) return c.finish("Identity", {x});
  if (p == 2) return c.finish("Sqrt", {x});
  c.finish("Pow", {x, c.number(1 / static_cast<float>(p))});
}

int64_t norm_of(const Node& node) {
  const int64_t p = integer(node, "p", 2);
  if (p < 1) throw Unmapped{fmt::format("its p is {}; it may be from 1 on", p), ""};
  return p;
}

// What a MaxPool must be for the places of its greatest elements to be found: windows that stand side by
// side.
struct Windows {
  Dims map;  // N x C x H x W
  int64_t height, width;
};

Windows windows_of(const Node& node, Dims map) {
  const std::vector<int64_t> size = integers(node, "kernel_shape", {});
  const bool is_plain = map.size() == 4 && map[0] == 1 && size.size() == 2 && size[0] > 0 && size[1] > 0 &&
                        integers(node, "strides", {1, 1}) == size &&
                        integers(node, "pads", {0, 0, 0, 0}) == std::vector<int64_t>(4, 0) &&
                        integers(node, "dilations", {1, 1}) == std::vector<int64_t>(2, 1) &&
                        integer(node, "storage_order", 0) == 0;
  if (!is_plain || map[2] % size[0] != 0 || map[3] % size[1] != 0)
    throw Unmapped{
        "it gives the places of the greatest elements of windows that overlap, or do not fill the map",
        "without its second output it is a maxpool"};
  return {std::move(map), size[0], size[1]};
}

void want_one_image(const Translation& t) {
  if (t.images > 1)
    throw Unmapped{"it counts places through all images of a batch", "import it with --batch 1"};
}

// For each channel the place of its first element, C x 1 x 1.
std::string channel_begins(Composer& c, int64_t channels, int64_t pixels) {
  want_few(channels * pixels);
  std::vector<float> begins;
  for (int64_t i = 0; i < channels; ++i) begins.push_back(static_cast<float>(i * pixels));
  return c.floats(std::move(begins), {1, channels, 1, 1});
}

}  // namespace

// The p-th root of the sum of |x|^p over each window: k times its mean, of k elements.
std::optional<Composition> compose_lp_pool(const Translation& t, const Node& node) {
  const int64_t p = norm_of(node);
  Composer c(t, node);
  std::map<std::string, Attribute> attributes = node.attributes;
  attributes.erase("p");
  attributes["count_include_pad"] = int64_t{1};
  int64_t count = 1;
  for (const int64_t size : integers(node, "kernel_shape", {})) count *= size;
  const std::string mean = c.add("AveragePool", {power_of(c, node.inputs.at(0), p)}, attributes);
  finish_root(c, c.add("Mul", {mean, c.number(static_cast<float>(count))}), p);
  return c.take();
}

std::optional<Composition> compose_global_lp_pool(const Translation& t, const Node& node) {
  const int64_t p = norm_of(node);
  const Dims dims = dims_of_input(t, node, 0);
  if (dims.size() < 3) return std::nullopt;
  std::vector<int64_t> axes(dims.size() - 2);
  std::iota(axes.begin(), axes.end(), int64_t{2});
  Composer c(t, node);
  finish_root(c, c.add("ReduceSum", {power_of(c, node.inputs[0], p), c.whole(axes)}), p);
  return c.take();
}

// The places are ((channel H) + row) W + column, found from the place in each window:
// N x C x H/h x W/w x hw, of which the greatest is the first.
std::optional<Composition> compose_maxpool(const Translation& t, const Node& node) {
  if (node.outputs.size() < 2 || node.outputs[1].empty()) return compose_pool_of_several(t, node);
  want_one_image(t);
  const Windows w = windows_of(node, dims_of_input(t, node, 0));
  const int64_t channels = w.map[1], rows = w.map[2] / w.height, columns = w.map[3] / w.width;
  Composer c(t, node);
  const std::string& x = node.inputs[0];
  std::map<std::string, Attribute> attributes = node.attributes;
  c.finish("MaxPool", {x}, attributes);
  const std::string parts =
      c.transpose(c.reshape(x, {1, channels, rows, w.height, columns, w.width}), {0, 1, 2, 4, 3, 5});
  const std::string windows = c.reshape(parts, {1, channels, rows, columns, w.height * w.width});
  const std::string place =
      c.add("Cast", {c.add("ArgMax", {windows}, {{"axis", int64_t{4}}, {"keepdims", int64_t{0}}})},
            {{"to", int64_t{1}}});
  const std::string row = c.add(
      "Floor",
      {c.add("Mul", {c.add("Add", {place, c.number(0.5F)}), c.number(1 / static_cast<float>(w.width))})});
  // row W + column = place + row (W - w)
  const std::string inside =
      c.add("Add", {place, c.add("Mul", {row, c.number(static_cast<float>(w.map[3] - w.width))})});
  std::vector<float> begins;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      begins.push_back(static_cast<float>(i * w.height * w.map[3] + j * w.width));
  const std::string in_map = c.add("Add", {inside, c.floats(std::move(begins), {1, 1, rows, columns})});
  c.finish("Add", {in_map, channel_begins(c, channels, w.map[2] * w.map[3])}, {}, 1);
  return c.take();
}

// Each value is repeated over its window, and stays where the place is its own.
std::optional<Composition> compose_max_unpool(const Translation& t, const Node& node) {
  want_one_image(t);
  const Dims small = dims_of_input(t, node, 0);
  const std::vector<int64_t> size = integers(node, "kernel_shape", {});
  if (has_input(node, 2)) {
    const Constant& shape = need_integers(t, node, 2, "its output_shape");
    if (small.size() != 4 || size.size() != 2 ||
        *shape.integers != Dims{small[0], small[1], small[2] * size[0], small[3] * size[1]})
      throw Unmapped{"its result is of another size than its windows make", "leave 'output_shape' out"};
  }
  if (small.size() != 4 || size.size() != 2) return std::nullopt;
  const int64_t height = small[2] * size[0], width = small[3] * size[1];
  windows_of(node, {small[0], small[1], height, width});
  Composer c(t, node);
  const auto repeated = [&](const std::string& x) {
    const std::string split = c.reshape(x, {1, small[1], small[2], 1, small[3], 1});
    const std::string wide =
        c.add("Expand", {split, c.whole({1, small[1], small[2], size[0], small[3], size[1]})});
    return c.reshape(wide, {1, small[1], height, width});
  };
  const std::string place = c.add("Sub", {c.add("Cast", {node.inputs[1]}, {{"to", int64_t{1}}}),
                                          channel_begins(c, small[1], height * width)});
  std::vector<float> places(static_cast<size_t>(height * width));
  std::iota(places.begin(), places.end(), 0.0F);
  const std::string is_own =
      c.add("Equal", {repeated(place), c.floats(std::move(places), {1, 1, height, width})});
  c.finish("Where", {is_own, repeated(node.inputs[0]), c.number(0)});
  return c.take();
}

// In training, and of a single image: what it takes the statistics of are the pixels of each channel.
std::optional<Composition> compose_batchnorm(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  if (integer(node, "training_mode", 0) == 0 || t.images > 1 || dims.size() < 3 || dims[0] != 1)
    return std::nullopt;
  Composer c(t, node);
  c.finish("InstanceNormalization", {node.inputs[0], node.inputs.at(1), node.inputs.at(2)},
           {{"epsilon", real(node, "epsilon", 1e-5F)}});
  return c.take();
}

}  // namespace cnnc::onnx
