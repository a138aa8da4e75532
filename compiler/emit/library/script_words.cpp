#include "emit/library/script_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

#include "emit/header/header_words.h"

namespace cnnc::script_words {

namespace {

// "Float32Array"
std::string array_of(const HeaderTensor& tensor) {
  switch (tensor.elements) {
    case ElementType::int32:
      return "Int32Array";
    case ElementType::uint8:
      return "Uint8Array";
    case ElementType::int8:
      return "Int8Array";
    default:
      return "Float32Array";
  }
}

// A member's name in the text of an object, where this one alone would be the object's prototype.
std::string key(const HeaderTensor& tensor) {
  return tensor.name == "__proto__" ? "['__proto__']" : tensor.name;
}

std::string facts_of(const HeaderTensor& tensor, int64_t images) {
  const std::vector<int64_t> sizes = header_words::array_sizes_of(tensor, images);
  const std::string bytes =
      tensor.bytes ? fmt::format(", scale: {}, zero: {}", tensor.bytes->scale, tensor.bytes->zero_point) : "";
  return fmt::format("{}: {{ shape: [{}], type: '{}', elements: {}{} }}", key(tensor), fmt::join(sizes, ", "),
                     header_words::array_type_of(tensor), images * tensor.shape.elements(), bytes);
}

std::vector<std::string> each(const Tensors& tensors,
                              const std::function<std::string(const HeaderTensor&)>& text) {
  std::vector<std::string> result;
  for (const HeaderTensor& tensor : tensors) result.push_back(text(tensor));
  return result;
}

// One alone as it is, several as an object.
std::string one_or_object(const Tensors& tensors,
                          const std::function<std::string(const HeaderTensor&)>& type) {
  if (tensors.size() == 1) return type(tensors[0]);
  const auto members =
      each(tensors, [&](const HeaderTensor& t) { return fmt::format("readonly {}: {}", t.name, type(t)); });
  return fmt::format("{{ {} }}", fmt::join(members, "; "));
}

std::string given_type(const HeaderTensor& tensor) {
  if (tensor.elements == ElementType::float32) return "ArrayLike<number>";
  const std::string array = array_of(tensor);
  return tensor.elements == ElementType::uint8 ? array + " | Uint8ClampedArray" : array;
}

}  // namespace

std::string facts(const Tensors& tensors, int64_t images) {
  const auto all = each(tensors, [&](const HeaderTensor& t) { return facts_of(t, images); });
  return fmt::format("{{\n  {},\n}}", fmt::join(all, ",\n  "));
}

std::string members(const Tensors& tensors) {
  const auto all =
      each(tensors, [](const HeaderTensor& t) { return fmt::format("readonly {}: Tensor", t.name); });
  return fmt::format("{}", fmt::join(all, "; "));
}

std::string input_types(const Tensors& tensors) {
  return one_or_object(tensors, given_type);
}

std::string output_types(const Tensors& tensors) {
  return one_or_object(tensors, [](const HeaderTensor& t) { return array_of(t); });
}

std::string picture_types(const Tensors& tensors, int64_t images) {
  return one_or_object(tensors, [&](const HeaderTensor& t) {
    return t.pixels ? std::string(images > 1 ? "readonly Picture[]" : "Picture") : given_type(t);
  });
}

std::string picture_formats(const Tensors& tensors) {
  std::vector<std::string> all;
  for (const HeaderTensor& tensor : tensors)
    if (tensor.pixels) all.push_back(fmt::format("{}: '{}'", key(tensor), name_of(tensor.pixels->format)));
  return fmt::format("{{ {} }}", fmt::join(all, ", "));
}

std::string names(const Tensors& tensors) {
  const auto all = each(tensors, [](const HeaderTensor& t) { return t.name; });
  return fmt::format(all.size() == 1 ? "{}" : "{{ {} }}", fmt::join(all, ", "));
}

}  // namespace cnnc::script_words
