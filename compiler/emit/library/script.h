// plans → what a page, or node, loads a module by: MODEL.js, an ES module; MODEL.d.ts, its types; and what a
// package of npm has beside.
#pragma once
#include <string>

#include "emit/header/header.h"
#include "plan/plans.h"

namespace cnnc {

// The names of the files beside each other: "lenet5.wasm", "lenet5.js", "lenet5.d.ts", and that of the
// weights, if they have a file.
struct ScriptFiles {
  std::string module, script, types, weights;
};

// docs/web.md describes it. It loads the module that these plans have become, by the same options, and no
// other.
std::string script(const Plans& plans, const HeaderOptions& options, const ScriptFiles& files);
std::string script_types(const Plans& plans, const HeaderOptions& options);

// package.json. The package has the network's name, behind "cnn-" where node has a module of that name.
std::string npm_package(const Plans& plans, const HeaderOptions& options, const ScriptFiles& files);

}  // namespace cnnc
