#include "ops/spatial/resample.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ops/checks.h"
#include "ops/reference.h"

namespace cnnc {
namespace {

bool is_bilinear(const Attributes& attributes) {
  const auto mode = attributes.find("mode");
  return mode != attributes.end() && std::get<std::string>(mode->second) == "bilinear";
}

// An output between the inputs `first` and `first + 1`, the second with this weight (0 where there is none).
struct Place {
  int64_t first, second;
  double weight;
};

std::vector<Place> places_of(const Attributes& attributes, int64_t input, int64_t output) {
  const ResampleAxis axis = resample_axis(attributes, input, output);
  std::vector<Place> places;
  for (int64_t o = 0; o < output; ++o) {
    const int64_t at = std::max<int64_t>(axis.scale * o + axis.offset, 0), first = at / axis.divisor;
    const double rest = static_cast<double>(at % axis.divisor) / static_cast<double>(axis.divisor);
    places.push_back({first, std::min(first + 1, input - 1), is_bilinear(attributes) ? rest : 0});
  }
  return places;
}

// The mean, by these weights, of an element's four neighbours. A weight of an axis is a quotient of whole
// numbers (three roundings), and the mean of means rounds each term by two of them, two products and two
// sums:
//   sum w e + gamma(10) sum w (|x| + e).
void blend(const Reference& x, const Place& row, const Place& column, int64_t width, double& value,
           double& bound) {
  double sum = 0, inherited = 0, magnitude = 0;
  const auto add = [&](int64_t i, int64_t j, double weight) {
    const int64_t at = i * width + j;
    sum += weight * x.values[at];
    inherited += weight * x.bounds[at];
    magnitude += weight * (std::fabs(x.values[at]) + x.bounds[at]);
  };
  add(row.first, column.first, (1 - row.weight) * (1 - column.weight));
  add(row.first, column.second, (1 - row.weight) * column.weight);
  add(row.second, column.first, row.weight * (1 - column.weight));
  add(row.second, column.second, row.weight * column.weight);
  value = sum;
  bound = inherited + rounding(10, magnitude);
}

}  // namespace

std::vector<AttributeRule> resample_attributes() {
  return {{"mode", AttributeKind::word, false, std::string("nearest"), 0, 0, "", {"nearest", "bilinear"}},
          {"align_corners", AttributeKind::on_off, false, false}};
}

OperatorResult<Shape> infer_resample(std::string_view op, const Attributes& attributes, const Shape& input,
                                     std::string_view attribute, int64_t height, int64_t width) {
  if (auto error = want_map(op, input)) return *error;
  if (is_on(attributes, "align_corners") && !is_bilinear(attributes))
    return OperatorError{"align_corners", "'align_corners' has no meaning for the nearest element",
                         "write 'mode bilinear align_corners on', or leave it out"};
  const Shape result{input.channels(), height, width};
  if (auto error = want_elements(attribute, "the result", result)) return *error;
  return result;
}

ResampleAxis resample_axis(const Attributes& attributes, int64_t input, int64_t output) {
  if (!is_bilinear(attributes)) return {input, output, input, 0, output};
  if (!is_on(attributes, "align_corners")) return {input, output, 2 * input, input - output, 2 * output};
  return {input, output, input - 1, 0, std::max<int64_t>(output - 1, 1)};
}

Reference evaluate_resample(const Node& node, const Shape& input, const Reference& x) {
  const Shape& shape = node.shape;
  const auto rows = places_of(node.attributes, input.height(), shape.height());
  const auto columns = places_of(node.attributes, input.width(), shape.width());
  const bool rounds = is_bilinear(node.attributes);
  Reference result{std::vector<double>(shape.elements()), std::vector<double>(shape.elements())};
  size_t at = 0;
  for (int64_t c = 0; c < shape.channels(); ++c)
    for (Place row : rows) {
      row.first += c * input.height();
      row.second += c * input.height();
      for (const Place& column : columns) {
        const int64_t nearest = row.first * input.width() + column.first;
        double &value = result.values[at], &bound = result.bounds[at];
        ++at;
        if (rounds)
          blend(x, row, column, input.width(), value, bound);
        else
          value = x.values[nearest], bound = x.bounds[nearest];
      }
    }
  return result;
}

}  // namespace cnnc
