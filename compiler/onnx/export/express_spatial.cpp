// What changes the rows and columns of maps, and normalisation across channels.
#include <cmath>

#include "onnx/export/expression.h"
#include "ops/spatial/resample.h"

namespace cnnc::onnx {
namespace {

const std::string& mode_of(const Layer& layer) {
  return std::get<std::string>(attributes_of(layer).find("mode")->second);
}

// The row that each row of the result is taken from: floor(o input / output).
std::vector<int64_t> nearest_rows(int64_t input, int64_t output) {
  require_moderate(output);
  std::vector<int64_t> rows;
  for (int64_t o = 0; o < output; ++o) rows.push_back(o * input / output);
  return rows;
}

// Whether Resize finds the same rows: it divides by the scale, a float.
bool floats_find(const std::vector<int64_t>& rows, int64_t input) {
  const float scale = static_cast<float>(rows.size()) / static_cast<float>(input);
  for (size_t o = 0; o < rows.size(); ++o)
    if (std::floor(static_cast<float>(o) / scale) != static_cast<float>(rows[o])) return false;
  return true;
}

// Coordinates as ops/spatial/resample.h has them.
NodeAttributes resize_attributes(const Layer& layer) {
  if (mode_of(layer) == "nearest")
    return {{"mode", std::string("nearest")},
            {"coordinate_transformation_mode", std::string("asymmetric")},
            {"nearest_mode", std::string("floor")}};
  const bool align = is_on(attributes_of(layer), "align_corners");
  return {{"mode", std::string("linear")},
          {"coordinate_transformation_mode", std::string(align ? "align_corners" : "half_pixel")}};
}

// N x C x height x width of the result; how many images there are is known when the network runs.
std::string dims_of_result(const Layer& layer) {
  const std::string dims = step(layer, "dims", "Shape", {input(layer)});
  const std::string images =
      step(layer, "images", "Slice",
           {dims, list(layer, "begin", {0}), list(layer, "end", {1}), list(layer, "axis", {0})});
  return step(layer, "result_dims", "Concat", {images, list(layer, "size", node_of(layer).shape.sizes)},
              {{"axis", int64_t{0}}});
}

}  // namespace

void express_upsample(const Layer& layer) {
  const auto& factor = sizes(attributes_of(layer), "factor");
  const std::string scales =
      tensor(layer, "scales", {4}, {1, 1, static_cast<float>(factor[0]), static_cast<float>(factor[1])});
  finish(layer, "Resize", {input(layer), "", scales}, resize_attributes(layer));
}

// Where floats would take another row than is meant, the rows are told one by one.
void express_resize(const Layer& layer) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  if (mode_of(layer) == "nearest") {
    std::vector<int64_t> rows = nearest_rows(from.height(), to.height());
    std::vector<int64_t> columns = nearest_rows(from.width(), to.width());
    if (!floats_find(rows, from.height()) || !floats_find(columns, from.width())) {
      const std::string x =
          step(layer, "resized_rows", "Gather", {input(layer), list(layer, "rows", std::move(rows))},
               {{"axis", int64_t{2}}});
      return finish(layer, "Gather", {x, list(layer, "columns", std::move(columns))}, {{"axis", int64_t{3}}});
    }
  }
  finish(layer, "Resize", {input(layer), "", "", dims_of_result(layer)}, resize_attributes(layer));
}

void express_pad(const Layer& layer) {
  const auto& p = sizes(attributes_of(layer), "padding");  // top, bottom, left, right
  const std::string& mode = mode_of(layer);
  std::vector<std::string> inputs = {input(layer), list(layer, "pads", {0, 0, p[0], p[2], 0, 0, p[1], p[3]})};
  if (mode == "constant") inputs.push_back(scalar(layer, "value", real(attributes_of(layer), "value")));
  finish(layer, "Pad", std::move(inputs), {{"mode", mode == "replicate" ? "edge" : mode}});
}

// ONNX's window of an even size reaches one channel further behind, ours before.
void express_lrn(const Layer& layer) {
  const cnnc::Attributes& a = attributes_of(layer);
  const int64_t size = integer(a, "size");
  if (size % 2 == 0)
    throw Unwritable{"its window of an even number of channels takes others", "use an odd size"};
  finish(layer, "LRN", {input(layer)},
         {{"size", size},
          {"alpha", static_cast<float>(real(a, "alpha"))},
          {"beta", static_cast<float>(real(a, "beta"))},
          {"bias", static_cast<float>(real(a, "k"))}});
}

// In PyTorch's order of channels; ONNX's SpaceToDepth has another. The 0 stands for the images.
void express_space_to_depth(const Layer& layer) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  const int64_t block = integer(attributes_of(layer), "block");
  const std::vector<int64_t> blocks = {0, from.channels(), to.height(), block, to.width(), block};
  const std::string split = step(layer, "split", "Reshape", {input(layer), list(layer, "blocks", blocks)});
  const std::string moved =
      step(layer, "moved", "Transpose", {split}, {{"perm", std::vector<int64_t>{0, 1, 3, 5, 2, 4}}});
  finish(layer, "Reshape", {moved, list(layer, "dims", {0, to.channels(), to.height(), to.width()})});
}

void express_depth_to_space(const Layer& layer) {
  finish(layer, "DepthToSpace", {input(layer)},
         {{"blocksize", integer(attributes_of(layer), "block")}, {"mode", std::string("CRD")}});
}

}  // namespace cnnc::onnx
