#include "support/shell.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace cnnc {

std::string shell_word(const std::string& word) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) || (c && std::strchr("_-./:@%+,=", c));
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string quoted = "\"";
  for (const char c : word) {
    if (c && std::strchr("\\\"$`", c)) quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace cnnc
