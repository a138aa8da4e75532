// plan → the text of MODEL.h.
#pragma once
#include <string>

#include "plan/plan.h"

namespace cnnc {

// See docs/library.md for what it declares. `weights_hash` is the FNV-1a hash of the weights file, if there is one.
struct HeaderOptions {
  bool weights_file = false;
};
std::string make_header(const Plan& plan, const HeaderOptions& options);

}  // namespace cnnc
