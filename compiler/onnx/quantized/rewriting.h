// The state while a quantised model is made one of reals, and arithmetic on whole numbers as floats.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "onnx/quantized/grid.h"

namespace cnnc::onnx {

// What the numbers of a value stand for: another value, on a grid.
struct Stored {
  std::string real;
  Grid grid;
};

struct Rewriting {
  Model& model;                                   // whose constants grow; its nodes are those before
  std::vector<Node> nodes = {};                   // those of the result so far
  std::map<std::string, std::string> reals = {};  // values that are others of the result: DequantizeLinear's
  std::map<std::string, Stored> stored = {};      // values of numbers that are not computed, unless asked for
  std::set<std::string> computed = {};            // of these, those that are computed after all
  std::set<std::string> positive = {};            // values of which no element is less than 0
  std::set<std::string> names = {};               // all that were given
  std::multimap<std::string, std::pair<Grid, std::string>> made = {};  // by values: the same on a grid
  QuantizedValues values = {};
};

// A name that no value has.
std::string new_name(Rewriting& r, const std::string& wanted);
// A constant of one element; its name.
std::string add_constant(Rewriting& r, const std::string& wanted, double value);
// A node; the name of its result, `to` or a new one.
std::string add(Rewriting& r, const std::string& op, std::vector<std::string> inputs,
                const std::string& to = "", std::map<std::string, Attribute> attributes = {});
// max(least, min(x, greatest))
std::string add_clip(Rewriting& r, const std::string& x, double least, double greatest,
                     const std::string& to = "");

// ---- numbers as floats (numbers.cpp)
// The numbers of a value that is stored, under its own name.
void compute_numbers(Rewriting& r, const std::string& value);
// The real values of the grid that are nearest to those of x, under the name `to`.
std::string add_rounded(Rewriting& r, const std::string& x, const Grid& grid, const std::string& to);
// QuantizeLinear and DequantizeLinear of one scale, which may be computed. Throw Unmapped.
void add_quantize(Rewriting& r, const Node& node, const std::string& type);
void add_dequantize(Rewriting& r, const Node& node);
// DynamicQuantizeLinear, ConvInteger and MatMulInteger.
void add_dynamic_quantize(Rewriting& r, const Node& node);
void add_integer_product(Rewriting& r, const Node& node);

}  // namespace cnnc::onnx
