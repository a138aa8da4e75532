#include "ops/spatial/resample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc {
namespace {

constexpr double kCubicCoefficient = -0.75;  // PyTorch's, and ONNX's

std::string word_or(const Attributes& attributes, std::string_view name, std::string_view otherwise) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string(otherwise) : std::get<std::string>(found->second);
}

double real_or(const Attributes& attributes, std::string_view name, double otherwise) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? otherwise : std::get<double>(found->second);
}

bool is_switched_on(const Attributes& attributes, std::string_view name) {
  return attributes.count(name) > 0 && is_on(attributes, name);
}

std::string mode_of(const Attributes& attributes) {
  return word_or(attributes, "mode", "nearest");
}

// `places usual` by their own name.
std::string places_of(const Attributes& attributes) {
  std::string places = word_or(attributes, "places", "usual");
  if (places != "usual") return places;
  if (mode_of(attributes) == "nearest") return "asymmetric";
  return is_switched_on(attributes, "align_corners") ? "corners" : "half_pixel";
}

// So many elements of the input are as long as so many of the result: a scale of output / input.
struct Ratio {
  int64_t input = 1, output = 1;
};

// Of the fractions in [least, greatest], both above 0, the one of the least numbers (Graham, Knuth,
// Patashnik, Concrete Mathematics, section 4.5): 17/10 of what rounds to 1.7.
Ratio simplest_fraction(double least, double greatest) {
  const double whole = std::ceil(least);
  if (whole <= greatest) return {1, static_cast<int64_t>(whole)};
  const Ratio rest = simplest_fraction(1 / (greatest - (whole - 1)), 1 / (least - (whole - 1)));
  return {rest.output, static_cast<int64_t>(whole - 1) * rest.output + rest.input};
}

// The sizes, or the scale (0: none), a float, as the simplest fraction that rounds to it: whoever wrote 1.7
// meant 17 / 10.
Ratio ratio_of(double scale, int64_t input, int64_t output) {
  const auto single = static_cast<float>(scale);
  if (single == 0) return {input, output};
  const auto halfway = [&](float neighbour) { return (double{single} + double{neighbour}) / 2; };
  const double least = halfway(std::nextafter(single, 0.0F)),
               most = halfway(std::nextafter(single, 2 * single));
  const double margin = (most - least) / 1024;  // the fraction is computed in double
  return simplest_fraction(least + margin, most - margin);
}

// https://github.com/onnx/onnx/blob/v1.17.0/docs/Operators.md#Resize, coordinate_transformation_mode
ResampleAxis placed(const std::string& places, Ratio ratio, int64_t input, int64_t output) {
  const auto [from, to] = ratio;
  if (places == "corners") return {input, output, input - 1, 0, std::max<int64_t>(output - 1, 1)};
  if (places == "asymmetric") return {input, output, from, 0, to};
  if (places == "tf_half_pixel_for_nn") return {input, output, 2 * from, from, 2 * to};
  if (places == "pytorch_half_pixel" && output == 1) return {input, output, 0, 0, 1};
  // The middle of the result lies in the middle of the input.
  if (places == "half_pixel_symmetric")
    return {input, output, 2 * from, (input - 1) * to + (1 - output) * from, 2 * to};
  return {input, output, 2 * from, from - to, 2 * to};
}

// So that floor does what the rounding would.
ResampleAxis rounded(const std::string& rounding, ResampleAxis axis) {
  if (rounding == "ceil") axis.offset += axis.divisor - 1;
  if (rounding != "half_up" && rounding != "half_down") return axis;
  const int64_t half = rounding == "half_up" ? axis.divisor : axis.divisor - 1;
  axis.scale *= 2;
  axis.offset = 2 * axis.offset + half;
  axis.divisor *= 2;
  return axis;
}

ResampleAxis axis_of(const Attributes& attributes, std::string_view scale, int64_t input, int64_t output) {
  const Ratio ratio = ratio_of(real_or(attributes, scale, 0), input, output);
  const ResampleAxis axis = placed(places_of(attributes), ratio, input, output);
  return mode_of(attributes) == "nearest" ? rounded(word_or(attributes, "rounding", "floor"), axis) : axis;
}

ResampleTaps nearest_tap(const ResampleAxis& axis, int64_t at) {
  ResampleTaps taps;
  taps.elements[0] = std::clamp<int64_t>(at, 0, axis.input * axis.divisor - 1) / axis.divisor;
  return taps;
}

ResampleTaps linear_taps(const ResampleAxis& axis, int64_t at) {
  at = std::clamp<int64_t>(at, 0, (axis.input - 1) * axis.divisor);
  const int64_t first = at / axis.divisor;
  const double rest = static_cast<double>(at % axis.divisor) / static_cast<double>(axis.divisor);
  return {2, {first, std::min(first + 1, axis.input - 1)}, {1 - rest, rest}};
}

