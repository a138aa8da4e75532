// The constants of a quantised model: weights stored as whole numbers become the reals that they stand for.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

// Whether it is an operator of quantisation: QuantizeLinear, QLinearConv, ConvInteger and the like.
bool is_of_quantization(const Node& node);
// Whether the model has such operators.
bool is_quantized(const Model& model);

// Nodes that say a constant (Constant, and Identity of one) are initializers.
Model with_initializers(Model model);

// A model without QuantizeLinear and DequantizeLinear of constants, and of those whose numbers, less their
// zero points, are of int8 the scales, by the values' names: one, or one for each place along an axis. A
// weight called conv1.weight_quantized, as ONNX Runtime's tools call it, is conv1.weight.
struct RealConstants {
  Model model;
  std::map<std::string, std::vector<float>> scales;
};
RealConstants with_real_constants(Model model);

// The input's name; "" where the node has none there.
std::string input_of(const Node& node, size_t index);
// The constant of that name, or that an input is; null where the network computes the value, or there is
// none.
const Constant* find_constant(const Model& model, const std::string& name);
const Constant* constant_of(const Model& model, const Node& node, size_t index);

// All names that values of the model have, and "".
std::set<std::string> names_of_values(const Model& model);

}  // namespace cnnc::onnx
