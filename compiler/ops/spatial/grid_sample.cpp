// Spatial transformer networks (Jaderberg et al. 2015, section 3.3): each element of the result is what lies
// at a place of the input, which a second tensor, the grid, has for it.
#include "ops/spatial/grid_sample.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "ops/checks.h"
#include "ops/elementwise/elementwise.h"

namespace cnnc {

GridAxis grid_axis(const Attributes& attributes, int64_t size) {
  const auto elements = static_cast<double>(size);
  const double middle = (elements - 1) / 2;
  if (is_on(attributes, "align_corners")) return {middle, middle, 0, elements - 1};
  return {elements / 2, middle, -0.5, elements};
}

Outside outside_of(const Attributes& attributes) {
  const std::string& mode = word(attributes, "padding_mode");
  return mode == "zeros" ? Outside::zeros : mode == "border" ? Outside::border : Outside::reflection;
}

bool takes_nearest(const Attributes& attributes) {
  return word(attributes, "mode") == "nearest";
}

namespace ops {
namespace {

constexpr size_t kMostAxes = 3;  // of pixels

std::vector<AttributeRule> attributes_of_sampling() {
  const auto rule = [](std::string_view name, std::string_view example,
                       std::vector<std::string_view> choices) {
    const std::string first(choices.front());
    return AttributeRule{name, AttributeKind::word, false, first, 0, 0, example, std::move(choices)};
  };
  return {rule("mode", "nearest", {"bilinear", "nearest"}),
          rule("padding_mode", "border", {"zeros", "border", "reflection"}),
          {"align_corners", AttributeKind::on_off, false, false}};
}

std::vector<AttributeRule> attributes_of_constant() {
  std::vector<AttributeRule> rules = attributes_of_sampling();
  rules.insert(rules.begin(), {"shape", AttributeKind::shape, true, std::nullopt, 1, 2147483647, "24x32x2"});
  return rules;
}

// `attribute`: the one that the grid's shape comes from, or "".
OperatorResult<Shape> infer_sampled(std::string_view attribute, const Shape& x, const Shape& grid) {
  if (x.rank() < 2 || x.rank() > kMostAxes + 1)
    return OperatorError{
        "",
        fmt::format(
            "'grid_sample' takes elements of a map, or of channels x depth x height x width; found {}",
            to_string(x)),
        ""};
  const auto axes = static_cast<int64_t>(x.rank()) - 1;
  if (grid.rank() != x.rank() || grid.sizes.back() != axes)
    return OperatorError{std::string(attribute),
                         fmt::format("'grid_sample' of {} wants a grid of {}{}; found {}", to_string(x),
                                     axes == 1   ? "width x 1"
                                     : axes == 2 ? "height x width x 2"
                                                 : "depth x height x width x 3",
                                     axes == 1 ? "" : ", the column in front", to_string(grid)),
                         "'permute' brings its axes into that order"};
  Shape result = grid;
  result.sizes.pop_back();
  result.sizes.insert(result.sizes.begin(), x.sizes[0]);
  if (auto error = want_elements(attribute, "the result", result)) return *error;
  return result;
}

OperatorResult<Shape> infer_two(const Attributes&, const std::vector<Shape>& inputs) {
  if (inputs.size() != 2)
    return OperatorError{"", fmt::format("'grid_sample' takes two tensors; found {}", inputs.size()),
                         "write 'grid_sample with GRID'"};
  return infer_sampled("", inputs[0], inputs[1]);
}

OperatorResult<Shape> infer_constant(const Attributes& a, const std::vector<Shape>& inputs) {
  const Shape grid(sizes(a, "shape"));
  if (auto error = want_shape("shape", grid)) return *error;
  return infer_sampled("shape", inputs.at(0), grid);
}

// A place along an axis: factor g + middle, rounded to float, brought back inside, and what it may be off by.
Element place_of(const GridAxis& axis, Outside outside, int64_t size, Element g) {
  if (std::isnan(g.value)) return {g.value, 0};
  if (axis.factor == 0) return {axis.middle, 0};
  double t = axis.factor * g.value + axis.middle;
  double error = axis.factor * g.bound + rounding(4, std::fabs(axis.factor * g.value) + axis.middle + 1);
  const auto last = static_cast<double>(size - 1);
  if (outside == Outside::reflection) {
    error += rounding(6, std::fabs(t) + axis.length + 1);
    const double period = 2 * axis.length, at = t - axis.low;
    t = period == 0 ? 0
                    : axis.length - std::fabs(at - std::floor(at / period) * period - axis.length) + axis.low;
  }
  t = outside == Outside::zeros ? std::clamp(t, -1.0, last + 1) : std::clamp(t, 0.0, last);
  return {t, std::isnan(t) ? 0 : error};
}

// The elements around one place: along each axis those from `first` on, of which the place lies between
// number `at` and the next, `rest` behind it.
struct Neighbours {
  std::array<int64_t, kMostAxes> first{}, count{}, at{};
  std::array<double, kMostAxes> rest{}, error{};
  bool is_nan = false, is_unknown = false;
};

// With all that the place may be, if its error is at most that of an element.
Neighbours neighbours_of(const std::vector<Element>& places, bool is_nearest) {
  Neighbours n;
  for (size_t i = 0; i < places.size(); ++i) {
    const auto [t, error] = places[i];
    n.is_nan = n.is_nan || std::isnan(t);
    n.is_unknown = n.is_unknown || !(error <= 1);
    if (n.is_nan || n.is_unknown) continue;
    const auto index = [&](double x) {
      return static_cast<int64_t>(is_nearest ? std::nearbyint(x) : std::floor(x));
    };
    n.first[i] = index(t - error);
    n.count[i] = index(t + error) - n.first[i] + (is_nearest ? 1 : 2);
    n.at[i] = index(t) - n.first[i];
    n.rest[i] = is_nearest ? 0 : t - std::floor(t);
    n.error[i] = error;
  }
  return n;
}

// The input around a place, of one channel.
struct Window {
  std::vector<Element> elements;
  std::array<int64_t, kMostAxes> strides{};
};

Window window_of(const Reference& x, const Shape& shape, int64_t channel, const Neighbours& n,
                 Outside outside) {
  const size_t axes = shape.rank() - 1;
  Window window;
  int64_t count = 1;
  for (size_t i = axes; i-- > 0;) {
    window.strides[i] = count;
    count *= n.count[i];
  }
  for (int64_t k = 0; k < count; ++k) {
    int64_t at = channel;
    bool is_outside = false;
    for (size_t i = 0; i < axes; ++i) {
      const int64_t size = shape.sizes[i + 1], place = n.first[i] + k / window.strides[i] % n.count[i];
      is_outside = is_outside || (outside == Outside::zeros && (place < 0 || place >= size));
      at = at * size + std::clamp<int64_t>(place, 0, size - 1);
    }
    window.elements.push_back(is_outside ? Element{0, 0} : element_at(x, at));
  }
  return window;
}

double apart(Element a, Element b) {
  return distance(a.value, b.value) + a.bound + b.bound;
}

// Any of those that the place may be nearest to.
Element nearest_of(const Window& window, const Neighbours& n, size_t axes) {
  int64_t at = 0;
  for (size_t i = 0; i < axes; ++i) at += n.at[i] * window.strides[i];
  const Element chosen = window.elements[static_cast<size_t>(at)];
  double bound = chosen.bound;
  if (window.elements.size() > 1)
    for (const Element& other : window.elements) bound = std::max(bound, apart(chosen, other));
  return {chosen.value, bound};
}

// What an error of the place along an axis makes: so much times the greatest difference of two neighbours
// there.
double inherited_along(const Window& window, const Neighbours& n, size_t axis) {
  double greatest = 0;
  const auto count = static_cast<int64_t>(window.elements.size()), step = window.strides[axis];
  for (int64_t k = 0; k + step < count; ++k)
    if (k / step % n.count[axis] + 1 < n.count[axis])
      greatest = std::max(greatest, apart(window.elements[static_cast<size_t>(k)],
                                          window.elements[static_cast<size_t>(k + step)]));
  return greatest == 0 ? 0 : n.error[axis] * greatest;
}

// The elements at the corners by their weights, each a product of the axes' own, 1 - rest or rest: a rounding
// of each, of their products, and of the sum.
Element blended(const Window& window, const Neighbours& n, size_t axes) {
  double sum = 0, bound = 0, magnitude = 0;
  for (size_t corner = 0; corner < size_t{1} << axes; ++corner) {
    double weight = 1;
    int64_t at = 0;
    for (size_t i = 0; i < axes; ++i) {
      const auto next = static_cast<int64_t>(corner >> i & 1);
      weight *= next ? n.rest[i] : 1 - n.rest[i];
      at += (n.at[i] + next) * window.strides[i];
    }
    const Element e = window.elements[static_cast<size_t>(at)];
    sum += weight * e.value;
    bound += weight * e.bound;
    magnitude += weight * (std::fabs(e.value) + e.bound);
  }
  for (size_t i = 0; i < axes; ++i) bound += inherited_along(window, n, i);
  return sum_with_error(sum, bound,
                        rounding(static_cast<int64_t>(3 * axes + (size_t{1} << axes)), magnitude));
}

Reference sample(const Node& node, const Reference& x, const Shape& shape, const Reference& grid) {
  const size_t axes = shape.rank() - 1;
  const Outside outside = outside_of(node.attributes);
  const bool is_nearest = takes_nearest(node.attributes);
  const int64_t places = node.shape.elements() / shape.sizes[0];
  Reference result{std::vector<double>(node.shape.elements()), std::vector<double>(node.shape.elements())};
  for (int64_t p = 0; p < places; ++p) {
    std::vector<Element> at;
    for (size_t i = 0; i < axes; ++i) {  // the grid has the last axis first
      const int64_t size = shape.sizes[i + 1], number = static_cast<int64_t>(axes - 1 - i);
      at.push_back(place_of(grid_axis(node.attributes, size), outside, size,
                            element_at(grid, p * static_cast<int64_t>(axes) + number)));
    }
    const Neighbours n = neighbours_of(at, is_nearest);
    for (int64_t c = 0; c < shape.sizes[0]; ++c) {
      Element e = {n.is_nan ? std::nan("") : 0.0, n.is_nan ? 0 : std::numeric_limits<double>::infinity()};
      if (!n.is_nan && !n.is_unknown) {
        const Window window = window_of(x, shape, c, n, outside);
        e = is_nearest ? nearest_of(window, n, axes) : blended(window, n, axes);
      }
      result.values[static_cast<size_t>(c * places + p)] = e.value;
      result.bounds[static_cast<size_t>(c * places + p)] = e.bound;
    }
  }
  return result;
}

Reference evaluate_two(const Node& node, const std::vector<const Reference*>& inputs,
                       const std::vector<Shape>& shapes) {
  return sample(node, *inputs.at(0), shapes.at(0), *inputs.at(1));
}

Reference evaluate_constant(const Node& node, const std::vector<const Reference*>& inputs,
                            const std::vector<Shape>& shapes) {
  const std::vector<float>& values = values_of(node, "value");
  const Reference grid{{values.begin(), values.end()}, std::vector<double>(values.size())};
  return sample(node, *inputs.at(0), shapes.at(0), grid);
}

std::vector<ParameterRule> parameters(const Attributes& a, const std::vector<Shape>&) {
  return {{"value", Shape(sizes(a, "shape"))}};
}

}  // namespace

extern const Operator grid_sample = {"grid_sample",
                                     "elements at the places that another tensor has",
                                     product_facts(),
                                     0,
                                     attributes_of_sampling(),
                                     infer_two,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     evaluate_two};
extern const Operator grid_sample_constant = {"grid_sample_constant",
                                              "elements at the places that a constant tensor has",
                                              product_facts(),
                                              1,
                                              attributes_of_constant(),
                                              infer_constant,
                                              parameters,
                                              nullptr,
                                              nullptr,
                                              evaluate_constant};

}  // namespace ops
}  // namespace cnnc
