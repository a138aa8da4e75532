// Resize and Upsample: https://github.com/onnx/onnx/blob/v1.17.0/docs/Operators.md#Resize
// ONNX has many rules of which element of the input an element of the result is. Whether one of them is the
// usual one of the language is not told by their names, but by computing both for each row and column.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/axes.h"
#include "onnx/tensors/rearrange.h"
#include "ops/spatial/resample.h"
#include "support/limits.h"

namespace cnnc::onnx {
namespace {

// One dimension: its sizes, and how many elements of the result there are to one of the input.
struct Scaling {
  int64_t input = 1, output = 1;
  float scale = 1;
};

// As the node says it.
struct Rule {
  std::string mode, coordinates, rounding;
  double cubic_coefficient = 0;
  bool exclude_outside = false;
};

// Of opset 10 and of Upsample the scale alone counts, from the first element on; the nearest element is the
// one behind where there are fewer of the result (ONNX's tests of opset 10, and ONNX Runtime).
Rule rule_of(const Translation& t, const Node& node) {
  const bool is_old = node.op == "Upsample" || t.opset < 11;
  return {word(node, "mode", "nearest"),
          is_old ? "asymmetric" : word(node, "coordinate_transformation_mode", "half_pixel"),
          is_old ? "" : word(node, "nearest_mode", "round_prefer_floor"),
          decimal(real(node, "cubic_coeff_a", -0.75F)), integer(node, "exclude_outside", 0) != 0};
}

const std::map<std::string, std::string> kModes = {
    {"nearest", "nearest"}, {"linear", "bilinear"}, {"cubic", "bicubic"}};

const std::map<std::string, std::string> kRoundings = {{"round_prefer_floor", "half_down"},
                                                       {"round_prefer_ceil", "half_up"},
                                                       {"floor", "floor"},
                                                       {"ceil", "ceil"}};

void want_known(const Rule& rule) {
  const auto want = [](std::string_view what, const std::string& value, bool is_known,
                       std::string_view hint = "") {
    if (!is_known)
      throw Unmapped{fmt::format("its {} '{}' has no counterpart in cnnc", what, value), std::string(hint)};
  };
  static const std::set<std::string> coordinates = {"half_pixel",         "half_pixel_symmetric",
                                                    "pytorch_half_pixel", "align_corners",
                                                    "asymmetric",         "tf_half_pixel_for_nn"};
  want("mode", rule.mode, kModes.count(rule.mode) > 0, "ONNX has 'nearest', 'linear' and 'cubic'");
  want("coordinate_transformation_mode", rule.coordinates, coordinates.count(rule.coordinates) > 0,
       rule.coordinates == "tf_crop_and_resize"
           ? "it takes a part of the map as well: crop it before a Resize with 'align_corners'"
           : "");
  if (rule.mode == "nearest" && !rule.rounding.empty())
    want("nearest_mode", rule.rounding, kRoundings.count(rule.rounding) > 0);
}

// A scale that is the quotient of the sizes, rounded, is meant to be exactly that: 0, in our words.
double scale_of(const Scaling& s) {
  const bool is_quotient =
      static_cast<float>(static_cast<double>(s.output) / static_cast<double>(s.input)) == s.scale;
  return is_quotient ? 0 : decimal(s.scale);
}

// All that the node says, in our words.
Attributes exact_attributes(const Rule& rule, const Scaling& rows, const Scaling& columns) {
  const bool is_by_corners = rule.coordinates == "align_corners";
  const bool is_usual = rule.coordinates == (rule.mode == "nearest" ? "asymmetric" : "half_pixel");
  Attributes a = {{"mode", kModes.at(rule.mode)},
                  {"places", is_usual        ? "usual"
                             : is_by_corners ? "corners"
                                             : rule.coordinates}};
  const bool is_smaller = rows.scale < 1 || columns.scale < 1;
  if (rule.mode == "nearest")
    a["rounding"] = !rule.rounding.empty() ? kRoundings.at(rule.rounding) : is_smaller ? "ceil" : "floor";
  if (rule.mode == "cubic") {
    a["cubic_coefficient"] = rule.cubic_coefficient;
    a["exclude_outside"] = rule.exclude_outside;
  }
  if (is_by_corners) return a;
  a["row_scale"] = scale_of(rows);
  a["column_scale"] = scale_of(columns);
  return a;
}

// Where each element of the result lies in the input: of bicubic also outside.
std::vector<double> places_of(const Attributes& attributes, const ResampleAxis& axis) {
  std::vector<double> places;
  const bool is_bicubic = cnnc::word(attributes, "mode") == "bicubic";
  int64_t o = 0;
  for (const ResampleTaps& taps : resample_taps(attributes, axis)) {
    const int64_t at = axis.scale * o++ + axis.offset;
    double place = is_bicubic ? static_cast<double>(at) / static_cast<double>(axis.divisor) : 0;
    for (size_t k = 0; !is_bicubic && k < taps.count; ++k)
      place += taps.weights[k] * static_cast<double>(taps.elements[k]);
    places.push_back(place);
  }
  return places;
}

// Within what floats, in which engines compute places, make of them; nearest elements are the same.
bool are_alike(const Attributes& a, const Attributes& b, const Scaling& rows, const Scaling& columns) {
  const double tolerance = cnnc::word(a, "mode") == "nearest" ? 0 : 1e-6;
  const auto are_near = [&](const ResampleAxis& one, const ResampleAxis& other) {
    const std::vector<double> p = places_of(a, one), q = places_of(b, other);
    const double most = tolerance * static_cast<double>(one.input);
    return std::equal(p.begin(), p.end(), q.begin(),
                      [&](double x, double y) { return std::fabs(x - y) <= most; });
  };
  return are_near(resample_rows(a, rows.input, rows.output), resample_rows(b, rows.input, rows.output)) &&
         are_near(resample_columns(a, columns.input, columns.output),
                  resample_columns(b, columns.input, columns.output));
}

// The shortest words that say the same.
Attributes attributes_for(const Rule& rule, const Scaling& rows, const Scaling& columns) {
  const Attributes exact = exact_attributes(rule, rows, columns);
  for (const bool align_corners : {false, true}) {
    Attributes usual = {{"mode", exact.at("mode")}, {"align_corners", align_corners}};
    if (rule.mode == "nearest" && align_corners) break;
    for (const char* name : {"cubic_coefficient", "exclude_outside"})
      if (exact.count(name) > 0) usual[name] = exact.at(name);
    if (are_alike(exact, usual, rows, columns)) return usual;
  }
  return exact;
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

// Whole factors are an upsample, all else a resize, as are scales that are not the sizes' quotient. A map
// that stays as it is is none.
NodeId add_resample(Translation& t, std::string name, NodeId map, const Rule& rule, const Scaling& rows,
                    const Scaling& columns) {
  Attributes attributes = attributes_for(rule, rows, columns);
  const bool has_same_size = rows.output == rows.input && columns.output == columns.input;
  const Attributes identity = {{"mode", attributes.at("mode")}};
  if (has_same_size && are_alike(attributes, identity, rows, columns)) return map;
  const auto scale = [&](const char* axis) {
    const auto found = attributes.find(axis);
    return found == attributes.end() ? 0 : std::get<double>(found->second);
  };
  const bool is_whole = rows.output % rows.input == 0 && columns.output % columns.input == 0 &&
                        scale("row_scale") == 0 && scale("column_scale") == 0;
  if (!is_whole) {
    attributes.emplace("size", std::vector<int64_t>{rows.output, columns.output});
    return add_node(t, std::move(name), "resize", std::move(attributes), {map});
  }
  attributes.erase("row_scale");
  attributes.erase("column_scale");
  attributes.emplace("factor",
                     std::vector<int64_t>{rows.output / rows.input, columns.output / columns.input});
  return add_node(t, std::move(name), "upsample", std::move(attributes), {map});
}

// Axes of which one is rounded up and one down are scaled one after the other.
NodeId add_resamples(Translation& t, const Node& node, NodeId map, const Rule& rule, const Scaling& rows,
                     const Scaling& columns) {
  const bool has_two_roundings = rule.mode == "nearest" && rule.rounding.empty() &&
                                 std::min(rows.scale, columns.scale) < 1 &&
                                 std::max(rows.scale, columns.scale) > 1;
  if (!has_two_roundings) return add_resample(t, name_of(node), map, rule, rows, columns);
  const NodeId larger = add_resample(t, "", map, rule, rows, {columns.input, columns.input, 1});
  return add_resample(t, name_of(node), larger, rule, {rows.output, rows.output, 1}, columns);
}

// Places are computed for each row and column, which counts as folding does.
void spend(Translation& t, const Scaling& rows, const Scaling& columns) {
  const int64_t cost = rows.output + columns.output;
  if (cost > t.folding_left)
    throw Unmapped{fmt::format("a map of {}x{} is too large", rows.output, columns.output), ""};
  t.folding_left -= cost;
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
  spend(t, rows, columns);
  set_output(t, node, result_of(t, from, add_resamples(t, node, from.map, rule, rows, columns)));
}

// Each axis as the rows of a map, what is outside of it as channels, what is inside as columns.
void resize_axes(Translation& t, const Node& node) {
  const Rule rule = rule_of(t, node);
  want_known(rule);
  if (rule.coordinates == "tf_half_pixel_for_nn") throw Unmapped{"", ""};  // moves the other axes as well
  View x = need_view(t, node, 0);
  Dims dims = dims_of(x);
  const std::vector<Scaling> scalings = scalings_of(t, node, dims);
  for (size_t axis = 0; axis < scalings.size(); ++axis) {
    const Scaling& s = scalings[axis];
    if (s.output == s.input && s.scale == 1) continue;
    if (axis == 0 && t.images > 1) throw Unmapped{"it scales the batch", ""};
    const auto at = dims.begin() + static_cast<std::ptrdiff_t>(axis);
    const int64_t inside = elements({at + 1, dims.end()});
    const Scaling columns{inside, inside, 1};
    want_no_antialias(node, rule, s, columns);
    spend(t, s, columns);
    const auto first = dims.begin() + (t.images > 1 ? 1 : 0);
    const View map = reshaped_tensor(t, x, {t.images, elements({first, at}), *at, inside});
    const NodeId result = add_resample(t, "", as_any(t, map, true), rule, s, columns);
    *at = s.output;
    x = reshaped_tensor(t, plain_view(t, result), dims);
  }
  set_output(t, node, x);
}

}  // namespace cnnc::onnx
