#include "onnx/composed/composition.h"

#include <fmt/format.h>

#include <numeric>

namespace cnnc::onnx {

Composer::Composer(const Translation& t, const Node& node) : t_(t), node_(node) {}

// Values that come later may be called so as well: by then nothing reads this one.
std::string Composer::new_name() {
  std::string name = fmt::format("{}/{}", node_.outputs.empty() ? "" : node_.outputs[0], values_++);
  while (t_.values.count(name)) name += "_";
  return name;
}

std::string Composer::keep(Constant constant) {
  std::string name = new_name();
  made_.constants.emplace(name, std::move(constant));
  return name;
}

std::string Composer::add(std::string op, std::vector<std::string> inputs,
                          std::map<std::string, Attribute> attributes) {
  Node node;
  node.op = std::move(op);
  node.inputs = std::move(inputs);
  node.outputs = {new_name()};
  node.attributes = std::move(attributes);
  made_.nodes.push_back(std::move(node));
  return made_.nodes.back().outputs[0];
}

void Composer::finish(std::string op, std::vector<std::string> inputs,
                      std::map<std::string, Attribute> attributes, size_t index) {
  if (index >= node_.outputs.size() || node_.outputs[index].empty()) return;
  add(std::move(op), std::move(inputs), std::move(attributes));
  made_.nodes.back().outputs[0] = node_.outputs[index];
  made_.nodes.back().path = node_.path;
}

std::string Composer::number(float value) {
  return floats({value}, {});
}

std::string Composer::floats(std::vector<float> values, Dims dims) {
  return keep(
      {"float", std::move(dims), std::make_shared<const std::vector<float>>(std::move(values)), nullptr});
}

std::string Composer::whole(std::vector<int64_t> values) {
  const auto count = static_cast<int64_t>(values.size());
  return whole(std::move(values), {count});
}

std::string Composer::whole(std::vector<int64_t> values, Dims dims) {
  return keep(
      {"int64", std::move(dims), nullptr, std::make_shared<const std::vector<int64_t>>(std::move(values))});
}

std::string Composer::reshape(const std::string& x, Dims dims) {
  return add("Reshape", {x, whole(std::move(dims))});
}

std::string Composer::transpose(const std::string& x, std::vector<int64_t> order) {
  return add("Transpose", {x}, {{"perm", std::move(order)}});
}

std::string Composer::slice(const std::string& x, Dims begins, Dims ends, Dims axes, Dims steps) {
  return add("Slice", {x, whole(std::move(begins)), whole(std::move(ends)), whole(std::move(axes)),
                       whole(std::move(steps))});
}

Dims dims_of_input(const Translation& t, const Node& node, size_t index) {
  const Value& value = input(t, node, index);
  if (const auto* constant = std::get_if<Constant>(&value)) return constant->dims;
  return dims_of(std::get<View>(value));
}

std::string places_along(Composer& c, int64_t count, size_t axis, size_t rank) {
  want_few(count);
  std::vector<float> places(static_cast<size_t>(count));
  std::iota(places.begin(), places.end(), 0.0F);
  Dims dims(rank, 1);
  dims.at(axis) = count;
  return c.floats(std::move(places), std::move(dims));
}

void want_few(int64_t elements) {
  constexpr int64_t kMost = int64_t{1} << 24;  // whole numbers up to there are floats
  if (elements > kMost)
    throw Unmapped{fmt::format("it wants {} constants, and at most {} are made for a node", elements, kMost),
                   ""};
}

}  // namespace cnnc::onnx
