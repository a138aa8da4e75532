// Means and maxima over rows and columns: reductions and the global pools.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/mappings/mappings.h"
#include "onnx/tensors/tensors.h"

namespace cnnc::onnx {
namespace {

struct Pools {
  std::string_view global, window;
};

constexpr Pools kMean = {"global_avgpool", "avgpool"}, kMax = {"global_maxpool", "maxpool"};

// How many rows and columns the axes run over, and whether over anything else.
struct Extent {
  int64_t rows = 1, columns = 1;
  bool has_other = false;
};

Extent extent_of(const View& view, const std::vector<size_t>& axes) {
  Extent extent;
  for (const size_t axis : axes)
    for (const Factor& factor : view.dims[axis]) {
      if (factor.axis == Axis::row)
        extent.rows *= factor.size;
      else if (factor.axis == Axis::column)
        extent.columns *= factor.size;
      else
        extent.has_other = true;
    }
  return extent;
}

// Whether a pool can do it: whole rows, whole columns, or both.
bool is_pool(const Extent& extent, const Shape& shape) {
  return !extent.has_other && (extent.rows == 1 || extent.rows == shape.height()) &&
         (extent.columns == 1 || extent.columns == shape.width());
}

NodeId add_pool(Translation& t, const Node& node, NodeId map, const Extent& extent, const Pools& pools) {
  const Shape& shape = shape_of(t, map);
  if (extent.rows == 1 && extent.columns == 1) return map;
  if (extent.rows == shape.height() && extent.columns == shape.width())
    return add_node(t, name_of(node), pools.global, {}, {map});
  return add_node(t, name_of(node), pools.window,
                  {{"filter", std::vector<int64_t>{extent.rows, extent.columns}}}, {map});
}

// Where the axes are no whole rows or columns of the tensor as it lies, perhaps they are of the map that it
// amounts to.
View pooled(Translation& t, const Node& node, View view, const std::vector<size_t>& axes,
            const Pools& pools) {
  want_map_or_vector(t, view);
  Extent extent = extent_of(view, axes);
  if (!is_pool(extent, shape_of(t, view.node)) && view.dims.size() >= 3) {
    view = view_of_rank(t, as_map(t, view), view.dims.size());
    extent = extent_of(view, axes);
  }
  if (!is_pool(extent, shape_of(t, view.node)))
    throw Unmapped{
        fmt::format("of its input of {} it reduces more than rows and columns", to_string(dims_of(view))),
        pools.global == kMean.global
            ? "cnnc has it over height, width or both; a mean over C channels is a Conv of 1x1 "
              "with one filter of C weights of 1/C"
            : "cnnc has it over height, width or both"};
  view.node = add_pool(t, node, view.node, extent, pools);
  for (const size_t axis : axes) view.dims[axis].clear();
  return view;
}

void reduce(Translation& t, const Node& node, const Pools& pools) {
  const View view = need_view(t, node, 0);
  const Constant* input = has_input(node, 1) ? &need_integers(t, node, 1, "its list of axes") : nullptr;
  std::vector<size_t> axes = axes_of(axes_of(node, input), view.dims.size());
  if (axes.empty() && integer(node, "noop_with_empty_axes", 0) != 0) return set_output(t, node, view);
  if (axes.empty()) {
    axes.resize(view.dims.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  View result = pooled(t, node, view, axes, pools);
  if (integer(node, "keepdims", 1) == 0) {
    std::sort(axes.rbegin(), axes.rend());
    for (const size_t axis : axes) result.dims.erase(result.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  set_output(t, node, std::move(result));
}

void pool_globally(Translation& t, const Node& node, const Pools& pools) {
  const View view = need_view(t, node, 0);
  if (view.dims.size() < 3)
    throw Unmapped{fmt::format("its input of {} has no rows or columns", to_string(dims_of(view))), ""};
  std::vector<size_t> axes(view.dims.size() - 2);
  std::iota(axes.begin(), axes.end(), 2);
  set_output(t, node, pooled(t, node, view, axes, pools));
}

}  // namespace

void map_reduce_mean(Translation& t, const Node& node) {
  reduce(t, node, kMean);
}

void map_reduce_max(Translation& t, const Node& node) {
  reduce(t, node, kMax);
}

void map_global_averagepool(Translation& t, const Node& node) {
  pool_globally(t, node, kMean);
}

void map_global_maxpool(Translation& t, const Node& node) {
  pool_globally(t, node, kMax);
}

}  // namespace cnnc::onnx
