// What changes the rows and columns of maps, and normalisation across channels.
#include <algorithm>
#include <cmath>

#include "onnx/export/expression.h"
#include "ops/spatial/resample.h"

namespace cnnc::onnx {
namespace {

const std::string& mode_of(const Layer& layer) {
  return std::get<std::string>(attributes_of(layer).find("mode")->second);
}

std::string word_of(const Layer& layer, const char* name) {
  return std::get<std::string>(attributes_of(layer).find(name)->second);
}

// The scale of an axis that has one of its own, else 0.
float own_scale(const Layer& layer, const char* name) {
  const auto found = attributes_of(layer).find(name);
  return found == attributes_of(layer).end() ? 0 : static_cast<float>(std::get<double>(found->second));
}

// `places`, by ONNX's name.
std::string coordinates_of(const Layer& layer) {
  const std::string places = word_of(layer, "places");
  // Both are the same where the result's size is the input's times the scale, not rounded.
  const bool has_scale = own_scale(layer, "row_scale") != 0 || own_scale(layer, "column_scale") != 0;
  if (places == "half_pixel_symmetric" && !has_scale) return "half_pixel";
  if (places == "corners") return "align_corners";
  if (places != "usual") return places;
  if (mode_of(layer) == "nearest") return "asymmetric";
  return is_on(attributes_of(layer), "align_corners") ? "align_corners" : "half_pixel";
}

std::string nearest_mode_of(const Layer& layer) {
  const std::string rounding = word_of(layer, "rounding");
  if (rounding == "half_down") return "round_prefer_floor";
  return rounding == "half_up" ? "round_prefer_ceil" : rounding;
}

// The row, or column, that each one of the result is taken from.
std::vector<int64_t> nearest_elements(const Layer& layer, const ResampleAxis& axis) {
  require_moderate(axis.output);
  std::vector<int64_t> elements;
  for (const ResampleTaps& taps : resample_taps(attributes_of(layer), axis))
    elements.push_back(taps.elements[0]);
  return elements;
}

// The place of a row as engines compute it, who divide by the scale, a float.
float float_place(const std::string& coordinates, float o, float scale, float input, float output) {
  if (coordinates == "asymmetric") return o / scale;
  if (coordinates == "tf_half_pixel_for_nn") return (o + 0.5F) / scale;
  if (coordinates == "align_corners") return output == 1 ? 0 : o * (input - 1) / (output - 1);
  if (coordinates == "pytorch_half_pixel" && output == 1) return 0;
  const float centre = (o + 0.5F) / scale - 0.5F;
  return coordinates == "half_pixel_symmetric" ? input / 2 * (1 - output / (scale * input)) + centre : centre;
}

float rounded(const std::string& nearest_mode, float place) {
  if (nearest_mode == "floor") return std::floor(place);
  if (nearest_mode == "ceil") return std::ceil(place);
  return nearest_mode == "round_prefer_ceil" ? std::floor(place + 0.5F) : std::ceil(place - 0.5F);
}

// Whether Resize finds the same rows.
bool floats_find(const Layer& layer, const std::vector<int64_t>& rows, int64_t input, float scale) {
  const auto size = static_cast<float>(input), result = static_cast<float>(rows.size());
  const std::string coordinates = coordinates_of(layer), nearest_mode = nearest_mode_of(layer);
  for (size_t o = 0; o < rows.size(); ++o) {
    const float place =
        float_place(coordinates, static_cast<float>(o), scale != 0 ? scale : result / size, size, result);
    if (std::clamp(rounded(nearest_mode, place), 0.0F, size - 1) != static_cast<float>(rows[o])) return false;
  }
  return true;
}

// Coordinates as ops/spatial/resample.h has them.
NodeAttributes resize_attributes(const Layer& layer) {
  if (coordinates_of(layer) == "half_pixel_symmetric")
    throw Unwritable{"ONNX has its places since opset 19, which the model is not written in",
                     "write 'places half_pixel': the values are others then"};
  NodeAttributes attributes = {{"coordinate_transformation_mode", coordinates_of(layer)}};
  if (mode_of(layer) == "nearest") {
    attributes["mode"] = std::string("nearest");
    attributes["nearest_mode"] = nearest_mode_of(layer);
  } else if (mode_of(layer) == "bilinear") {
    attributes["mode"] = std::string("linear");
  } else {
    attributes["mode"] = std::string("cubic");
    attributes["cubic_coeff_a"] = static_cast<float>(real(attributes_of(layer), "cubic_coefficient"));
    attributes["exclude_outside"] = int64_t{is_on(attributes_of(layer), "exclude_outside")};
  }
  return attributes;
}

// The images, and these sizes behind them; how many images there are is known when the network runs.
std::string dims_with_images(const Layer& layer, const std::vector<int64_t>& sizes) {
  const std::string dims = step(layer, "dims", "Shape", {input(layer)});
  const std::string images =
      step(layer, "images", "Slice",
           {dims, list(layer, "begin", {0}), list(layer, "end", {1}), list(layer, "axis", {0})});
  return step(layer, "result_dims", "Concat", {images, list(layer, "size", sizes)}, {{"axis", int64_t{0}}});
}

// N x C x height x width of the result.
std::string dims_of_result(const Layer& layer) {
  return dims_with_images(layer, node_of(layer).shape.sizes);
}

void express_sampling(const Layer& layer, const std::string& grid) {
  const cnnc::Attributes& a = attributes_of(layer);
  finish(layer, "GridSample", {input(layer), grid},
         {{"mode", word(a, "mode")},
          {"padding_mode", word(a, "padding_mode")},
          {"align_corners", int64_t{is_on(a, "align_corners")}}});
}

void want_sampled_map(const Layer& layer) {
  if (!input_shape(layer).is_map())
    throw Unwritable{
        "ONNX takes the elements of maps alone before opset 20, which the model is not written in",
        "make a map of it with 'reshape'"};
}

}  // namespace

namespace {

// Where floats would take another row than is meant, the rows are told one by one; whether that was done.
bool express_nearest(const Layer& layer) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  const cnnc::Attributes& a = attributes_of(layer);
  std::vector<int64_t> rows = nearest_elements(layer, resample_rows(a, from.height(), to.height()));
  std::vector<int64_t> columns = nearest_elements(layer, resample_columns(a, from.width(), to.width()));
  if (floats_find(layer, rows, from.height(), own_scale(layer, "row_scale")) &&
      floats_find(layer, columns, from.width(), own_scale(layer, "column_scale")))
    return false;
  const std::string x = step(layer, "resized_rows", "Gather",
                             {input(layer), list(layer, "rows", std::move(rows))}, {{"axis", int64_t{2}}});
  finish(layer, "Gather", {x, list(layer, "columns", std::move(columns))}, {{"axis", int64_t{3}}});
  return true;
}

// Of an axis without a scale of its own the quotient of its sizes.
float scale_of(const Layer& layer, const char* name, int64_t input, int64_t output) {
  const float own = own_scale(layer, name);
  const float scale = own != 0 ? own : static_cast<float>(output) / static_cast<float>(input);
  if (std::floor(static_cast<float>(input) * scale) == static_cast<float>(output)) return scale;
  throw Unwritable{"its size is not the input's times its scale, rounded down, as ONNX has it",
                   "write the size alone: the places are then its own"};
}

}  // namespace

