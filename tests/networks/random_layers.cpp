#include "networks/random_layers.h"

#include <fmt/format.h>

#include <algorithm>

namespace cnnc {

int64_t below(Draw& d, int64_t n) {
  return static_cast<int64_t>(d.random() % static_cast<uint64_t>(n));
}

bool chance(Draw& d, int64_t percent) {
  return below(d, 100) < percent;
}

int64_t some_channels(Draw& d) {
  return one_of<int64_t>(d, {1, 1, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33});
}

int64_t some_height(Draw& d) {
  return one_of<int64_t>(d, {1, 1, 1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 19});
}

// Vectors run along the width: one, two and a half of them, of every length, and a column less or more.
int64_t some_width(Draw& d) {
  return one_of<int64_t>(
      d, {1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 21, 23, 24, 25, 31, 32, 33});
}

namespace {

std::string some_pair(Draw& d, const std::vector<int64_t>& values) {
  const int64_t first = one_of(d, values);
  return chance(d, 70) ? fmt::format("{}x{}", first, first) : fmt::format("{}x{}", first, one_of(d, values));
}

std::string some_window(Draw& d, const std::vector<int64_t>& filters) {
  std::string text = some_pair(d, filters);
  if (chance(d, 60)) text += " stride " + some_pair(d, {1, 2, 2, 3, 3});
  if (chance(d, 15)) text += " dilation " + some_pair(d, {1, 2, 3});
  if (chance(d, 60))
    text += one_of<std::string>(d, {" pad 1", " pad 1", " pad 2", " pad same", " pad 0x1", " pad 1x0",
                                    " pad 2 1 0 1", " pad 1 0 0 0", " pad 0 0 0 2"});
  return text;
}

std::vector<int64_t> divisors_of(int64_t n) {
  std::vector<int64_t> divisors;
  for (int64_t d = 1; d <= n; ++d)
    if (n % d == 0) divisors.push_back(d);
  return divisors;
}

// " groups 4", with a number of channels that it divides; "" where the input has one channel.
std::string some_groups(Draw& d, int64_t& channels) {
  const int64_t inputs = d.shape.channels();
  if (inputs == 1) return "";
  const int64_t groups = chance(d, 50) ? inputs : one_of(d, divisors_of(inputs));
  channels = groups * one_of<int64_t>(d, {1, 1, 2, 3});
  return fmt::format(" groups {}", groups);
}

std::string some_conv(Draw& d) {
  int64_t channels = some_channels(d);
  const std::string groups = chance(d, 25) ? some_groups(d, channels) : "";
  return fmt::format("conv {} {}{}{}", channels, some_window(d, {1, 1, 2, 3, 3, 3, 5}), groups,
                     chance(d, 40) ? " bias off" : "");
}

// Small filters with any relation to the stride, and output padding up to it.
std::string some_upconv(Draw& d) {
  int64_t channels = some_channels(d);
  const std::string groups = chance(d, 25) ? some_groups(d, channels) : "";
  std::string text = fmt::format("upconv {} {}", channels, some_pair(d, {1, 2, 2, 3, 4}));
  if (chance(d, 70)) text += " stride " + some_pair(d, {1, 2, 2, 3, 3});
  if (chance(d, 15)) text += " dilation " + some_pair(d, {1, 2, 3});
  if (chance(d, 40)) text += one_of<std::string>(d, {" pad 1", " pad 0x1", " pad 2 1 0 1"});
  if (chance(d, 20)) text += one_of<std::string>(d, {" output_pad 1", " output_pad 0x1"});
  return text + groups + (chance(d, 40) ? " bias off" : "");
}

std::string some_pool(Draw& d) {
  const bool average = chance(d, 50);
  std::string text = (average ? "avgpool " : "maxpool ") + some_window(d, {1, 2, 2, 3, 3, 5});
  if (chance(d, 30)) text += " ceil on";
  if (average && chance(d, 30)) text += " include_pad off";
  return text;
}

// At times to every second or third pixel.
std::string some_resize(Draw& d) {
  if (chance(d, 50)) return "resize " + some_pair(d, {1, 2, 3, 5, 8, 11});
  const auto part_of = [&](int64_t size) {
    return std::max<int64_t>(size / one_of<int64_t>(d, {1, 2, 2, 3}), 1);
  };
  const int64_t height = part_of(d.shape.height()), width = part_of(d.shape.width());
  return fmt::format("resize {}x{}", height, width);
}

// A scale that is not the quotient of the sizes, and the sizes that it makes.
std::string some_scaled(Draw& d) {
  const float scale = one_of<float>(d, {0.6F, 0.9F, 1.3F, 1.7F, 2.6F});
  const auto scaled = [&](int64_t size) {
    return std::max<int64_t>(static_cast<int64_t>(static_cast<float>(size) * scale), 1);
  };
  return fmt::format("resize {0}x{1} row_scale {2} column_scale {2}", scaled(d.shape.height()),
                     scaled(d.shape.width()), scale);
}

// Words that go with the mode that the layer has, or another mode with its words.
std::string some_words_of_places(Draw& d, const std::string& layer) {
  const std::string places =
      " places " + one_of<std::string>(d, {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
                                           "corners", "asymmetric", "tf_half_pixel_for_nn"});
  if (layer.find("align_corners") != std::string::npos) return "";
  if (layer.find("bilinear") != std::string::npos) return places;
  if (chance(d, 50))
    return places + " rounding " + one_of<std::string>(d, {"floor", "ceil", "half_down", "half_up"});
  return " mode bicubic" + (chance(d, 50) ? places : "") +
         (chance(d, 30) ? " cubic_coefficient (-0.5)" : "") + (chance(d, 30) ? " exclude_outside on" : "");
}

std::string some_resampling(Draw& d) {
  std::string text = chance(d, 50)   ? "upsample " + some_pair(d, {1, 2, 2, 3})
                     : chance(d, 30) ? some_scaled(d)
                                     : some_resize(d);
  if (chance(d, 50)) text += chance(d, 50) ? " mode bilinear" : " mode bilinear align_corners on";
  if (chance(d, 50)) return text;
  return text + some_words_of_places(d, text);
}

// Of operators on maps that networks have once, if at all.
std::string some_rare_layer(Draw& d) {
  const int64_t kind = below(d, 4);
  if (kind == 0) return some_resampling(d);
  if (kind == 1)
    return one_of<std::string>(d, {"adaptive_avgpool ", "adaptive_maxpool "}) + some_pair(d, {1, 2, 3, 5, 6});
  if (kind == 2)
    return fmt::format("lrn {} alpha {} beta {} k {}", one_of<int64_t>(d, {1, 2, 3, 5, 9}),
                       one_of<std::string>(d, {"1e-4", "0.5", "2"}),
                       one_of<std::string>(d, {"0.75", "0.5", "1", "0.6"}),
                       one_of<std::string>(d, {"1", "2"}));
  return one_of<std::string>(d, {"pad 1", "pad 1x2 value 0.5", "pad 2 1 0 1"}) +
         one_of<std::string>(d, {"", " mode reflect", " mode replicate"});
}

// Moves channels or pixels about.
std::string some_move(Draw& d) {
  const int64_t channels = d.shape.channels();
  const int64_t begin = chance(d, 30) ? channels / 16 * 16 : below(d, channels);
  const int64_t divisor = one_of(d, divisors_of(channels));
  switch (below(d, 5)) {
    case 0:
      return fmt::format("slice {} {}", begin, begin + 1 + below(d, channels));
    case 1:
      return fmt::format("split {} part {}", divisor, below(d, divisor));
    case 2:
      return fmt::format("channel_shuffle {}", divisor);
    case 3:
      return fmt::format("space_to_depth {}", one_of<int64_t>(d, {1, 2, 2, 3}));
    default:
      return fmt::format("depth_to_space {}", one_of<int64_t>(d, {1, 2, 2, 3}));
  }
}

int64_t rank(const Draw& d) {
  return static_cast<int64_t>(d.shape.rank());
}

std::string some_softmax(Draw& d) {
  const std::string op = one_of<std::string>(d, {"softmax", "log_softmax"});
  return chance(d, 50) ? op : fmt::format("{} along {}", op, below(d, rank(d)));
}

// Each axis once, in any order.
std::vector<int64_t> some_order(Draw& d) {
  std::vector<int64_t> order;
  for (int64_t axis = 0; axis < rank(d); ++axis)
    order.insert(order.begin() + below(d, static_cast<int64_t>(order.size()) + 1), axis);
  return order;
}

std::string some_axes(Draw& d) {
  std::vector<int64_t> axes = some_order(d);
  axes.resize(static_cast<size_t>(1 + below(d, rank(d))));
  return fmt::format("{}", fmt::join(axes, " "));
}

// A map more often than not; else as many sizes as are drawn, whose product is the number of elements.
std::string some_reshape(Draw& d) {
  int64_t rest = d.shape.elements();
  std::vector<int64_t> sizes;
  for (int64_t n = chance(d, 60) ? 2 : below(d, 6); n > 0; --n) {
    sizes.push_back(one_of(d, divisors_of(rest)));
    rest /= sizes.back();
  }
  sizes.insert(sizes.begin() + below(d, static_cast<int64_t>(sizes.size()) + 1), rest);
  return "reshape " + to_string(Shape(sizes));
}

// A shape that is repeated to the current one: some of its sizes are 1, or not there in front.
Shape some_repeated(Draw& d) {
  Shape shape = d.shape;
  if (chance(d, 40)) shape.sizes.erase(shape.sizes.begin(), shape.sizes.begin() + below(d, rank(d)));
  for (int64_t& size : shape.sizes)
    if (chance(d, 30)) size = 1;
  return shape;
}

// No product of more than a few elements: it would leave the range of float.
std::string some_reduction(Draw& d) {
  const int64_t axis = below(d, rank(d));
  if (chance(d, 35) && d.shape.sizes[static_cast<size_t>(axis)] <= 9)
    return fmt::format("reduce_product {}", axis);
  if (chance(d, 25)) return fmt::format("{} {}", chance(d, 50) ? "argmax" : "argmin", axis);
  return one_of<std::string>(d, {"reduce_max ", "reduce_mean ", "reduce_min ", "reduce_sum "}) + some_axes(d);
}

std::string some_norm(Draw& d) {
  const std::string affine = one_of<std::string>(d, {"", "", " affine off", " bias off"});
  switch (below(d, 5)) {
    case 0:
      return (rank(d) > 1 ? "instancenorm" : "layernorm 0") + affine;
    case 1:
      return fmt::format("groupnorm {}{}", one_of(d, divisors_of(d.shape.sizes[0])), affine);
    case 2:
      return fmt::format("rmsnorm {}{}", some_axes(d), chance(d, 50) ? " affine off" : "");
    case 3:
      return "l2norm " + some_axes(d);
    default:
      return "layernorm " + some_axes(d) + affine;
  }
}

std::string some_crop(Draw& d) {
  const int64_t axis = below(d, rank(d)), size = d.shape.sizes[static_cast<size_t>(axis)];
  const int64_t begin = below(d, size), end = begin + 1 + below(d, size - begin);
  return fmt::format("crop {} {} {}{}", axis, begin, end, chance(d, 30) ? " step 2" : "");
}

// Some places more, or fewer; at most as many more as there are.
std::string some_pad_along(Draw& d) {
  const int64_t axis = below(d, rank(d)), size = d.shape.sizes[static_cast<size_t>(axis)];
  const int64_t most = std::min<int64_t>(size - 1, 4);
  const int64_t before = chance(d, 20) ? -below(d, (size + 1) / 2) : below(d, most + 1);
  const int64_t after = chance(d, 20) ? -below(d, (size + 1) / 2) : below(d, most + 1);
  const std::string mode =
      one_of<std::string>(d, {"", " value 0.5", " mode reflect", " mode replicate", " mode wrap"});
  return fmt::format("pad_along {} ({}) ({}){}", axis, before, after, mode);
}

// Places of one axis fewer than the tensor has, to which its channels are left out.
std::string some_sampling(Draw& d) {
  Shape shape{some_width(d)};
  while (static_cast<int64_t>(shape.rank()) + 1 < rank(d) && shape.rank() < 3)
    shape.sizes.insert(shape.sizes.begin(), one_of<int64_t>(d, {1, 2, 3, 5, 9}));
  shape.sizes.push_back(static_cast<int64_t>(shape.rank()));
  return fmt::format("grid_sample_constant {}{}", to_string(shape), some_words_of_sampling(d));
}

std::string some_tile(Draw& d) {
  std::vector<int64_t> repeats;
  for (int64_t i = 0; i < rank(d); ++i) repeats.push_back(one_of<int64_t>(d, {1, 1, 2, 3}));
  return "tile " + to_string(Shape(repeats));
}

// A layer of volumes, with a reshape before it where the tensor is none.
std::string some_volume_layer(Draw& d) {
  Shape shape = d.shape;
  while (shape.rank() > 4) {
    const int64_t last = shape.sizes.back();
    shape.sizes.pop_back();
    shape.sizes.back() *= last;
  }
  while (shape.rank() < 4) {
    const size_t axis = shape.rank() - 1;
    const int64_t divisor = one_of(d, divisors_of(shape.sizes[axis]));
    shape.sizes[axis] /= divisor;
    shape.sizes.insert(shape.sizes.begin() + 1, divisor);
  }
  const auto triple = [&](int64_t least, int64_t most) {
    const auto n = [&] { return least + below(d, most - least + 1); };
    return fmt::format("{}x{}x{}", n(), n(), n());
  };
  const std::string filter = triple(1, 3), stride = chance(d, 50) ? "" : " stride " + triple(1, 2);
  const int64_t groups = one_of(d, divisors_of(shape.sizes[0]));
  const std::string grouped = groups > 1 && chance(d, 30) ? fmt::format(" groups {}", groups) : "";
  const std::string first = shape == d.shape ? "" : "reshape " + to_string(shape) + "; ";
  switch (below(d, 5)) {
    case 0:
      return fmt::format("{}upconv3d {} {}{}{}", first, groups * (1 + below(d, 3)), filter, stride, grouped);
    case 1:
      return fmt::format("{}maxpool3d {} stride 1 pad {}", first, triple(2, 3), triple(0, 1));
    case 2:
      return fmt::format("{}avgpool3d {}{} pad {}", first, triple(2, 3), stride, triple(0, 1));
    default:
      return fmt::format("{}conv3d {} {}{} pad {}{}", first, groups * (1 + below(d, 3)), filter, stride,
                         triple(0, 2), grouped);
  }
}

std::string some_expand(Draw& d) {
  Shape shape = d.shape;
  for (int64_t& size : shape.sizes)
    if (size == 1) size = one_of<int64_t>(d, {1, 2, 3, 5, 17});
  if (rank(d) < 6 && chance(d, 40)) shape.sizes.insert(shape.sizes.begin(), one_of<int64_t>(d, {1, 2, 3}));
  return "expand " + to_string(shape);
}

}  // namespace

std::string some_words_of_sampling(Draw& d) {
  return std::string(chance(d, 30) ? " mode nearest" : "") +
         one_of<std::string>(d, {"", " padding_mode border", " padding_mode reflection"}) +
         (chance(d, 30) ? " align_corners on" : "");
}

std::string some_activation(Draw& d) {
  return one_of<std::string>(d, {"abs",
                                 "neg",
                                 "exp",
                                 "log",
                                 "erf",
                                 "sin",
                                 "cos",
                                 "softsign",
                                 "celu",
                                 "celu alpha 0.5",
                                 "threshold 0.1",
                                 "threshold (-0.5) value 2",
                                 "shrink",
                                 "shrink lambda 0.25 bias 0.25",
                                 "floor",
                                 "ceil",
                                 "round",
                                 "sign",
                                 "reciprocal",
                                 "sqrt",
                                 "square",
                                 "tanh",
                                 "sigmoid",
                                 "relu6",
                                 "leaky_relu",
                                 "leaky_relu slope (-0.3)",
                                 "prelu",
                                 "prelu per_channel on",
                                 "elu",
                                 "elu alpha 0.5",
                                 "selu",
                                 "gelu",
                                 "gelu approximate on",
                                 "silu",
                                 "mish",
                                 "softplus",
                                 "softplus beta 2 threshold 1",
                                 "hardswish",
                                 "hardsigmoid",
                                 "affine 2 (-0.5)",
                                 "clip min (-0.5) max 0.7"});
}

std::string some_elementwise(Draw& d) {
  if (chance(d, 50)) return some_activation(d);
  return one_of<std::string>(d, {"relu", "relu", "relu", "batchnorm", "batchnorm", "dropout"});
}

std::string some_tensor_layer(Draw& d) {
  switch (below(d, 11)) {
    case 0:
    case 1:
      return some_reshape(d);
    case 8:
      return some_norm(d);
    case 2:
      return fmt::format("permute {}", fmt::join(some_order(d), " "));
    case 3:
      return chance(d, 50) ? some_sampling(d) : "flip " + some_axes(d);
    case 4:
      return chance(d, 50) ? some_crop(d) : some_pad_along(d);
    case 5:
      return chance(d, 50) ? some_expand(d) : some_tile(d);
    case 9:
      return some_volume_layer(d);
    case 6:
      return some_reduction(d);
    case 7:
      return one_of<std::string>(
                 d, {"add_constant ", "subtract_constant ", "multiply_constant ", "divide_constant ",
                     "maximum_constant ", "minimum_constant ", "equal_constant ", "greater_constant ",
                     "greater_equal_constant ", "less_constant ", "less_equal_constant "}) +
             to_string(some_repeated(d));
    default:
      return chance(d, 50) ? some_softmax(d) : some_activation(d);
  }
}

std::string some_layer(Draw& d) {
  if (chance(d, d.shape.is_map() || d.shape.is_vector() ? 20 : 100)) return some_tensor_layer(d);
  return d.shape.is_map() ? some_map_layer(d) : some_vector_layer(d);
}

std::string some_map_layer(Draw& d) {
  const int64_t kind = below(d, 100);
  if (kind < 28) return some_conv(d);
  if (kind < 35) return some_upconv(d);
  if (kind < 44) return some_rare_layer(d);
  if (kind < 61) return some_elementwise(d);
  if (kind < 71) return some_move(d);
  if (kind < 86) return some_pool(d);
  if (kind < 90) return one_of<std::string>(d, {"global_maxpool", "global_avgpool"});
  if (kind < 94) return some_softmax(d);
  return "flatten";
}

std::string some_vector_layer(Draw& d) {
  const int64_t kind = below(d, 100);
  if (kind < 10) return some_move(d);
  if (kind < 50) return fmt::format("dense {}{}", some_channels(d), chance(d, 30) ? " bias off" : "");
  if (kind < 90) return some_elementwise(d);
  return some_softmax(d);
}

}  // namespace cnnc
