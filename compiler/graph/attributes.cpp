#include "graph/attributes.h"

#include <fmt/format.h>

#include <stdexcept>

namespace cnnc {
namespace {

template <class T>
const T& get(const Attributes& attributes, std::string_view name, std::string_view kind) {
  const auto found = attributes.find(name);
  if (found == attributes.end()) throw std::logic_error(fmt::format("no attribute '{}'", name));
  if (const T* value = std::get_if<T>(&found->second)) return *value;
  throw std::logic_error(fmt::format("attribute '{}' is not {}", name, kind));
}

// As the language writes them: 3x5; four sides as 1, 1x2 or 0 1 0 1.
std::string sizes_to_string(const std::vector<int64_t>& s) {
  if (s.size() != 4) return fmt::format("{}", fmt::join(s, "x"));
  if (s[0] != s[1] || s[2] != s[3]) return fmt::format("{}", fmt::join(s, " "));
  return s[0] == s[2] ? fmt::format("{}", s[0]) : fmt::format("{}x{}", s[0], s[2]);
}

}  // namespace

int64_t integer(const Attributes& attributes, std::string_view name) {
  return get<int64_t>(attributes, name, "an integer");
}

double real(const Attributes& attributes, std::string_view name) {
  return get<double>(attributes, name, "a real");
}

bool is_on(const Attributes& attributes, std::string_view name) {
  return get<bool>(attributes, name, "on or off");
}

const std::string& word(const Attributes& attributes, std::string_view name) {
  return get<std::string>(attributes, name, "a word");
}

const std::vector<int64_t>& sizes(const Attributes& attributes, std::string_view name) {
  return get<std::vector<int64_t>>(attributes, name, "sizes");
}

std::string to_string(const AttributeValue& value) {
  if (const auto* i = std::get_if<int64_t>(&value)) return fmt::format("{}", *i);
  if (const auto* r = std::get_if<double>(&value)) return fmt::format("{}", *r);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "on" : "off";
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  return sizes_to_string(std::get<std::vector<int64_t>>(value));
}

}  // namespace cnnc
