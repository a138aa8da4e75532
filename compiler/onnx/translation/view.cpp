#include "onnx/translation/view.h"

#include <algorithm>

namespace cnnc::onnx {

void append(Factors& factors, Factor factor) {
  if (factor.size == 1) return;
  if (!factors.empty()) {
    Factor& last = factors.back();
    if (last.axis == factor.axis && last.stride == factor.stride * factor.size) {
      last.size *= factor.size;
      last.stride = factor.stride;
      return;
    }
  }
  factors.push_back(factor);
}

Factors whole_axis(Axis axis, int64_t size) {
  Factors factors;
  append(factors, {axis, size, 1});
  return factors;
}

int64_t size(const Factors& dim) {
  int64_t product = 1;
  for (const Factor& factor : dim) product *= factor.size;
  return product;
}

std::vector<int64_t> dims_of(const View& view) {
  std::vector<int64_t> dims;
  for (const Factors& dim : view.dims) dims.push_back(size(dim));
  return dims;
}

Factors all_factors(const View& view) {
  Factors all;
  for (const Factors& dim : view.dims)
    for (const Factor& factor : dim) append(all, factor);
  return all;
}

View view_of(NodeId node, const Shape& shape, int64_t images) {
  View view{node, {whole_axis(Axis::batch, images)}};
  for (size_t axis = 0; axis < shape.rank(); ++axis)
    view.dims.push_back(whole_axis(static_cast<Axis>(axis), shape.sizes[axis]));
  return view;
}

std::optional<View> reshaped(const View& view, const std::vector<int64_t>& dims) {
  Factors rest = all_factors(view);
  std::reverse(rest.begin(), rest.end());  // the outermost is taken from the back
  View result{view.node, {}};
  for (const int64_t dim : dims) {
    Factors factors;
    for (int64_t wanted = dim; wanted > 1;) {
      if (rest.empty()) return std::nullopt;
      Factor factor = rest.back();
      rest.pop_back();
      if (wanted % factor.size != 0) {  // its outer part belongs here, its inner part to the next dimension
        if (factor.size % wanted != 0) return std::nullopt;
        const int64_t inner = factor.size / wanted;
        rest.push_back({factor.axis, inner, factor.stride});
        factor = {factor.axis, wanted, factor.stride * inner};
      }
      append(factors, factor);
      wanted /= factor.size;
    }
    result.dims.push_back(std::move(factors));
  }
  if (!rest.empty()) return std::nullopt;
  return result;
}

View transposed(const View& view, const std::vector<int64_t>& order) {
  View result{view.node, {}};
  for (const int64_t from : order) result.dims.push_back(view.dims.at(static_cast<size_t>(from)));
  return result;
}

std::vector<int64_t> inverse(const std::vector<int64_t>& order) {
  std::vector<int64_t> result(order.size());
  for (size_t i = 0; i < order.size(); ++i)
    result.at(static_cast<size_t>(order[i])) = static_cast<int64_t>(i);
  return result;
}

bool is_plain(const View& view, const Shape& shape, int64_t images) {
  return view.dims == view_of(view.node, shape, images).dims;
}

bool is_in_order(const View& view, const Shape& shape, int64_t images) {
  return all_factors(view) == all_factors(view_of(view.node, shape, images));
}

}  // namespace cnnc::onnx
