// Sequences of tensors, which newer exporters write for lists: the network has their tensors alone. What is
// asked for by number must be known.
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/composed/composition.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

using Names = std::vector<std::string>;

const Names& sequence_of(const Translation& t, const Node& node) {
  const auto found = has_input(node, 0) ? t.sequences.find(node.inputs[0]) : t.sequences.end();
  if (found == t.sequences.end()) throw Unmapped{"its input 0 is no sequence of tensors", ""};
  return found->second;
}

// The place that input `index` names, from the end of `count` where it is less than 0; at most `last`.
size_t place_of(const Translation& t, const Node& node, size_t index, size_t count, size_t last) {
  const Constant& c = need_integers(t, node, index, "its place");
  const auto size = static_cast<int64_t>(count), most = static_cast<int64_t>(last);
  const int64_t place = c.integers->size() == 1 ? c.integers->front() : most + 1;
  if (place < -size || place > most)
    throw Unmapped{fmt::format("its place is {}, and the sequence has {}",
                               c.integers->size() == 1 ? std::to_string(place) : to_string(c.dims), size),
                   ""};
  return static_cast<size_t>(place < 0 ? place + size : place);
}

Composition with_sequence(Composer& c, const Node& node, Names names) {
  Composition made = c.take();
  made.sequences.emplace(node.outputs.at(0), std::move(names));
  return made;
}

// The sizes of the parts: a list, or one for all with a rest, or 1.
Dims parts_of(const Translation& t, const Node& node, int64_t size) {
  const Constant* given = has_input(node, 1) ? &need_integers(t, node, 1, "its list of sizes") : nullptr;
  if (given && !given->dims.empty()) return *given->integers;
  const int64_t each = given ? given->integers->at(0) : 1;
  if (each < 1) throw Unmapped{fmt::format("its parts are of {}", each), ""};
  Dims parts(static_cast<size_t>(size / each), each);
  if (size % each != 0) parts.push_back(size % each);
  return parts;
}

}  // namespace

std::optional<Composition> compose_sequence(const Translation& t, const Node& node) {
  Composer c(t, node);
  for (size_t i = 0; i < node.inputs.size(); ++i) input(t, node, i);
  return with_sequence(c, node, node.inputs);
}

// Split, and without 'keepdims' Squeeze
std::optional<Composition> compose_split_to_sequence(const Translation& t, const Node& node) {
  const Dims dims = dims_of_input(t, node, 0);
  const size_t axis = axis_of(integer(node, "axis", 0), dims.size());
  const auto along = static_cast<int64_t>(axis);
  const bool stays = has_input(node, 1) || integer(node, "keepdims", 1) != 0;
  Composer c(t, node);
  Names names;
  int64_t begin = 0;
  for (const int64_t size : parts_of(t, node, dims[axis])) {
    const std::string part = c.slice(node.inputs[0], {begin}, {begin + size}, {along}, {1});
    names.push_back(stays ? part : c.add("Squeeze", {part, c.whole({along})}));
    begin += size;
  }
  if (begin != dims[axis])
    throw Unmapped{fmt::format("its parts have {} places of {}", begin, dims[axis]), ""};
  return with_sequence(c, node, std::move(names));
}

std::optional<Composition> compose_sequence_insert(const Translation& t, const Node& node) {
  Names names = sequence_of(t, node);
  const size_t place = has_input(node, 2) ? place_of(t, node, 2, names.size(), names.size()) : names.size();
  input(t, node, 1);
  names.insert(names.begin() + static_cast<std::ptrdiff_t>(place), node.inputs[1]);
  Composer c(t, node);
  return with_sequence(c, node, std::move(names));
}

std::optional<Composition> compose_sequence_erase(const Translation& t, const Node& node) {
  Names names = sequence_of(t, node);
  if (names.empty()) throw Unmapped{"its sequence has no tensors", ""};
  const size_t place =
      has_input(node, 1) ? place_of(t, node, 1, names.size(), names.size() - 1) : names.size() - 1;
  names.erase(names.begin() + static_cast<std::ptrdiff_t>(place));
  Composer c(t, node);
  return with_sequence(c, node, std::move(names));
}

std::optional<Composition> compose_sequence_at(const Translation& t, const Node& node) {
  const Names& names = sequence_of(t, node);
  if (names.empty()) throw Unmapped{"its sequence has no tensors", ""};
  Composer c(t, node);
  c.finish("Identity", {names[place_of(t, node, 1, names.size(), names.size() - 1)]});
  return c.take();
}

std::optional<Composition> compose_sequence_length(const Translation& t, const Node& node) {
  const auto length = static_cast<int64_t>(sequence_of(t, node).size());
  Composer c(t, node);
  c.finish("Identity", {c.whole({length}, {})});
  return c.take();
}

// Concat, with 'new_axis' behind Unsqueeze
std::optional<Composition> compose_concat_from_sequence(const Translation& t, const Node& node) {
  Names names = sequence_of(t, node);
  if (names.empty() || !has_attribute(node, "axis")) throw Unmapped{"it joins no tensors along no axis", ""};
  const int64_t axis = integer(node, "axis", 0);
  Composer c(t, node);
  if (integer(node, "new_axis", 0) != 0)
    for (std::string& name : names) name = c.add("Unsqueeze", {name, c.whole({axis})});
  c.finish("Concat", std::move(names), {{"axis", axis}});
  return c.take();
}

}  // namespace cnnc::onnx
