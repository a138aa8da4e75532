#include "onnx/names/flat_names.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

namespace cnnc::onnx {
namespace {

// "block_1_expand" as "block_1" and "expand", "block2a_bn" as "block2a" and "bn": behind the first number,
// where a word follows.
struct Halves {
  std::string scope, rest;  // "": it is no such name
};

Halves halves_of(const std::string& name) {
  const size_t number = name.find_first_of("0123456789");
  if (number == 0 || number == std::string::npos || name.find('.') != std::string::npos) return {};
  size_t end = std::min(name.find_first_not_of("0123456789", number), name.size());
  if (end + 1 < name.size() && name[end + 1] == '_' && std::islower(static_cast<unsigned char>(name[end])))
    ++end;
  if (end + 1 >= name.size() || name[end] != '_' || !std::isalpha(static_cast<unsigned char>(name[end + 1])))
    return {};
  return {name.substr(0, end), name.substr(end + 1)};
}

// What scopes of numbers are scopes of: "block_" of "block_1".
std::string stem_of(const std::string& scope) {
  return scope.substr(0, scope.find_first_of("0123456789"));
}

}  // namespace

void split_flat_paths(std::vector<Node>& nodes) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> scopes;  // by stem and rest
  for (const Node& node : nodes)
    if (const Halves halves = halves_of(node.path); !halves.scope.empty())
      scopes[stem_of(halves.scope)][halves.rest].insert(halves.scope);
  const auto is_shared = [](const auto& rest) { return rest.second.size() > 1; };
  std::set<std::string> stems;  // of which several rests are shared
  for (const auto& [stem, rests] : scopes)
    if (std::count_if(rests.begin(), rests.end(), is_shared) > 1) stems.insert(stem);
  for (Node& node : nodes) {
    const Halves halves = halves_of(node.path);
    if (!halves.scope.empty() && stems.count(stem_of(halves.scope)) > 0)
      node.path = halves.scope + "." + halves.rest;
  }
}

}  // namespace cnnc::onnx
