// Resize and Upsample: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md#Resize
// ONNX has many rules of which element of the input an element of the result is. Whether one of them is ours
// is not told by their names, but by computing both for each row and column.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/axes.h"
#include "ops/spatial/resample.h"
#include "support/limits.h"

namespace cnnc::onnx {
namespace {

// One dimension: its sizes, and how many elements of the result there are to one of the input.
struct Scaling {
  int64_t input = 1, output = 1;
  float scale = 1;
};

struct Rule {
  std::string mode, coordinates, rounding;
};

// Of opset 10 and of Upsample the scale alone counts, from the first element on.
Rule rule_of(const Translation& t, const Node& node) {
  const bool is_old = node.op == "Upsample" || t.opset < 11;
  return {word(node, "mode", "nearest"),
          is_old ? "asymmetric" : word(node, "coordinate_transformation_mode", "half_pixel"),
          is_old ? "floor" : word(node, "nearest_mode", "round_prefer_floor")};
}

// The place of output `o` in the input, not yet clamped to it. A scale that is the quotient of the sizes,
// rounded, is meant to be exactly that.
double place_of(const Rule& rule, const Scaling& s, int64_t o) {
  const auto at = static_cast<double>(o), input = static_cast<double>(s.input),
             output = static_cast<double>(s.output);
  const bool is_quotient = static_cast<float>(output / input) == s.scale;
  const double from = is_quotient ? input : 1, to = is_quotient ? output : double{s.scale};
  if (rule.coordinates == "asymmetric") return at * from / to;
  if (rule.coordinates == "tf_half_pixel_for_nn") return (2 * at + 1) * from / (2 * to);
  if (rule.coordinates == "align_corners") return s.output > 1 ? at * (input - 1) / (output - 1) : 0;
  if (rule.coordinates == "pytorch_half_pixel" && s.output == 1) return 0;
  if (rule.coordinates == "half_pixel_symmetric") {
    // The result lies in the middle of what it would be without rounding its size.
    const double whole = input * to / from;
    return input / 2 * (1 - output / whole) + (2 * at + 1) * from / (2 * to) - 0.5;
  }
  return ((2 * at + 1) * from - to) / (2 * to);
}

double rounded(const std::string& rounding, double place) {
  if (rounding == "floor") return std::floor(place);
  if (rounding == "ceil") return std::ceil(place);
  return rounding == "round_prefer_ceil" ? std::floor(place + 0.5) : std::ceil(place - 0.5);
}

// Places are the same within what floats, in which engines compute them, make of them.
bool agrees(const Rule& rule, const Scaling& s, const Attributes& ours) {
  const ResampleAxis axis = resample_axis(ours, s.input, s.output);
  const double last = static_cast<double>(s.input - 1);
  for (int64_t o = 0; o < s.output; ++o) {
    const int64_t at = std::max<int64_t>(axis.scale * o + axis.offset, 0);
    const double place = place_of(rule, s, o);
    if (rule.mode == "nearest") {
      const auto index = static_cast<int64_t>(std::clamp(rounded(rule.rounding, place), 0.0, last));
      if (index != at / axis.divisor) return false;
    } else {
      const double own = std::min(static_cast<double>(at) / static_cast<double>(axis.divisor), last);
      if (std::fabs(std::clamp(place, 0.0, last) - own) > 1e-6 * static_cast<double>(s.input)) return false;
    }
  }
  return true;
}

std::optional<Attributes> ours_of(const Rule& rule, const Scaling& rows, const Scaling& columns) {
  const std::string mode = rule.mode == "nearest" ? "nearest" : "bilinear";
  for (const bool align_corners : {false, true}) {
    Attributes ours = {{"mode", mode}, {"align_corners", align_corners}};
    if (mode == "nearest" && align_corners) break;
    if (agrees(rule, rows, ours) && agrees(rule, columns, ours)) return ours;
  }
  return std::nullopt;
}

void want_known(const Rule& rule) {
  const auto want = [](std::string_view what, const std::string& value,
                       std::initializer_list<std::string_view> known, std::string_view hint = "") {
    if (std::find(known.begin(), known.end(), value) == known.end())
      throw Unmapped{fmt::format("its {} '{}' has no counterpart in cnnc", what, value), std::string(hint)};
  };
  want("mode", rule.mode, {"nearest", "linear"},
       "cnnc has 'nearest' and 'linear', which give other values: export the model with one of them");
  want("coordinate_transformation_mode", rule.coordinates,
       {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
        "tf_half_pixel_for_nn"});
  if (rule.mode == "nearest")
    want("nearest_mode", rule.rounding, {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"});
}

Scaling scaled(int64_t size, float scale) {
  // A product of floats, as in other engines: 3 * (5 / 3) is 5 only then.
  const double output = std::floor(static_cast<float>(size) * scale);
  if (!(output >= 1 && output < static_cast<double>(limits::kIntegers)))
    throw Unmapped{fmt::format("it scales {} elements by {}", size, scale), ""};
  return {size, static_cast<int64_t>(output), scale};
}

Scaling sized(int64_t size, int64_t output) {
  if (output < 1 || output >= limits::kIntegers)
    throw Unmapped{fmt::format("it makes {} elements of {}", output, size), ""};
  return {size, output, static_cast<float>(static_cast<double>(output) / static_cast<double>(size))};
}

// The scales of all dimensions; empty: it has sizes instead.
std::vector<float> scales_of(const Translation& t, const Node& node) {
  const size_t at = node.op == "Resize" && t.opset >= 11 ? 2 : 1;
  if (has_input(node, at)) return *need_floats(t, node, at, "its list of scales").floats;
  const auto found = node.attributes.find("scales");
  const auto* scales =
      found == node.attributes.end() ? nullptr : std::get_if<std::vector<float>>(&found->second);
  return scales ? *scales : std::vector<float>();
}

// Sizes that keep the ratio of rows to columns, since opset 18: one scale for all, the least or the greatest
// of what the sizes ask for.
void keep_ratio(const Node& node, std::vector<Scaling>& scalings) {
  const std::string policy = word(node, "keep_aspect_ratio_policy", "stretch");
  if (policy == "stretch" || scalings.empty()) return;
  if (policy != "not_larger" && policy != "not_smaller")
    throw Unmapped{fmt::format("its 'keep_aspect_ratio_policy' is '{}', which ONNX does not have", policy),
                   ""};
  const auto less = [](const Scaling& a, const Scaling& b) { return a.scale < b.scale; };
  const auto [least, greatest] = std::minmax_element(scalings.begin(), scalings.end(), less);
  const float scale = (policy == "not_larger" ? least : greatest)->scale;
  for (Scaling& s : scalings) {
    const float output = std::floor(static_cast<float>(s.input) * scale + 0.5F);
    s = sized(s.input, output < static_cast<float>(limits::kIntegers) ? static_cast<int64_t>(output)
                                                                      : limits::kIntegers);
    s.scale = scale;
  }
}

// Of the axes that it scales: since opset 18 some, before all.
std::vector<Scaling> given_scalings(const Translation& t, const Node& node,
                                    const std::vector<int64_t>& dims) {
  const std::vector<float> scales = scales_of(t, node);
  const std::vector<int64_t> sizes = scales.empty() && has_input(node, 3)
                                         ? *need_integers(t, node, 3, "its list of sizes").integers
                                         : std::vector<int64_t>();
  if (scales.size() != dims.size() && sizes.size() != dims.size())
    throw Unmapped{fmt::format("it has {} scales and {} sizes for {} dimensions", scales.size(), sizes.size(),
                               dims.size()),
                   ""};
  std::vector<Scaling> result;
  for (size_t i = 0; i < dims.size(); ++i)
    result.push_back(scales.empty() ? sized(dims[i], sizes[i]) : scaled(dims[i], scales[i]));
  if (scales.empty()) keep_ratio(node, result);
  return result;
}

std::vector<Scaling> scalings_of(const Translation& t, const Node& node, const std::vector<int64_t>& dims) {
  const std::vector<int64_t> axes = integers(node, "axes", {});
  if (axes.empty()) return given_scalings(t, node, dims);
  std::vector<Scaling> result;
  for (const int64_t dim : dims) result.push_back({dim, dim, 1});
  const std::vector<size_t> which = axes_of(axes, dims.size());
  std::vector<int64_t> scaled_dims;
  for (const size_t axis : which) scaled_dims.push_back(dims[axis]);
  const std::vector<Scaling> given = given_scalings(t, node, scaled_dims);
  for (size_t i = 0; i < which.size(); ++i) result[which[i]] = given[i];
  return result;
}

// Since opset 18, where it scales down: then each element is a mean of more of the input.
void want_no_antialias(const Node& node, const Rule& rule, const Scaling& rows, const Scaling& columns) {
  const bool scales_down = rows.scale < 1 || columns.scale < 1;
  if (integer(node, "antialias", 0) == 0 || rule.mode == "nearest" || !scales_down) return;
  throw Unmapped{
      fmt::format("with 'antialias' it makes {}x{} of {}x{}: each element is a mean of more of the input "
                  "than cnnc takes",
                  rows.output, columns.output, rows.input, columns.input),
      "export the model with antialias=False: the values are others then"};
}

// What to do where the places are others than ours: to take the sizes in place of a factor, if that is all;
// else the places that there are, which give other values.
std::string hint_for(const Translation& t, const Node& node, const Rule& rule, const Scaling& rows,
                     const Scaling& columns) {
  if (node.op == "Upsample" || t.opset < 11)
    return "before opset 11 the operator says no better where it takes them: export the model with opset 11 "
           "or newer";
  const bool has_sizes = scales_of(t, node).empty();
  if (ours_of(rule, sized(rows.input, rows.output), sized(columns.input, columns.output)))
    return has_sizes
               ? fmt::format(
                     "give it the sizes {}x{} and keep_aspect_ratio_policy 'stretch': the places are "
                     "then those of the sizes",
                     rows.output, columns.output)
               : fmt::format(
                     "give it the sizes {0}x{1} in place of the scales, as PyTorch does with size=({0}, {1}) "
                     "or recompute_scale_factor=True: the places are then those of the sizes",
                     rows.output, columns.output);
  return fmt::format(
      "of mode '{}' cnnc has the places of {}, for which the node is given the sizes {}x{}: the values are "
      "others then",
      rule.mode, rule.mode == "nearest" ? "'asymmetric' with 'floor'" : "'half_pixel' and 'align_corners'",
      rows.output, columns.output);
}

// Whole factors are an upsample, all else a resize.
NodeId add_resample(Translation& t, const Node& node, NodeId map, const Scaling& rows, const Scaling& columns,
                    Attributes attributes) {
  const bool is_whole = rows.output % rows.input == 0 && columns.output % columns.input == 0;
  if (is_whole)
    attributes.emplace("factor",
                       std::vector<int64_t>{rows.output / rows.input, columns.output / columns.input});
  else
    attributes.emplace("size", std::vector<int64_t>{rows.output, columns.output});
  return add_node(t, name_of(node), is_whole ? "upsample" : "resize", std::move(attributes), {map});
}

}  // namespace

void map_resize(Translation& t, const Node& node) {
  const View view = need_view(t, node, 0);
  const Rule rule = rule_of(t, node);
  want_known(rule);
  const OrderedMap from = as_ordered_map(t, view);
  const std::vector<Scaling> scalings = scalings_of(t, node, dims_of(view));
  const auto scaling = [&](size_t i) { return scalings[static_cast<size_t>(from.order[i])]; };
  for (const size_t i : {0, 1})
    if (scaling(i).output != scaling(i).input)
      throw Unmapped{"it scales the batch or the channels", "cnnc scales rows and columns"};
  const Scaling rows = from.order.size() == 4 ? scaling(2) : Scaling(),
                columns = scaling(from.order.size() - 1);
  want_no_antialias(node, rule, rows, columns);
  // Places are computed for each row and column, which counts as folding does.
  const int64_t cost = rows.output + columns.output;
  if (cost > t.folding_left)
    throw Unmapped{fmt::format("a map of {}x{} is too large", rows.output, columns.output), ""};
  t.folding_left -= cost;
  auto attributes = ours_of(rule, rows, columns);
  if (!attributes)
    throw Unmapped{
        fmt::format("from {}x{} to {}x{}, by mode '{}' with '{}'{}, it takes other places than cnnc",
                    rows.input, columns.input, rows.output, columns.output, rule.mode, rule.coordinates,
                    rule.mode == "nearest" ? fmt::format(" and '{}'", rule.rounding) : ""),
        hint_for(t, node, rule, rows, columns)};
  if (rows.output == rows.input && columns.output == columns.input)
    return set_output(t, node, result_of(t, from, from.map));
  set_output(t, node,
             result_of(t, from, add_resample(t, node, from.map, rows, columns, std::move(*attributes))));
}

}  // namespace cnnc::onnx
