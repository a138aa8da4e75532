// plans → the text of MODEL.h.
#pragma once
#include <string>
#include <vector>

#include "emit/header/byte_ports.h"
#include "plan/plans.h"

namespace cnnc {

// docs/library.md describes what the header declares. It is valid C99 and C++17 and self-contained.
struct HeaderOptions {
  bool weights_file = false;  // the application opens the weights; without, they are inside the library
  bool check_finite = false;  // a run returns an error if an input or an output is not finite
  std::string version;        // of cnnc, for the comment at the top
  std::vector<std::string> labels = {};  // of the elements of an output; none
  BytePorts ports = {};
};
std::string make_header(const Plans& plans, const HeaderOptions& options);

// What stands behind the names of run functions that a program with this header calls: a hash of its text,
// and for who reads the linker's message what to do.
std::string header_suffix(const Plans& plans, const HeaderOptions& options);

}  // namespace cnnc
