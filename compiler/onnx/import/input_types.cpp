#include "onnx/import/input_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "onnx/attributes.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

bool is_real(std::string_view type) {
  return type == "float" || type == "float16" || type == "bfloat16" || type == "double";
}

constexpr std::string_view kWholeNumbers[] = {"uint8", "int8",   "uint16", "int16", "int32",
                                              "int64", "uint32", "uint64", "bool"};

// Operators that move elements, whatever they are.
constexpr std::string_view kMoves[] = {"Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"};

template <class List>
bool is_in(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool makes_floats(const Node& node) {
  const auto to = node.attributes.find("to");
  const auto* type = to == node.attributes.end() ? nullptr : std::get_if<int64_t>(&to->second);
  return node.op == "Cast" && type && is_real(type_name(*type));
}

// Whether each node that reads the value makes floats of it, perhaps after moving its elements.
bool is_made_floats(const Model& model, const std::string& value) {
  std::set<std::string> values = {value};
  bool is_cast = false;
  for (const Node& node : model.nodes) {
    const auto reads = [&](const std::string& input) { return values.count(input) > 0; };
    if (std::none_of(node.inputs.begin(), node.inputs.end(), reads) || node.op == "Shape") continue;
    is_cast = is_cast || makes_floats(node);
    if (makes_floats(node)) continue;
    if (!node.domain.empty() || !is_in(kMoves, node.op) || !reads(node.inputs[0])) return false;
    values.insert(node.outputs.begin(), node.outputs.end());
  }
  return is_cast && std::none_of(model.outputs.begin(), model.outputs.end(),
                                 [&](const ValueInfo& output) { return values.count(output.name) > 0; });
}

}  // namespace

void want_floats(const Model& model, const ValueInfo& info) {
  if (is_real(info.type)) return;
  if (is_in(kWholeNumbers, info.type) && is_made_floats(model, info.name)) return;
  const std::string hint =
      is_in(kWholeNumbers, info.type)
          ? "cnnc computes with floats: declare it as float in the model, and give it floats; "
            "where a Cast to float reads it, it is taken so"
          : "cnnc computes with floats: declare it as float in the model, and give it floats";
  throw Wrong{fmt::format("is {}", info.type.empty() ? "no tensor" : "of type " + info.type), hint};
}

bool is_integer(std::string_view type) {
  return is_in(kWholeNumbers, type) && type != "bool";
}

void note_type(Translation& t, const std::string& what, const ValueInfo& info) {
  if (info.type.empty() || info.type == "float") return;
  const bool is_whole = what == "output" && is_integer(info.type);
  if (is_whole && info.type == "int32") return;
  t.notes.push_back(fmt::format("{} {} is of type {} in the model, and of {} in the network", what,
                                quote(info.name), info.type, is_whole ? "int32" : "floats"));
}

}  // namespace cnnc::onnx
