// Objects → a static library.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

// The bytes of an ar archive with a symbol index; no times, owners or paths in it. Members are (name,
// object).
std::string make_archive(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace cnnc
