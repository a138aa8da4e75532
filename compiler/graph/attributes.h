// The attributes of a node: what was written behind an operator's name, by attribute name.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cnnc {

// An integer, a real, on/off, a word ("same"), or sizes: {height, width}, {top, bottom, left, right}.
using AttributeValue = std::variant<int64_t, double, bool, std::string, std::vector<int64_t>>;
using Attributes = std::map<std::string, AttributeValue, std::less<>>;

// Typed access. An attribute that is missing or of another type is a fault of cnnc: throws std::logic_error.
int64_t integer(const Attributes& attributes, std::string_view name);
double real(const Attributes& attributes, std::string_view name);
bool is_on(const Attributes& attributes, std::string_view name);
const std::string& word(const Attributes& attributes, std::string_view name);
const std::vector<int64_t>& sizes(const Attributes& attributes, std::string_view name);

std::string to_string(const AttributeValue& value);

}  // namespace cnnc
