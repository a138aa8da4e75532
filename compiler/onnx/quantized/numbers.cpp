// Arithmetic on whole numbers, as floats: exact, as long as sums stay below 2^24.
#include <fmt/format.h>

#include "onnx/quantized/constants.h"
#include "onnx/quantized/rewriting.h"
#include "onnx/unmapped.h"

namespace cnnc::onnx {
namespace {

// A constant of whole numbers as one of floats, under another name; of a tensor its own name.
std::string as_floats(Rewriting& r, const std::string& name) {
  const Constant* constant = find_constant(r.model, name);
  if (!constant || constant->floats) return name;
  if (!constant->integers) throw Unmapped{fmt::format("its constant is of type {}", constant->type), ""};
  Constant floats{"float", constant->dims, nullptr, nullptr};
  floats.floats =
      std::make_shared<const std::vector<float>>(constant->integers->begin(), constant->integers->end());
  std::string made = new_name(r, name + "/float");
  r.model.constants.emplace(made, std::move(floats));
  return made;
}

// Throws unless the constant is one number.
void want_number(const Rewriting& r, const std::string& name, const char* what) {
  const Constant* constant = find_constant(r.model, name);
  if (constant && elements(constant->dims) != 1)
    throw Unmapped{
        fmt::format("{} has {} values, and a tensor of the network is quantised as a whole", what,
                    elements(constant->dims)),
        "quantise activations with one scale for each tensor; weights may have one for each channel"};
}

// The zero point as a float; "" where it is 0.
std::string zero_of(Rewriting& r, const std::string& name) {
  if (name.empty()) return "";
  want_number(r, name, "its zero point");
  const Constant* constant = find_constant(r.model, name);
  if (constant && constant->integers && constant->integers->front() == 0) return "";
  return as_floats(r, name);
}

// clamp(round(x / scale) + zero): the numbers of a type.
void add_rounding(Rewriting& r, const std::string& x, const std::string& scale, const std::string& zero,
                  NumberLimits limits, const std::string& to) {
  std::string y = add(r, "Round", {add(r, "Div", {x, scale})});
  if (!zero.empty()) y = add(r, "Add", {y, zero});
  add_clip(r, y, static_cast<double>(limits.least), static_cast<double>(limits.greatest), to);
}

// The weight's constant less its zero point, which is one number, or one for each of the outputs.
std::string weight_from_zero(Rewriting& r, const Node& node, bool outputs_last) {
  const Constant* weight = constant_of(r.model, node, 1);
  if (!weight) throw Unmapped{"its weight is computed by the network, not a constant", ""};
  const std::string zero_name = input_of(node, 3);
  const Constant* zero = constant_of(r.model, node, 3);
  if (!zero_name.empty() && !zero)
    throw Unmapped{"the zero point of its weight is computed by the network", ""};
  const Constant one{"float", {}, std::make_shared<const std::vector<float>>(1, 1.0F), nullptr};
  Constant scale = one;
  if (zero && zero->integers && zero->integers->size() != 1)
    scale = {"float", zero->dims, std::make_shared<const std::vector<float>>(zero->integers->size(), 1.0F),
             nullptr};
  Constant reals = dequantized(*weight, scale, zero, outputs_last ? -1 : 0, 0);
  std::string name = new_name(r, node.inputs[1] + "/float");
  r.model.constants.emplace(name, std::move(reals));
  return name;
}

}  // namespace

std::string new_name(Rewriting& r, const std::string& wanted) {
  std::string name = wanted;
  for (int count = 2; !r.names.insert(name).second; ++count) name = fmt::format("{}_{}", wanted, count);
  return name;
}

std::string add_constant(Rewriting& r, const std::string& wanted, double value) {
  std::string name = new_name(r, wanted);
  r.model.constants[name] = {
      "float", {}, std::make_shared<const std::vector<float>>(1, static_cast<float>(value)), nullptr};
  return name;
}

std::string add(Rewriting& r, const std::string& op, std::vector<std::string> inputs, const std::string& to,
                std::map<std::string, Attribute> attributes) {
  Node node;
  node.op = op;
  node.outputs = {to.empty() ? new_name(r, inputs[0] + "/" + op) : to};
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  r.nodes.push_back(std::move(node));
  return r.nodes.back().outputs[0];
}

std::string add_clip(Rewriting& r, const std::string& x, double least, double greatest,
                     const std::string& to) {
  if (r.model.opset < 11)
    return add(r, "Clip", {x}, to,
               {{"min", static_cast<float>(least)}, {"max", static_cast<float>(greatest)}});
  return add(r, "Clip", {x, add_constant(r, x + "/least", least), add_constant(r, x + "/greatest", greatest)},
             to);
}

void compute_numbers(Rewriting& r, const std::string& value) {
  const auto found = r.stored.find(value);
  if (found == r.stored.end() || !r.computed.insert(value).second) return;
  const auto& [real, grid] = found->second;
  const std::string zero =
      grid.zero == 0 ? "" : add_constant(r, value + "/zero", static_cast<double>(grid.zero));
  add_rounding(r, real, add_constant(r, value + "/scale", grid.scale), zero, {grid.least, grid.greatest},
               value);
}

std::string add_rounded(Rewriting& r, const std::string& x, const Grid& grid, const std::string& to) {
  const std::string scale = add_constant(r, to + "/scale", grid.scale);
  const std::string numbers = add(r, "Round", {add(r, "Div", {x, scale})});
  const std::string clipped = add_clip(r, numbers, static_cast<double>(grid.least - grid.zero),
                                       static_cast<double>(grid.greatest - grid.zero));
  return add(r, "Mul", {clipped, scale}, to);
}

void add_quantize(Rewriting& r, const Node& node, const std::string& type) {
  const auto limits = limits_of(type);
  if (!limits) throw Unmapped{fmt::format("it makes numbers of type {}, which cnnc has not", type), ""};
  want_number(r, input_of(node, 1), "its scale");
  add_rounding(r, node.inputs[0], as_floats(r, input_of(node, 1)), zero_of(r, input_of(node, 2)), *limits,
               node.outputs[0]);
}

void add_dequantize(Rewriting& r, const Node& node) {
  want_number(r, input_of(node, 1), "its scale");
  std::string x = add(r, "Cast", {node.inputs[0]}, "", {{"to", int64_t{1}}});
  if (const std::string zero = zero_of(r, input_of(node, 2)); !zero.empty()) x = add(r, "Sub", {x, zero});
  add(r, "Mul", {x, as_floats(r, input_of(node, 1))}, node.outputs[0]);
}

// The range of x and 0 on 0 to 255. Without anything but zeros the scale is of no consequence, but not 0.
void add_dynamic_quantize(Rewriting& r, const Node& node) {
  const std::string &x = node.inputs.at(0), nothing = add_constant(r, x + "/0", 0);
  const std::map<std::string, Attribute> whole = {{"keepdims", int64_t{0}}};
  const std::string greatest = add(r, "Max", {add(r, "ReduceMax", {x}, "", whole), nothing});
  const std::string least = add(r, "Min", {add(r, "ReduceMin", {x}, "", whole), nothing});
  const std::string range =
      add(r, "Max", {add(r, "Sub", {greatest, least}), add_constant(r, x + "/tiny", 1e-30)});
  const std::string scale = add(r, "Div", {range, add_constant(r, x + "/255", 255)},
                                node.outputs.size() > 1 ? node.outputs[1] : "");
  const std::string from_least = add(r, "Div", {add(r, "Neg", {least}), scale});
  const std::string zero =
      add_clip(r, add(r, "Round", {from_least}), 0, 255, node.outputs.size() > 2 ? node.outputs[2] : "");
  add_rounding(r, x, scale, zero, {0, 255}, node.outputs[0]);
}

// ConvInteger and MatMulInteger: x, w and the zero points of both. Padding is the zero point.
void add_integer_product(Rewriting& r, const Node& node) {
  const bool is_conv = node.op == "ConvInteger";
  Node product = node;
  product.op = is_conv ? "Conv" : "MatMul";
  std::string x = node.inputs.at(0);
  if (const std::string zero = zero_of(r, input_of(node, 2)); !zero.empty()) x = add(r, "Sub", {x, zero});
  product.inputs = {x, weight_from_zero(r, node, !is_conv)};
  r.nodes.push_back(std::move(product));
}

}  // namespace cnnc::onnx