void express_upsample(const Layer& layer) {
  if (mode_of(layer) == "nearest" && express_nearest(layer)) return;
  const auto& factor = sizes(attributes_of(layer), "factor");
  const std::string scales =
      tensor(layer, "scales", {4}, {1, 1, static_cast<float>(factor[0]), static_cast<float>(factor[1])});
  finish(layer, "Resize", {input(layer), "", scales}, resize_attributes(layer));
}

// ONNX has either sizes or scales.
void express_resize(const Layer& layer) {
  const Shape &from = input_shape(layer), &to = node_of(layer).shape;
  if (mode_of(layer) == "nearest" && express_nearest(layer)) return;
  if (own_scale(layer, "row_scale") == 0 && own_scale(layer, "column_scale") == 0)
    return finish(layer, "Resize", {input(layer), "", "", dims_of_result(layer)}, resize_attributes(layer));
  const std::string scales = tensor(layer, "scales", {4},
                                    {1, 1, scale_of(layer, "row_scale", from.height(), to.height()),
                                     scale_of(layer, "column_scale", from.width(), to.width())});
  finish(layer, "Resize", {input(layer), "", scales}, resize_attributes(layer));
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

void express_grid_sample(const Layer& layer) {
  want_sampled_map(layer);
  express_sampling(layer, inputs(layer)[1]);
}

// Each image has the same grid, which ONNX does not repeat.
void express_grid_sample_constant(const Layer& layer) {
  want_sampled_map(layer);
  const std::string dims = dims_with_images(layer, sizes(attributes_of(layer), "shape"));
  express_sampling(layer, step(layer, "grid", "Expand", {parameter(layer, "value"), dims}));
}

}  // namespace cnnc::onnx
