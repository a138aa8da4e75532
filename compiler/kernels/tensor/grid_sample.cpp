#include "kernels/tensor/grid_sample.h"

#include "kernels/comparison.h"
#include "kernels/joins.h"
#include "ops/spatial/grid_sample.h"

namespace cnnc {

using Halide::Expr;

namespace {

constexpr int kNotANumber = 0x7fc00000;  // bits

float single(double x) {
  return static_cast<float>(x);
}

// The place along an axis, brought back inside; of zeros outside, no farther than where all is 0.
Expr place_of(const GridAxis& axis, Outside outside, int64_t size, const Expr& g) {
  Expr t = g * single(axis.factor) + single(axis.middle);
  if (outside == Outside::reflection && axis.length > 0) {
    const float length = single(axis.length), low = single(axis.low);
    const Expr at = t - low;
    t = length - Halide::abs(at - Halide::floor(at * single(0.5 / axis.length)) * (2 * length) - length) +
        low;
  }
  const float last = static_cast<float>(size - 1);
  if (outside == Outside::zeros) return clamp_of(t, -1.0f, last + 1);
  return clamp_of(t, 0.0f, last);
}

// Along an axis: the element, or the first of two, and how far behind it the place is.
struct Place {
  Expr first, rest;
};

Place place_among(const Expr& t, bool is_nearest) {
  if (is_nearest) return {Halide::cast<int>(Halide::round(t)), {}};
  const Expr whole = Halide::floor(t);
  return {Halide::cast<int>(whole), t - whole};
}

// The corner whose bits say of which axes it is the next element.
Expr corner_of(const Shape& from, Outside outside, const std::vector<Place>& places, unsigned corner,
               const Index& index, const std::function<Expr(const Index&)>& element) {
  Index at = {index[0]};
  Expr inside = Halide::Internal::const_true();
  for (size_t i = 0; i < places.size(); ++i) {
    const int last = static_cast<int>(from.sizes[i + 1]) - 1;
    const Expr place = places[i].first + static_cast<int>(corner >> i & 1U);
    inside = inside && place >= 0 && place <= last;
    at.push_back(Halide::clamp(place, 0, last));
  }
  const Expr value = element(at);
  return outside == Outside::zeros ? Halide::select(inside, value, 0.0f) : value;
}

}  // namespace

Expr grid_sampled(const Attributes& attributes, const Shape& from, const Index& index,
                  const std::function<Expr(const Index&)>& grid,
                  const std::function<Expr(const Index&)>& element) {
  const Outside outside = outside_of(attributes);
  const bool is_nearest = takes_nearest(attributes);
  const size_t axes = from.rank() - 1;
  Index of_grid(index.begin() + 1, index.end());
  of_grid.emplace_back(0);
  std::vector<Place> places;
  Expr is_known = Halide::Internal::const_true();
  for (size_t i = 0; i < axes; ++i) {
    of_grid.back() = static_cast<int>(axes - 1 - i);  // the last axis comes first
    const Expr g = grid(of_grid);
    const int64_t size = from.sizes[i + 1];
    const Expr t = place_of(grid_axis(attributes, size), outside, size, g);
    const Expr is_place = is_number(g) && is_number(t);
    is_known = is_known && is_place;
    places.push_back(place_among(chosen_where(is_place, t, 0.0f), is_nearest));  // NaN rounds to no place
  }
  Expr sum = 0.0f;
  for (unsigned corner = 0; corner < (is_nearest ? 1U : 1U << axes); ++corner) {
    Expr term = corner_of(from, outside, places, corner, index, element);
    for (size_t i = 0; i < axes && !is_nearest; ++i)
      term *= corner >> i & 1U ? places[i].rest : 1.0f - places[i].rest;
    sum = corner == 0 ? term : sum + term;
  }
  return chosen_where(is_known, sum, Halide::reinterpret<float>(Expr(kNotANumber)));
}

}  // namespace cnnc
