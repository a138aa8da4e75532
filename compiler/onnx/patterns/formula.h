// Models read backwards, as formulas: what a value is computed from.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

struct Formulas {
  const Model& model;
  std::map<std::string, size_t> producers;  // the places of nodes, by the values that they compute
};

Formulas formulas_of(const Model& model);

// The node of ONNX that computes the value, if it is of that operator (or of ours, as recognise.cpp names
// them); else null.
const Node* producer_of(const Formulas& f, const std::string& value, std::string_view op);

// The number that a value is, where it is a constant of one element.
std::optional<double> number_of(const Formulas& f, const std::string& value);

// The other input where one is that number, or within 1e-5 of it, of a node of two inputs; else "".
std::string beside_number(const Formulas& f, const Node& node, double number);

// factor times a value.
struct Scaled {
  std::string value;
  double factor = 1;
};

// What a value is a multiple of, if it is a Mul or Div with a number.
std::optional<Scaled> scaled_of(const Formulas& f, const std::string& value);

// A product of values and a number. Those of more than kMostFactors nodes are not taken apart to the end.
struct Product {
  double number = 1;
  std::vector<std::string> values;
};
constexpr int kMostFactors = 16;

// The value as a product, whose factors are no products themselves; `atom` is not taken apart.
Product product_of(const Formulas& f, const std::string& value, const std::string& atom = "");

// Whether they are within 1e-5 of each other, relatively: constants are rounded as their writers liked.
bool is_near(double a, double b);

}  // namespace cnnc::onnx
