// What mappings of elementwise operators have in common.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// A float attribute as a person would have written it: the double with its fewest digits, 0.1 and not
// 0.10000000149. The greatest float, which models write for no limit at all, stays what it is.
double decimal(float value);

// A constant of one value, which the dimensions of the tensor beside it can hold. Throws Unmapped; `what`
// names the constant.
double single_value(const Constant& constant, const View& beside, std::string_view what);

// An operator on each element on its own: whatever the dimensions of the view, it is computed on the tensor
// as it lies.
View apply(Translation& t, std::string name, std::string_view op, Attributes attributes, const View& x);

// A flattened map as the vector that follows it, where operators stand in texts that count as statements or
// that people write behind the flatten; any other view as it is.
View flat_as_vector(Translation& t, const View& view);

// factor x + shift
View scaled(Translation& t, const View& x, double factor, double shift = 0, std::string name = "");

// "add" or "multiply" of tensors of the network. Throws Unmapped.
View add_views(Translation& t, const Node& node, std::string_view op, const std::vector<View>& views);

// Throws Unmapped where the node divides whole numbers by such: the rest is left out, which a division here
// is not. It is composed then.
void want_no_quotient_of_integers(const Translation& t, const Node& node);

// What a node limits its input to.
struct Limits {
  double least, greatest;
};

// Of a clip, relu or relu6; infinite where there is no limit. Empty where the node is none of them.
std::optional<Limits> limits_of(const cnnc::Node& node);

}  // namespace cnnc::onnx
