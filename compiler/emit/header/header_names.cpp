#include "emit/header/header_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "target/system.h"

namespace cnnc {
namespace {

using NameSet = std::set<std::string, std::less<>>;

// The keywords of C11 and C++20, and what compilers and <stddef.h> predefine as macros.
const NameSet& reserved_words() {
  static const NameSet words = {"alignas",     "alignof",      "and",          "and_eq",
                                "asm",         "auto",         "bitand",       "bitor",
                                "bool",        "break",        "case",         "catch",
                                "char",        "char16_t",     "char32_t",     "char8_t",
                                "class",       "co_await",     "co_return",    "co_yield",
                                "compl",       "concept",      "const",        "const_cast",
                                "consteval",   "constexpr",    "constinit",    "continue",
                                "decltype",    "default",      "delete",       "do",
                                "double",      "dynamic_cast", "else",         "enum",
                                "errno",       "explicit",     "export",       "extern",
                                "false",       "float",        "for",          "friend",
                                "goto",        "i386",         "if",           "inline",
                                "int",         "linux",        "long",         "main",
                                "mutable",     "namespace",    "new",          "noexcept",
                                "not",         "not_eq",       "NULL",         "nullptr",
                                "operator",    "or",           "or_eq",        "private",
                                "protected",   "public",       "register",     "reinterpret_cast",
                                "requires",    "restrict",     "return",       "short",
                                "signed",      "sizeof",       "static",       "static_assert",
                                "static_cast", "std",          "struct",       "switch",
                                "template",    "this",         "thread_local", "throw",
                                "true",        "try",          "typedef",      "typeid",
                                "typename",    "union",        "unix",         "unsigned",
                                "using",       "virtual",      "void",         "volatile",
                                "wchar_t",     "while",        "xor",          "xor_eq"};
  return words;
}

// Macros of <windows.h> that networks and tensors may well be named after.
const NameSet& macros_of_windows() {
  static const NameSet words = {"far",  "near", "small",  "hyper", "interface", "pascal",   "cdecl",
                                "FAR",  "NEAR", "PASCAL", "IN",    "OUT",       "OPTIONAL", "CONST",
                                "VOID", "TRUE", "FALSE",  "ERROR", "DELETE"};
  return words;
}

// ASCII only: the result must not depend on the locale.
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "side_output" → "SideOutput"
std::string camel_case(std::string_view name) {
  std::string result;
  bool start = true;
  for (char c : name) {
    if (c != '_') result += start ? upper(c) : c;
    start = c == '_';
  }
  return result.empty() || is_digit(result[0]) ? "T" + result : result;
}

// A word that is no keyword, nor a macro there, and does not begin with an underscore, as the
// implementation's own names do.
std::string plain_word(const std::string& name, const System& system) {
  if (name[0] == '_') return "t" + name;
  const bool is_taken =
      reserved_words().count(name) > 0 || (system.microsoft && macros_of_windows().count(name) > 0);
  return is_taken ? name + "_" : name;
}

// The name with the first of "", "2", "3", … that makes it new; it is taken then.
std::string unique(const std::string& name, NameSet& taken) {
  std::string result = name;
  for (int i = 2; !taken.insert(result).second; ++i) result = fmt::format("{}{}", name, i);
  return result;
}

}  // namespace

std::string upper_case(std::string_view name) {
  std::string result(name);
  std::transform(result.begin(), result.end(), result.begin(), upper);
  return result;
}

namespace {

// What a tensor of the caller's is, whose elements are so in the plan.
void set_bytes(const std::map<size_t, BytePort>& ports, size_t number, HeaderTensor& tensor) {
  const auto port = ports.find(number);
  if (port == ports.end()) return;
  tensor.bytes = port->second;
  tensor.elements = port->second.has_sign ? ElementType::int8 : ElementType::uint8;
}

}  // namespace

HeaderNames header_names(const Plan& plan, const BytePorts& ports) {
  const System& system = *plan.target.system;
  HeaderNames names{plan.name, upper_case(plan.name), plain_word(plan.name, system), {}, {}};
  NameSet macros, types = {"Channels", "Close",        "Delete", "Height",  "IntegerTensor",
                           "Model",    "RankedTensor", "Tensor", "Weights", "Width"};
  NameSet parameters = {"options",   "options_",   "result_",
                        "threads_",  "weights",    "weights_",
                        "workspace", "workspace_", plan.name + "_options"};
  // <windows.h> defines hundreds of words as macros, none with such an end.
  const std::string end = system.microsoft ? "_" : "";
  const auto add = [&](const std::string& name, const Shape& shape) {
    return HeaderTensor{name, names.macro + "_" + unique(upper_case(name), macros),
                        unique(plain_word(name + end, system), parameters),
                        unique(plain_word(camel_case(name), system), types), shape};
  };
  if (std::any_of(plan.input_pixels.begin(), plan.input_pixels.end(), [](const auto& p) { return bool{p}; }))
    types.insert("Pixels");
  if (!ports.inputs.empty() || !ports.outputs.empty()) types.insert({"ByteTensor", "SignedByteTensor"});
  for (size_t i = 0; i < plan.inputs.size(); ++i) {
    names.inputs.push_back(add(plan.inputs[i], plan.input_shapes.at(i)));
    HeaderTensor& input = names.inputs.back();
    set_bytes(ports.inputs, i, input);
    if (!pixels_of_input(plan, i)) continue;
    input.pixels = *pixels_of_input(plan, i);
    for (const char* word : {"_width", "_height", "_stride", "_format"})
      input.words.push_back(unique(input.parameter + word, parameters));
  }
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    names.outputs.push_back(add(plan.outputs[i].name, plan.output_shapes.at(i)));
    names.outputs.back().elements = type_of_output(plan, i);
    set_bytes(ports.outputs, i, names.outputs.back());
  }
  return names;
}

}  // namespace cnnc