// Keys 1981, equation 4, with the coefficient a: the weights of the elements one before, at, one and two
// behind a place that is t behind an element.
std::array<double, 4> cubic_weights(double a, double t) {
  const double u = 1 - t;
  return {a * t * u * u, u * (1 + t - (a + 2) * t * t), t * (1 + u - (a + 2) * u * u), a * t * t * u};
}

// Elements outside weigh nothing, and the others as much more; unless there are none.
void leave_out_outside(std::array<double, 4>& weights, int64_t first, int64_t input) {
  std::array<double, 4> inside = weights;
  double sum = 0;
  for (size_t k = 0; k < 4; ++k) {
    const int64_t element = first + static_cast<int64_t>(k);
    if (element < 0 || element >= input) inside[k] = 0;
    sum += inside[k];
  }
  if (sum == 0) return;
  for (size_t k = 0; k < 4; ++k) weights[k] = inside[k] / sum;
}

ResampleTaps cubic_taps(const Attributes& attributes, const ResampleAxis& axis, int64_t at) {
  const int64_t rest = (at % axis.divisor + axis.divisor) % axis.divisor;
  const int64_t first = (at - rest) / axis.divisor - 1;
  ResampleTaps taps;
  taps.count = 4;
  taps.weights = cubic_weights(real_or(attributes, "cubic_coefficient", kCubicCoefficient),
                               static_cast<double>(rest) / static_cast<double>(axis.divisor));
  if (is_switched_on(attributes, "exclude_outside")) leave_out_outside(taps.weights, first, axis.input);
  for (size_t k = 0; k < 4; ++k)
    taps.elements[k] = std::clamp<int64_t>(first + static_cast<int64_t>(k), 0, axis.input - 1);
  return taps;
}

// The sum, by these weights, of an element's neighbours. A weight of an axis is a quotient of whole numbers
// (three roundings) of two, or rounded once of four; a term is rounded by its weights, two products and the
// sums, one an axis of two, three of four:
//   sum w e + gamma(10) sum |w| (|x| + e).
void blend(const Reference& x, const ResampleTaps& rows, const ResampleTaps& columns, int64_t first,
           int64_t width, double& value, double& bound) {
  double sum = 0, inherited = 0, magnitude = 0;
  for (size_t i = 0; i < rows.count; ++i)
    for (size_t j = 0; j < columns.count; ++j) {
      const int64_t at = first + rows.elements[i] * width + columns.elements[j];
      const double weight = rows.weights[i] * columns.weights[j];
      sum += weight * x.values[at];
      inherited += std::fabs(weight) * x.bounds[at];
      magnitude += std::fabs(weight) * (std::fabs(x.values[at]) + x.bounds[at]);
    }
  value = sum;
  bound = inherited + rounding(10, magnitude);
}

// A word that means nothing in this mode; the hint says where it does.
std::optional<OperatorError> want_meaning(const Attributes& a) {
  const std::string mode = mode_of(a);
  const bool is_nearest = mode == "nearest";
  if (is_switched_on(a, "align_corners") && is_nearest)
    return OperatorError{"align_corners", "'align_corners' has no meaning for the nearest element",
                         "write 'mode bilinear align_corners on', or leave it out"};
  if (is_switched_on(a, "align_corners") && word_or(a, "places", "usual") != "usual")
    return OperatorError{"places", "'align_corners on' says which places; 'places' says others",
                         "leave one of them out"};
  if (word_or(a, "rounding", "floor") != "floor" && !is_nearest)
    return OperatorError{"rounding", "'rounding' has no meaning for mode '" + mode + "'",
                         "leave it out: only the nearest element is rounded to"};
  if (mode == "bicubic") return std::nullopt;
  for (const char* name : {"cubic_coefficient", "exclude_outside"}) {
    const bool is_default = name == std::string("exclude_outside")
                                ? !is_switched_on(a, name)
                                : real_or(a, name, kCubicCoefficient) == kCubicCoefficient;
    if (!is_default)
      return OperatorError{name, "'" + std::string(name) + "' has no meaning for mode '" + mode + "'",
                           "write 'mode bicubic', or leave it out"};
  }
  return std::nullopt;
}

// Fractions whose halves are rounded have numbers of up to 4 * size * result, which must fit into 63 bits.
std::optional<OperatorError> want_small_halves(const Attributes& a, const Shape& input, const Shape& result) {
  constexpr int64_t kMost = 1 << 30;
  const std::string rounding = word_or(a, "rounding", "floor");
  const bool is_small = std::max({input.height(), input.width(), result.height(), result.width()}) <= kMost;
  if (is_small || rounding == "floor" || rounding == "ceil") return std::nullopt;
  return OperatorError{"rounding", "'rounding " + rounding + "' wants at most 1073741824 rows, and columns",
                       "write 'rounding floor' or 'rounding ceil'"};
}

