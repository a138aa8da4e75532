#include "target/target.h"

#include <stdexcept>

#include "target/architectures.h"

namespace cnnc {

const std::vector<Target>& all_targets() {
  static const std::vector<Target> all = [] {
    std::vector<Target> rows;
    for (const auto& architecture : {x86_64_targets, aarch64_targets}) {
      const std::vector<Target> more = architecture();
      rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
  }();
  return all;
}

const Target& target_for(Isa isa) {
  for (const Target& target : all_targets())
    if (target.isa == isa) return target;
  throw std::logic_error("a target without a row");
}

std::string to_string(Isa isa) {
  return target_for(isa).name;
}

std::optional<Isa> parse_isa(std::string_view name) {
  for (const Target& target : all_targets())
    if (target.name == name) return target.isa;
  return std::nullopt;
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Target& target : all_targets()) names.emplace_back(target.name);
  return names;
}

bool runs_on(Isa isa, Isa machine) {
  for (std::optional<Isa> has = machine; has; has = target_for(*has).extends)
    if (*has == isa) return true;
  return false;
}

int64_t accumulators(const Target& target) {
  return target.registers - (target.registers >= 32 ? 4 : 3);
}

int largest_vector(const Target& target, int64_t size) {
  int lanes = target.lanes;
  while (lanes > size && lanes > 1) lanes /= 2;
  return lanes;
}

}  // namespace cnnc
