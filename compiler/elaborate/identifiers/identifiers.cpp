#include "elaborate/identifiers/identifiers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "elaborate/identifiers/reserved_names.h"

namespace cnnc::elaboration {
namespace {

// Keywords of C17 (6.4.1) and C++20 (5.11), and the other spellings of operators.
constexpr std::string_view kKeywords =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t"
    " char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr"
    " constinit continue decltype default delete do double dynamic_cast else enum explicit export"
    " extern false float for friend goto if inline int long mutable namespace new noexcept not"
    " not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires"
    " restrict return short signed sizeof static static_assert static_cast struct switch template"
    " this thread_local throw true try typedef typeid typename typeof union unsigned using virtual"
    " void volatile wchar_t while xor xor_eq ";

// Names that mean something to compilers, or in the generated library.
constexpr std::string_view kTaken = " workspace options main std linux unix cnnc_rt NULL ";

bool is_identifier_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

bool is_reserved(const std::string& name) {
  const std::string word = fmt::format(" {} ", name);
  return kKeywords.find(word) != std::string_view::npos || kTaken.find(word) != std::string_view::npos;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string identifier_of_path(const std::string& path) {
  std::string stem = path.substr(path.find_last_of('/') + 1);
  stem = stem.substr(0, std::min(stem.find_last_of('.'), stem.size()));
  for (char& c : stem) c = is_identifier_character(c) ? c : '_';
  if (stem.find_first_not_of('_') == std::string::npos) return "network";
  if (std::isdigit(static_cast<unsigned char>(stem[0])) != 0) stem = "network_" + stem;
  return is_reserved(stem) || is_c_library_name(stem) ? stem + "_" : stem;
}

}  // namespace cnnc::elaboration
