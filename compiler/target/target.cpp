#include "target/target.h"

#include <algorithm>
#include <stdexcept>

#include "target/architectures.h"

namespace cnnc {

namespace {

// A text of a system with the architecture's name in it.
std::string text_with(std::string text, const std::string& architecture) {
  const size_t at = text.find("{}");
  return at == std::string::npos ? text : text.replace(at, 2, architecture);
}

}  // namespace

const std::vector<Target>& all_targets() {
  static const std::vector<Target> all = [] {
    std::vector<Target> rows;
    for (const auto& architecture : {x86_64_targets, aarch64_targets, wasm32_targets}) {
      const std::vector<Target> more = architecture();
      rows.insert(rows.end(), more.begin(), more.end());
    }
    for (Target& row : rows) row.system = &default_system_of(row.architecture->name);
    return rows;
  }();
  return all;
}

const Target& target_for(Isa isa) {
  for (const Target& target : all_targets())
    if (target.isa == isa) return target;
  throw std::logic_error("a target without a row");
}

Target on_system(const Target& target, const System& system) {
  if (!goes_with(system, target.architecture->name))
    throw std::logic_error("a target and a system that do not go together");
  Target there = target;
  there.system = &system;
  return there;
}

std::string triple_of(const Target& target) {
  return std::string(target.architecture->name) + "-" + target.system->triple;
}

std::string compiler_for(const Target& target) {
  return text_with(target.system->compiler, target.architecture->name);
}

// No name of a package has an underscore.
std::string package_of_compiler_for(const Target& target) {
  std::string architecture = target.architecture->name;
  std::replace(architecture.begin(), architecture.end(), '_', '-');
  return text_with(target.system->package, architecture);
}

std::string identifier_of(const Target& target) {
  std::string name = target.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
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

std::vector<Isa> targets_of(const Architecture& architecture, Arithmetic arithmetic) {
  std::vector<Isa> targets;
  for (const Target& target : all_targets())
    if (target.architecture == &architecture && (!target.only_for || target.only_for == arithmetic))
      targets.push_back(target.isa);
  return targets;
}

bool runs_on(Isa isa, Isa machine) {
  for (std::optional<Isa> has = machine; has; has = target_for(*has).extends)
    if (*has == isa) return true;
  return false;
}

Target with_vectors(const Target& target, int64_t lanes) {
  Target wide = target;
  if (lanes <= target.lanes) return wide;
  wide.parts = static_cast<int>(lanes) / target.lanes;
  wide.lanes *= wide.parts;
  wide.registers /= wide.parts;
  return wide;
}

int64_t accumulators(const Target& target) {
  if (target.parts > 1) return std::max(1, target.registers - 2);  // of three, one holds a part alone
  return target.registers - (target.registers >= 32 ? 4 : 3);
}

int bytes_begin_at(const Target& target) {
  return target.dot_product == DotProduct::of_signed ? 128 : 0;
}

int largest_vector(const Target& target, int64_t size) {
  int lanes = target.lanes;
  while (lanes > size && lanes > 1) lanes /= 2;
  return lanes;
}

}  // namespace cnnc
