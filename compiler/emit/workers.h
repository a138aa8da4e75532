// Work in child processes: kernels are compiled at the same time, and what goes wrong in one harms nothing
// else.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace cnnc {

// The results of work(0) … work(count - 1), each from a child process of its own, at most `jobs` at a time.
// Every child starts from the same state of this process, so that results do not depend on the order: Halide
// makes names from counters. Throws std::runtime_error with what the child threw, or that it was killed.
std::vector<std::string> run_in_children(size_t count, int jobs,
                                         const std::function<std::string(size_t)>& work);

}  // namespace cnnc
