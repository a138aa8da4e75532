#include "target/system.h"

#include <algorithm>
#include <stdexcept>

namespace cnnc {

namespace {

System linux_system() {
  System s;
  s.name = "linux";
  s.title = "Linux";
  s.architectures = {"x86_64", "aarch64"};
  s.format = ObjectFormat::elf;
  s.halide = "linux";
  s.triple = "unknown-linux-gnu";
  s.archives = {".a"};
  s.shared = {".so"};
  s.objects = {".o"};
  s.link_flags = " -pthread";
  s.compiler = "{}-linux-gnu-gcc";
  s.package = "gcc-{}-linux-gnu";
  return s;
}

System windows() {
  System s;
  s.name = "windows";
  s.title = "Windows";
  s.architectures = {"x86_64"};
  s.format = ObjectFormat::coff;
  s.halide = "windows";
  s.triple =
      "w64-windows-gnu";  // MinGW's: its code takes nothing of Microsoft's C library, and goes with that, too
  s.renames_kernels = true;
  s.touches_stack = "cnnc_rt_touch_stack";
  s.macro = "_WIN32";
  s.microsoft = true;
  s.archives = {".lib", ".a"};
  s.shared = {".dll"};
  s.imports = ".lib";
  s.program = ".exe";
  s.compiler = "{}-w64-mingw32-gcc";
  s.package = "gcc-mingw-w64-{}";
  return s;
}

System macos() {
  System s;
  s.name = "macos";
  s.title = "macOS";
  s.architectures = {"x86_64", "aarch64"};
  s.format = ObjectFormat::macho;
  // So that kernels are those of Linux, which were run: for Macs with AArch64 Halide would tune them
  // otherwise.
  s.halide = "linux";
  s.triple = "apple-macosx11.0.0";
  s.renames_kernels = true;
  s.symbol_prefix = "_";
  s.macro = "__APPLE__";
  s.archives = {".a"};
  s.shared = {".dylib"};
  s.compiler = s.package = "clang";
  return s;
}

System wasm() {
  System s;
  s.name = "wasm";
  s.title = "WebAssembly";
  s.architectures = {"wasm32"};
  s.format = ObjectFormat::wasm;
  s.halide = "wasmrt";
  s.triple = "unknown-unknown";
  s.modules = {".wasm"};
  s.is_bare = true;
  s.most_weights = (int64_t{1} << 30) - (int64_t{16} << 20);  // engines take modules of at most 1 GiB
  s.most_in_file = INT32_MAX;                                 // node reads no more at once
  s.compiler = s.package = "clang";
  return s;
}

}  // namespace

const std::vector<System>& all_systems() {
  static const std::vector<System> all = {linux_system(), windows(), macos(), wasm()};
  return all;
}

std::vector<std::string> system_names() {
  std::vector<std::string> names;
  for (const System& system : all_systems()) names.emplace_back(system.name);
  return names;
}

const System* system_named(std::string_view name) {
  for (const System& system : all_systems())
    if (system.name == name) return &system;
  return nullptr;
}

const System& default_system_of(std::string_view architecture) {
  for (const System& system : all_systems())
    if (goes_with(system, architecture)) return system;
  throw std::logic_error("an architecture of no system");
}

bool goes_with(const System& system, std::string_view architecture) {
  const auto& all = system.architectures;
  return std::find(all.begin(), all.end(), architecture) != all.end();
}

}  // namespace cnnc
