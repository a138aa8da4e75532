// plan → the library: kernels compiled to objects, the run function, the packed weights, an archive and a
// header.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emit/header/byte_ports.h"
#include "emit/kernels/kernel_objects.h"
#include "emit/library/script.h"
#include "plan/plans.h"
#include "support/bytes.h"

namespace cnnc {

// The weights are packed while a file is written: the plans must live until then.
struct Library {
  ByteSource archive;                  // MODEL.a
  std::vector<std::string> functions;  // those of the header, as a linker knows them
  std::string header;                  // the text of MODEL.h
  std::string python;                  // of MODEL.py, if asked for
  std::string script, types, npm;      // of MODEL.js, MODEL.d.ts and package.json, of a module
  ByteSource weights;                  // the weights file, for a library that wants one
};

struct EmitOptions {
  KernelOptions kernels;
  bool weights_file = false;          // weights go to a file of their own, which the application opens
  bool check_finite = false;          // a run returns an error if an input or an output is not finite
  std::vector<std::string> labels;    // of the elements of an output
  BytePorts ports;                    // inputs and outputs that are bytes
  std::optional<ScriptFiles> script;  // of a module: what loads it is wanted
  std::string python_loads;  // the file name of the shared library that Library::python loads; empty: none
};

// The same plans give the same bytes. Throws std::runtime_error when a kernel cannot be compiled or the
// system fails, and std::logic_error for a plan that has kernels by a strategy.
Library emit_library(const Plans& plans, const EmitOptions& options);

// What a stage of the backend makes of each kernel, as text: Halide's lowered statement, LLVM's intermediate
// representation, or assembly.
enum class KernelText { stmt, llvm, assembly };
std::string emit_text(const Plans& plans, KernelText kind, int jobs);

}  // namespace cnnc
