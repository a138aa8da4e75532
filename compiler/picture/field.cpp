#include "picture/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "ops/registry.h"
#include "ops/window/transposed_window.h"
#include "ops/window/window.h"
#include "picture/layers.h"
#include "picture/words.h"

namespace cnnc::picture {
namespace {

// An element sees `taps` elements in a row of what it is computed from, the first at `from`; the next element
// sees those `stride` further on.
FieldAxis seen_through(FieldAxis axis, double from, double taps, double stride) {
  axis.begin += from * axis.step;
  axis.size += (taps - 1) * axis.step;
  axis.step *= stride;
  return axis;
}

FieldAxis through_window(const FieldAxis& axis, const WindowAxis& w) {
  return seen_through(axis, -static_cast<double>(w.pad_before), static_cast<double>(span(w)),
                      static_cast<double>(w.stride));
}

// Element o of the result is made of those i with i * stride - pad + tap = o.
FieldAxis through_transposed(const FieldAxis& axis, const WindowAxis& w) {
  const auto stride = static_cast<double>(w.stride), reach = static_cast<double>(span(w) - 1);
  return seen_through(axis, std::ceil((static_cast<double>(w.pad_before) - reach) / stride),
                      std::floor(reach / stride) + 1, 1 / stride);
}

// Bilinear interpolation reads the neighbours on both sides, bicubic two more.
FieldAxis through_resize(const FieldAxis& axis, const std::string& mode, int64_t from, int64_t to) {
  const double taps = mode == "nearest" ? 1 : mode == "bilinear" ? 2 : 4;
  return seen_through(axis, -std::floor((taps - 1) / 2), taps,
                      static_cast<double>(from) / static_cast<double>(to));
}

template <class OfAxis>
Field of_both(const Field& field, OfAxis&& of_axis) {
  return {of_axis(field.rows, true), of_axis(field.columns, false)};
}

bool is_pixel_by_pixel(const Node& node) {
  static const std::set<std::string> others = {"batchnorm", "lrn", "dropout", "prelu"};
  const Operator* op = find_operator(node.op);
  if (node.op == "softmax" || node.op == "log_softmax") return integer(node.attributes, "along") == 0;
  return others.count(node.op) > 0 || (op && (op->facts.is_elementwise || op->facts.moves_channels));
}

FieldAxis both_of(const FieldAxis& a, const FieldAxis& b) {
  FieldAxis axis = a;
  axis.begin = std::min(a.begin, b.begin);
  axis.size = std::max(a.begin + a.size, b.begin + b.size) - axis.begin;
  return axis;
}

using Fields = std::vector<std::optional<Field>>;

// What the inputs of the node's size see together: a gate's vector, which is repeated to it, is left out.
std::optional<Field> of_pixels(const Graph& graph, const Node& node, const Fields& fields) {
  std::optional<Field> field;
  for (const NodeId input : node.inputs) {
    const Shape& shape = graph.nodes[input].shape;
    if (!fields[input] || shape.height() != node.shape.height() || shape.width() != node.shape.width())
      continue;
    field = field ? Field{both_of(field->rows, fields[input]->rows),
                          both_of(field->columns, fields[input]->columns)}
                  : fields[input];
  }
  return field;
}

// The input of height x width x channels whose channels a permute brings to the front, with nothing but
// arithmetic on single elements in between; none of another one.
const Node* picture_brought_to_front(const Graph& graph, const Node& node) {
  if (node.op != "permute" || sizes(node.attributes, "order") != std::vector<int64_t>{2, 0, 1})
    return nullptr;
  const Node* before = &graph.nodes[node.inputs[0]];
  while (!is_input(*before)) {
    const Operator* op = find_operator(before->op);
    if (!op || !op->facts.is_elementwise || before->inputs.size() != 1) return nullptr;
    before = &graph.nodes[before->inputs[0]];
  }
  return before;
}

Field of_input(int64_t height, int64_t width) {
  return {{height, 0, 1, 1}, {width, 0, 1, 1}};
}

std::optional<Field> field_of(const Graph& graph, const Node& node, const Fields& fields) {
  if (!node.shape.is_map()) return std::nullopt;
  if (is_input(node)) return of_input(node.shape.height(), node.shape.width());
  if (const Node* input = picture_brought_to_front(graph, node))
    return of_input(input->shape.sizes[0], input->shape.sizes[1]);
  if (is_pixel_by_pixel(node)) return of_pixels(graph, node, fields);
  const std::optional<Field>& before = fields[node.inputs[0]];
  if (!before) return std::nullopt;
  const Shape& input = graph.nodes[node.inputs[0]].shape;
  if (node.op == "conv" || node.op == "maxpool" || node.op == "avgpool" || node.op == "global_avgpool" ||
      node.op == "global_maxpool") {
    const bool is_global = node.op.rfind("global", 0) == 0;
    const Window window = is_global ? global_window(input) : window_of(node.attributes, input);
    return of_both(*before, [&](const FieldAxis& axis, bool rows) {
      return through_window(axis, rows ? window.height : window.width);
    });
  }
  if (node.op == "pad") {
    const std::vector<int64_t>& padding = sizes(node.attributes, "padding");  // top, bottom, left, right
    return of_both(*before, [&](const FieldAxis& axis, bool rows) {
      return seen_through(axis, -static_cast<double>(padding[rows ? 0 : 2]), 1, 1);
    });
  }
  if (node.op == "upconv") {
    const Window window = transposed_window_of(node.attributes, input);
    return of_both(*before, [&](const FieldAxis& axis, bool rows) {
      return through_transposed(axis, rows ? window.height : window.width);
    });
  }
  if (node.op == "upsample" || node.op == "resize")
    return of_both(*before, [&](const FieldAxis& axis, bool rows) {
      return through_resize(axis, word(node.attributes, "mode"), rows ? input.height() : input.width(),
                            rows ? node.shape.height() : node.shape.width());
    });
  return std::nullopt;
}

bool differ(const FieldAxis& a, const FieldAxis& b) {
  return a.size != b.size || a.step != b.step;
}

// Layers with another field than their input's, with the field.
std::vector<int> layers_to_draw(const Graph& graph, const Fields& fields) {
  std::vector<int> layers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!fields[i] || is_input(node) || is_pixel_by_pixel(node)) continue;
    const std::optional<Field>& before = fields[node.inputs[0]];
    if (before && (differ(before->rows, fields[i]->rows) || differ(before->columns, fields[i]->columns)))
      layers.push_back(static_cast<int>(i));
  }
  return layers;
}

