// A convolution with a weight that the network computes (dynamic convolution; a template that is looked for;
// styles that scale the filters), and its way back from columns.
#include <fmt/format.h>

#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"

namespace cnnc::onnx {
namespace {

// A convolution of I channels in G groups to O channels, over axes of rows, columns or whatever there is.
struct Geometry {
  int64_t groups, from, to;             // I, O
  Dims size, filter, stride, dilation;  // along each axis
  Dims before, behind;                  // padding
  Dims result;
};

void want_padding(Geometry& g, const Node& node) {
  const size_t rank = g.size.size();
  const std::string automatic = word(node, "auto_pad", "NOTSET");
  const std::vector<int64_t> pads = integers(node, "pads", Dims(2 * rank, 0));
  if (pads.size() != 2 * rank)
    throw Unmapped{fmt::format("its 'pads' has {} numbers; {} are expected", pads.size(), 2 * rank), ""};
  for (size_t i = 0; i < rank; ++i) {
    g.before.push_back(automatic == "VALID" ? 0 : pads[i]);
    g.behind.push_back(automatic == "VALID" ? 0 : pads[rank + i]);
    if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER") continue;
    const int64_t windows = (g.size[i] - 1) / g.stride[i] + 1;
    const int64_t all =
        std::max<int64_t>((windows - 1) * g.stride[i] + g.dilation[i] * (g.filter[i] - 1) + 1 - g.size[i], 0);
    g.before[i] = automatic == "SAME_UPPER" ? all / 2 : all - all / 2;
    g.behind[i] = all - g.before[i];
  }
}

void want_sizes(const Dims& sizes, const char* name, size_t rank, int64_t least) {
  const bool is_fine = sizes.size() == rank && std::all_of(sizes.begin(), sizes.end(), [&](int64_t s) {
                         return s >= least && s < (int64_t{1} << 31);
                       });
  if (!is_fine) throw Unmapped{fmt::format("its '{}' is {}, over {} axes", name, to_string(sizes), rank), ""};
}

Geometry geometry_of(const Node& node, const Dims& x, const Dims& weight) {
  Geometry g{integer(node, "group", 1),
             x[1],
             weight[0],
             {x.begin() + 2, x.end()},
             {weight.begin() + 2, weight.end()},
             {},
             {},
             {},
             {},
             {}};
  const size_t rank = g.size.size();
  g.stride = integers(node, "strides", Dims(rank, 1));
  g.dilation = integers(node, "dilations", Dims(rank, 1));
  want_sizes(g.filter, "kernel_shape", rank, 1);
  want_sizes(g.stride, "strides", rank, 1);
  want_sizes(g.dilation, "dilations", rank, 1);
  want_padding(g, node);
  want_sizes(g.before, "pads", rank, 0);
  want_sizes(g.behind, "pads", rank, 0);
  if (g.groups < 1 || g.from % g.groups != 0 || g.to % g.groups != 0 || weight[1] != g.from / g.groups)
    throw Unmapped{fmt::format("its weight of {} in {} groups does not suit an input of {} channels",
                               to_string(weight), g.groups, g.from),
                   ""};
  for (size_t i = 0; i < rank; ++i) {
    const int64_t room = g.size[i] + g.before[i] + g.behind[i] - g.dilation[i] * (g.filter[i] - 1) - 1;
    if (room < 0)
      throw Unmapped{fmt::format("its filter of {} is larger than its input of {}", to_string(g.filter),
                                 to_string(g.size)),
                     ""};
    g.result.push_back(room / g.stride[i] + 1);
  }
  return g;
}

std::string padded(Composer& c, const Geometry& g, const std::string& x) {
  const auto none = [](int64_t pad) { return pad == 0; };
  if (std::all_of(g.before.begin(), g.before.end(), none) &&
      std::all_of(g.behind.begin(), g.behind.end(), none))
    return x;
  Dims pads = {0, 0};
  pads.insert(pads.end(), g.before.begin(), g.before.end());
  pads.insert(pads.end(), {0, 0});
  pads.insert(pads.end(), g.behind.begin(), g.behind.end());
  return c.add("Pad", {x, c.whole(pads)});
}

// What weight number `tap` of each filter meets: a tensor of the result's size.
std::string seen_by(Composer& c, const Geometry& g, const std::string& x, int64_t tap) {
  Dims begins, ends, axes;
  for (size_t i = g.size.size(); i-- > 0; tap /= g.filter[i]) {
    const int64_t begin = tap % g.filter[i] * g.dilation[i];
    begins.insert(begins.begin(), begin);
    ends.insert(ends.begin(), begin + (g.result[i] - 1) * g.stride[i] + 1);
    axes.insert(axes.begin(), static_cast<int64_t>(i) + 2);
  }
  return c.slice(x, begins, ends, axes, g.stride);
}

// One filter a channel: the sum of the products with each of its weights.
std::string each_channel(Composer& c, const Geometry& g, const std::string& x, const std::string& weight,
                         int64_t taps) {
  const std::string weights = c.reshape(weight, {1, g.to, taps});
  Dims one = {1, g.to};
  one.resize(2 + g.size.size(), 1);
  std::string sum;
  for (int64_t tap = 0; tap < taps; ++tap) {
    const std::string factor = c.reshape(c.slice(weights, {tap}, {tap + 1}, {2}, {1}), one);
    const std::string product = c.add("Mul", {seen_by(c, g, x, tap), factor});
    sum = sum.empty() ? product : c.add("Add", {sum, product});
  }
  return sum;
}

// The columns that the filters meet, and the matrix that the filters are.
std::string by_matrices(Composer& c, const Geometry& g, const std::string& x, const std::string& weight,
                        int64_t taps) {
  const int64_t channels = g.from / g.groups, pixels = checked_elements(g.result);
  std::vector<std::string> seen;
  for (int64_t tap = 0; tap < taps; ++tap)
    seen.push_back(c.reshape(seen_by(c, g, x, tap), {g.groups, channels, 1, pixels}));
  const std::string all = seen.size() == 1 ? seen[0] : c.add("Concat", seen, {{"axis", int64_t{2}}});
  const std::string columns = c.reshape(all, {g.groups, channels * taps, pixels});
  const std::string filters = c.reshape(weight, {g.groups, g.to / g.groups, channels * taps});
  Dims result = {1, g.to};
  result.insert(result.end(), g.result.begin(), g.result.end());
  return c.reshape(c.add("MatMul", {filters, columns}), result);
}

}  // namespace

// Of one image: of several, each would have its own weight.
std::optional<Composition> compose_conv(const Translation& t, const Node& node) {
  constexpr int64_t kMostTaps = 256;
  const Dims x = dims_of_input(t, node, 0), weight = dims_of_input(t, node, 1);
  const bool is_constant = constant_input(t, node, 1) && (!has_input(node, 2) || constant_input(t, node, 2));
  if (is_constant) return compose_conv_of_several(t, node);
  if (t.images > 1 || x.size() < 3 || weight.size() != x.size() || x[0] != 1) return std::nullopt;
  const Geometry g = geometry_of(node, x, weight);
  const int64_t taps = checked_elements(g.filter);
  if (taps > kMostTaps)
    throw Unmapped{
        fmt::format("its weight is computed by the network, of filters of {} elements; {} are possible", taps,
                    kMostTaps),
        ""};
  Composer c(t, node);
  const std::string around = padded(c, g, node.inputs[0]);
  const bool is_depthwise = g.groups == g.from && g.groups == g.to;
  const std::string y = is_depthwise ? each_channel(c, g, around, node.inputs[1], taps)
                                     : by_matrices(c, g, around, node.inputs[1], taps);
  if (!has_input(node, 2)) {
    c.finish("Identity", {y});
    return c.take();
  }
  Dims one = {1, g.to};
  one.resize(x.size(), 1);
  c.finish("Add", {y, c.reshape(node.inputs[2], one)});
  return c.take();
}

// Each column of C k elements is put back to where a window of k elements was: a transposed convolution of
// each channel, whose filter number i holds a single 1, at i.
std::optional<Composition> compose_col2im(const Translation& t, const Node& node) {
  const Dims x = dims_of_input(t, node, 0);
  const Dims image = *need_integers(t, node, 1, "its shape of the image").integers;
  const Dims block = *need_integers(t, node, 2, "its shape of the blocks").integers;
  const size_t rank = image.size();
  if (x.size() != 3 || block.size() != rank || rank < 1 || rank > 2) return std::nullopt;
  const int64_t taps = checked_elements(block);
  if (taps < 1 || x[1] % taps != 0)
    throw Unmapped{fmt::format("its {} rows are no multiple of the {} elements of a block", x[1], taps), ""};
  want_few(x[1] * taps);
  const Dims stride = integers(node, "strides", Dims(rank, 1)),
             dilation = integers(node, "dilations", Dims(rank, 1));
  const Dims pads = integers(node, "pads", Dims(2 * rank, 0));
  want_sizes(stride, "strides", rank, 1);
  want_sizes(dilation, "dilations", rank, 1);
  want_sizes(pads, "pads", 2 * rank, 0);
  Dims columns = {x[0], x[1]}, rest;
  for (size_t i = 0; i < rank; ++i) {
    const int64_t room = image[i] + pads[i] + pads[rank + i] - dilation[i] * (block[i] - 1) - 1;
    if (room < 0)
      throw Unmapped{
          fmt::format("its block of {} is larger than its image of {}", to_string(block), to_string(image)),
          ""};
    columns.push_back(room / stride[i] + 1);
    rest.push_back(room % stride[i]);
  }
  std::vector<float> filters(static_cast<size_t>(x[1] * taps), 0);
  for (int64_t i = 0; i < x[1]; ++i) filters[static_cast<size_t>(i * taps + i % taps)] = 1;
  Dims weight = {x[1], 1};
  weight.insert(weight.end(), block.begin(), block.end());
  const int64_t channels = x[1] / taps;
  Composer c(t, node);
  c.finish("ConvTranspose", {c.reshape(node.inputs[0], columns), c.floats(std::move(filters), weight)},
           {{"group", channels},
            {"strides", stride},
            {"dilations", dilation},
            {"pads", pads},
            {"output_padding", rest}});
  return c.take();
}

}  // namespace cnnc::onnx
