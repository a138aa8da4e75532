// GridSample: elements of N x C x H x W, or N x C x D x H x W, at the places of a grid.
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/general/general.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

// Opset 20 calls 'linear' what opset 16 has called 'bilinear'.
std::string mode_of(const Node& node) {
  const std::string mode = word(node, "mode", "linear");
  if (mode == "nearest") return mode;
  if (mode == "linear" || mode == "bilinear") return "bilinear";
  throw Unmapped{
      fmt::format("its mode is '{}'; cnnc has 'linear' ('bilinear' before opset 20) and 'nearest'", mode),
      "export it with one of these"};
}

std::string padding_mode_of(const Node& node) {
  std::string mode = word(node, "padding_mode", "zeros");
  if (mode == "zeros" || mode == "border" || mode == "reflection") return mode;
  throw Unmapped{
      fmt::format("its padding_mode is '{}'; 'zeros', 'border' and 'reflection' are possible", mode), ""};
}

// The places of the one image.
Weights places_of(const Constant& grid, const std::vector<int64_t>& dims) {
  if (dims.at(0) != 1)
    throw Unmapped{
        fmt::format("its constant grid of {} has places for each of {} images", to_string(dims), dims[0]),
        "cnnc computes each image of a batch alone, with the same constants"};
  return {"value", grid.floats};
}

}  // namespace

void general_grid_sample(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  Attributes attributes = {{"mode", mode_of(node)},
                           {"padding_mode", padding_mode_of(node)},
                           {"align_corners", integer(node, "align_corners", 0) != 0}};
  if (x.dims.size() < 3)
    throw Unmapped{"its input of " + to_string(dims_of(x)) + " has no rows or columns", ""};
  if (!constant_input(t, node, 1)) {
    const NodeId grid = as_any(t, need_view(t, node, 1), true);
    return set_output(
        t, node,
        add_node(t, name_of(node), "grid_sample", std::move(attributes), {as_any(t, x, true), grid}));
  }
  const Constant& grid = need_floats(t, node, 1, "its grid");
  if (grid.dims.size() != x.dims.size())
    throw Unmapped{
        fmt::format("its grid has the dimensions {}; {} are expected", to_string(grid.dims), x.dims.size()),
        ""};
  std::vector<Weights> weights = {places_of(grid, grid.dims)};
  attributes.emplace("shape", std::vector<int64_t>(grid.dims.begin() + 1, grid.dims.end()));
  set_output(t, node,
             add_node(t, name_of(node), "grid_sample_constant", std::move(attributes), {as_any(t, x, true)},
                      std::move(weights)));
}

}  // namespace cnnc::onnx
