// plan → the text of MODEL.py, which calls a shared library from Python.
#pragma once
#include <string>

#include "emit/header/header.h"
#include "plan/plans.h"

namespace cnnc {

// The module wants NumPy, and the library, of that file name, in its own folder. docs/library.md describes
// it.
std::string python_module(const Plans& plans, const HeaderOptions& options, const std::string& library);

}  // namespace cnnc
