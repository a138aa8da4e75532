// The object with a library's functions but its kernels: run, run_with and the small ones that the header
// lists.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "emit/header/byte_ports.h"
#include "emit/library/symbols.h"
#include "plan/plans.h"

namespace cnnc {

struct InterfaceOptions {
  bool weights_file = false;
  bool check_finite = false;  // run and run_with look at each input before and at each output behind
  uint64_t weights_hash = 0;  // cnnc_rt_hash of the weights file
  std::vector<std::string> labels = {};
  BytePorts ports = {};  // by which run_pixels makes bytes
  // header_suffix(): run and run_with have a second name each, with this behind the first. None if empty.
  std::string header_suffix;
  // Adds int <prefix>_run_by_list(const void* const*), of the tensors, the workspace, the weights, null or a
  // struct cnnc_rt_threads, null or where the layers' seconds go, and with these where an int32_t says which
  // layer is being computed.
  bool run_by_list = false;
};
// `symbols` are those of each plan. A list of tensors is for one plan alone.
std::string interface_object(const Plans& plans, const std::vector<Symbols>& symbols,
                             const InterfaceOptions& options);

}  // namespace cnnc
