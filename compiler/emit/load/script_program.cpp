#include "emit/load/script_program.h"

#include <fmt/format.h>

#include "emit/objects/archive.h"
#include "emit/objects/link.h"
#include "runtime/embedded.h"
#include "runtime/names.h"

namespace cnnc {

namespace {

constexpr const char* kSuffix = ".mjs";  // by which a part of the program is its script

}  // namespace

std::string make_script_program(const std::string& folder, const Objects& objects,
                                const std::vector<std::string>& functions, const Target& target) {
  std::vector<Member> members;
  for (const auto& [name, bytes] : objects) members.push_back(make_member(name, bytes));
  std::string script;
  for (const EmbeddedObject& object : program_objects(target.architecture->name, target.system->name)) {
    const std::string name = object.name, bytes(object.begin, object.end);
    if (name.size() > 4 && name.substr(name.size() - 4) == kSuffix)
      script = bytes;
    else
      members.push_back(make_member(name, bytes));
  }
  std::string module;
  const ByteSource archive = [&](const ByteSink& take) {
    write_archive(members, target.system->format, take);
  };
  script_module(archive, *target.system, /*may_import=*/true)(
      [&](const void* data, size_t bytes) { module.append(static_cast<const char*>(data), bytes); });
  std::string names;
  for (const std::string& function : functions) names += "'" + function + "', ";
  write_program_file(folder + "/program.wasm", module);
  write_program_file(folder + "/program.mjs", fmt::format("const FUNCTIONS = [{}], CLOCK = '{}';\n{}", names,
                                                          CNNC_RT_SYMBOL(cnnc_rt_seconds), script));
  return folder + "/program.mjs";
}

}  // namespace cnnc