constexpr double kMargin = 14, kCell = 102, kFrame = 70, kRoom = 12, kTitle = 66, kRow = 152;
constexpr size_t kColumns = 6, kNameLength = 13;

// Places along one axis of the input, in the picture; what is far outside is drawn at the edge of the cell.
struct Scale {
  double origin, unit, length;
  double at(double element) const {
    return origin + std::clamp(element * unit, -kRoom + 2, length * unit + kRoom - 2);
  }
};

Polygon rectangle(double left, double top, double right, double bottom, const std::string& look) {
  return {{{left, bottom}, {left, top}, {right, top}, {right, bottom}}, look};
}

Path outline(double left, double top, double right, double bottom, const std::string& look) {
  return {{{left, top}, {right, top}, {right, bottom}, {left, bottom}, {left, top}}, look, false};
}

// Where an element's field begins and ends.
std::pair<double, double> ends(const FieldAxis& axis, int64_t element) {
  const double begin = axis.begin + static_cast<double>(element) * axis.step;
  return {begin, begin + axis.size};
}

std::string number_text(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

std::string pair_text(double rows, double columns) {
  return rows == columns ? number_text(rows) : number_text(rows) + "x" + number_text(columns);
}

std::vector<Mark> words(const Node& node, const Field& field, Point at) {
  const double pad = std::max({0.0, -field.rows.begin, -field.columns.begin});
  std::string steps = "step " + pair_text(field.rows.step, field.columns.step);
  if (pad > 0)
    steps += fmt::format(", pad {}",
                         pair_text(std::max(0.0, -field.rows.begin), std::max(0.0, -field.columns.begin)));
  const bool is_one = node.shape.height() == 1 && node.shape.width() == 1;
  return {Label{{at.x, at.y}, shortened(node.name, kNameLength), "name"},
          Label{{at.x, at.y + 14},
                fmt::format("sees {}x{}", number_text(field.rows.size), number_text(field.columns.size)),
                ""},
          Label{{at.x, at.y + 28}, is_one ? "one element" : steps, "faint"}};
}

// The input, the fields of the middle element and of the one behind it, and in dashes how far padding
// reaches.
Part cell(const Node& node, const Field& field, double x, double y) {
  const auto rows = static_cast<double>(field.rows.input), columns = static_cast<double>(field.columns.input);
  const double unit = kFrame / std::max(rows, columns);
  const Scale across{x + (kCell - columns * unit) / 2, unit, columns},
      down{y + kRoom + (kFrame - rows * unit) / 2, unit, rows};
  const int64_t row = (node.shape.height() - 1) / 2, column = (node.shape.width() - 1) / 2;
  const auto [top, bottom] = ends(field.rows, row);
  const auto [left, right] = ends(field.columns, column);
  Part part{node.name, {}};
  part.marks.push_back(rectangle(across.at(0), down.at(0), across.at(columns), down.at(rows), "input top"));
  const double last_row = ends(field.rows, node.shape.height() - 1).second,
               last_column = ends(field.columns, node.shape.width() - 1).second;
  if (field.rows.begin < 0 || field.columns.begin < 0)
    part.marks.push_back(
        outline(across.at(std::min(0.0, field.columns.begin)), down.at(std::min(0.0, field.rows.begin)),
                across.at(std::max(columns, last_column)), down.at(std::max(rows, last_row)), "dashed"));
  const std::string look = node.op.find("pool") != std::string::npos ? "pool"
                           : node.op == "conv"                       ? "conv"
                                                                     : "up";
  part.marks.push_back(
      rectangle(across.at(left), down.at(top), across.at(right), down.at(bottom), look + " side"));
  if (node.shape.width() > 1)
    part.marks.push_back(outline(across.at(left + field.columns.step), down.at(top),
                                 across.at(right + field.columns.step), down.at(bottom), ""));
  for (Mark& mark : words(node, field, {x + kCell / 2, y + kFrame + 2 * kRoom + 10}))
    part.marks.push_back(std::move(mark));
  return part;
}

}  // namespace