// Weights are fractions in floats, which count so far, and tables of four for each place.
std::optional<OperatorError> want_few_places(std::string_view op, const Attributes& a, const Shape& input,
                                             const Shape& result, std::string_view attribute) {
  constexpr int64_t kMost = 1 << 24;
  const auto error = [&](std::string_view of, int64_t found, std::string_view units) {
    return OperatorError{
        std::string(attribute),
        fmt::format("'{} mode {}' {} at most {} {}; found {}", op, mode_of(a), of, kMost, units, found),
        "reshape a long signal into rows, or write 'mode nearest'"};
  };
  if (mode_of(a) == "nearest") return std::nullopt;
  if (input.height() > kMost) return error("takes", input.height(), "rows");
  if (input.width() > kMost) return error("takes", input.width(), "columns");
  if (result.height() > kMost) return error("makes", result.height(), "rows");
  if (result.width() > kMost) return error("makes", result.width(), "columns");
  return std::nullopt;
}

}  // namespace

std::vector<AttributeRule> resample_attributes() {
  const auto word_rule = [](std::string_view name, std::string_view example,
                            std::vector<std::string_view> choices) {
    const std::string first(choices.front());
    return AttributeRule{name, AttributeKind::word, false, first, 0, 0, example, std::move(choices)};
  };
  return {word_rule("mode", "bilinear", {"nearest", "bilinear", "bicubic"}),
          {"align_corners", AttributeKind::on_off, false, false},
          word_rule("places", "half_pixel",
                    {"usual", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "corners",
                     "asymmetric", "tf_half_pixel_for_nn"}),
          word_rule("rounding", "ceil", {"floor", "ceil", "half_down", "half_up"}),
          {"cubic_coefficient", AttributeKind::real, false, kCubicCoefficient, -1000, 1000, "(-0.5)"},
          {"exclude_outside", AttributeKind::on_off, false, false}};
}

OperatorResult<Shape> infer_resample(std::string_view op, const Attributes& attributes, const Shape& input,
                                     std::string_view attribute, int64_t height, int64_t width) {
  if (auto error = want_map(op, input)) return *error;
  if (auto error = want_meaning(attributes)) return *error;
  const Shape result{input.channels(), height, width};
  if (auto error = want_elements(attribute, "the result", result)) return *error;
  if (auto error = want_small_halves(attributes, input, result)) return *error;
  if (auto error = want_few_places(op, attributes, input, result, attribute)) return *error;
  return result;
}

bool is_scaled_size(int64_t input, int64_t output, double scale) {
  const float product = static_cast<float>(input) * static_cast<float>(scale);
  const auto size = static_cast<double>(output);
  return std::floor(product) == size || std::floor(product + 0.5F) == size;
}

ResampleAxis resample_rows(const Attributes& attributes, int64_t input, int64_t output) {
  return axis_of(attributes, "row_scale", input, output);
}

ResampleAxis resample_columns(const Attributes& attributes, int64_t input, int64_t output) {
  return axis_of(attributes, "column_scale", input, output);
}

std::vector<ResampleTaps> resample_taps(const Attributes& attributes, const ResampleAxis& axis) {
  const std::string mode = mode_of(attributes);
  std::vector<ResampleTaps> taps;
  for (int64_t o = 0; o < axis.output; ++o) {
    const int64_t at = axis.scale * o + axis.offset;
    taps.push_back(mode == "nearest"    ? nearest_tap(axis, at)
                   : mode == "bilinear" ? linear_taps(axis, at)
                                        : cubic_taps(attributes, axis, at));
  }
  return taps;
}

Reference evaluate_resample(const Node& node, const Shape& input, const Reference& x) {
  const Shape& shape = node.shape;
  const auto& a = node.attributes;
  const auto rows = resample_taps(a, resample_rows(a, input.height(), shape.height()));
  const auto columns = resample_taps(a, resample_columns(a, input.width(), shape.width()));
  const bool is_nearest = mode_of(a) == "nearest";
  Reference result{std::vector<double>(shape.elements()), std::vector<double>(shape.elements())};
  size_t at = 0;
  for (int64_t c = 0; c < shape.channels(); ++c) {
    const int64_t first = c * input.height() * input.width();
    for (const ResampleTaps& row : rows)
      for (const ResampleTaps& column : columns) {
        double &value = result.values[at], &bound = result.bounds[at];
        ++at;
        const int64_t nearest = first + row.elements[0] * input.width() + column.elements[0];
        if (is_nearest)
          value = x.values[nearest], bound = x.bounds[nearest];
        else
          blend(x, row, column, first, input.width(), value, bound);
      }
  }
  return result;
}

}  // namespace cnnc
