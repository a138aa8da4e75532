#include "driver/front/companions.h"

#include <fmt/format.h>

#include <filesystem>

#include "driver/options/version.h"

namespace cnnc {
namespace {

namespace fs = std::filesystem;

std::string escaped(const std::string& path, std::string_view special) {
  std::string out;
  for (const char c : path) {
    if (c == '$') out += '$';
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// A path as seen from the folder of the file for pkg-config, which may lie anywhere.
std::string from_folder(const std::string& file, const std::string& path) {
  const fs::path folder = fs::weakly_canonical(fs::absolute(file)).parent_path();
  const std::string relative = fs::weakly_canonical(fs::absolute(path)).lexically_relative(folder).string();
  return relative == "." ? "${pcfiledir}" : "${pcfiledir}/" + escaped(relative, " \t\\\"'#");
}

std::string folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

}  // namespace

std::string depfile_text(const std::string& library, const std::vector<std::string>& read) {
  std::string text = escaped(library, " #") + ":";
  for (const std::string& path : read) text += " \\\n  " + escaped(path, " #");
  return text + "\n";
}

std::string pkg_config_text(const Outputs& outputs, const std::string& network, const System& system) {
  if (!outputs.pkg_config) return "";
  const std::string& file = *outputs.pkg_config;
  const std::string version(kVersion);
  return fmt::format(
      "{}Name: {}\nDescription: the network '{}', compiled by cnnc\nVersion: {}\nCflags: -I{}\nLibs: {}{}\n",
      outputs.weights ? "weights=" + from_folder(file, *outputs.weights) + "\n\n" : "", network, network,
      version.substr(0, version.find(' ')), from_folder(file, folder_of(outputs.header)),
      from_folder(file, outputs.imports.value_or(outputs.library)),
      outputs.kind == LibraryKind::shared ? "" : system.link_flags);
}

}  // namespace cnnc