std::vector<std::optional<Field>> fields_of(const Graph& graph) {
  Fields fields;
  for (const Node& node : graph.nodes) fields.push_back(field_of(graph, node, fields));
  return fields;
}

std::string size_text(const Field& field) {
  return pair_text(field.rows.size, field.columns.size);
}

Drawing draw_field(const Graph& graph) {
  const Fields fields = fields_of(graph);
  const std::vector<int> layers = layers_to_draw(graph, fields);
  const size_t rows = (layers.size() + kColumns - 1) / kColumns;
  Drawing drawing{kPictureWidth,
                  kTitle + static_cast<double>(rows) * kRow + 4,
                  graph.name + ": what of the input each layer sees",
                  {}};
  Part title;
  title.marks.push_back(Label{{kMargin, 22},
                              shortened(graph.name + ": what of the input each layer sees", 78),
                              "title",
                              Anchor::start});
  title.marks.push_back(Label{{kMargin, 42},
                              layers.empty()
                                  ? "no layer sees more than an element, or a part that can be told"
                                  : "grey: the input; filled: the field of an element; its outline: that of "
                                    "the next one; dashes: padding",
                              "faint",
                              Anchor::start});
  drawing.parts.push_back(title);
  for (size_t i = 0; i < layers.size(); ++i)
    drawing.parts.push_back(cell(graph.nodes[layers[i]], *fields[layers[i]],
                                 kMargin + static_cast<double>(i % kColumns) * kCell,
                                 kTitle + static_cast<double>(i / kColumns) * kRow));
  return drawing;
}

}  // namespace cnnc::picture
