// Names of inputs and outputs: those that the model has, as identifiers that the language allows.
#pragma once
#include <map>
#include <set>
#include <string>

namespace cnnc::onnx {

// Those that are given, in small letters, and how often each was wanted.
struct InterfaceNames {
  std::set<std::string> taken = {};
  std::map<std::string, int> counts = {};
};

// The name for a value: its own, with '_' for what no identifier has, and behind words of C and C++ and what
// differs from another in capitals only. A value that an exporter has numbered ("495", "/fc/Gemm_output_0")
// is called `what` if it is the only one: "input", "output".
std::string take_name(InterfaceNames& names, const std::string& value, const std::string& what, bool is_only);

}  // namespace cnnc::onnx
