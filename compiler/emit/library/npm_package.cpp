#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "emit/header/header_names.h"
#include "emit/library/script.h"

namespace cnnc {

namespace {

std::string in_json(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// What `import` finds in node itself, and what npm takes for no name.
bool is_taken(const std::string& name) {
  static const std::set<std::string> taken = {"assert",
                                              "async_hooks",
                                              "buffer",
                                              "child_process",
                                              "cluster",
                                              "console",
                                              "constants",
                                              "crypto",
                                              "dgram",
                                              "diagnostics_channel",
                                              "dns",
                                              "domain",
                                              "events",
                                              "fs",
                                              "http",
                                              "http2",
                                              "https",
                                              "inspector",
                                              "module",
                                              "net",
                                              "node_modules",
                                              "os",
                                              "path",
                                              "perf_hooks",
                                              "process",
                                              "punycode",
                                              "querystring",
                                              "readline",
                                              "repl",
                                              "stream",
                                              "string_decoder",
                                              "sys",
                                              "timers",
                                              "tls",
                                              "trace_events",
                                              "tty",
                                              "url",
                                              "util",
                                              "v8",
                                              "vm",
                                              "wasi",
                                              "worker_threads",
                                              "zlib"};
  return taken.count(name) > 0 || name[0] == '_';
}

// Has no capitals, as npm wants it.
std::string package_name(const std::string& symbol) {
  std::string name = symbol;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return is_taken(name) ? "cnn-" + name : name;
}

}  // namespace

std::string npm_package(const Plans& plans, const HeaderOptions& options, const ScriptFiles& files) {
  std::string list;
  for (const std::string* file : {&files.script, &files.types, &files.module, &files.weights})
    if (!file->empty()) list += (list.empty() ? "" : ", ") + in_json(*file);
  return fmt::format(R"({{
  "name": "{}",
  "version": "1.0.0",
  "description": "The network '{}', compiled by cnnc {}",
  "type": "module",
  "main": {},
  "types": {},
  "files": [{}]
}}
)",
                     package_name(header_names(plans.best(), options.ports).symbol), plans.best().name,
                     options.version, in_json("./" + files.script), in_json("./" + files.types), list);
}

}  // namespace cnnc
