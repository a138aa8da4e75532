// Work in child processes: kernels are compiled at the same time, and what goes wrong in one harms nothing
// else.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace cnnc {

// Passes the results of work(0) … work(count - 1) to `take`, with the index, as soon as each is there. They
// are begun in that order, each in a child process of its own, at most `jobs` at a time. Every child starts
// from the same state of this process, so that results do not depend on the order: Halide makes names from
// counters. Throws std::runtime_error with what the child threw, or that it was killed.
void run_in_children(size_t count, int jobs, const std::function<std::string(size_t)>& work,
                     const std::function<void(size_t, std::string)>& take);

// The same with all results at the end, by index.
std::vector<std::string> run_in_children(size_t count, int jobs,
                                         const std::function<std::string(size_t)>& work);

// What became of the work of one child.
struct Outcome {
  enum class Kind { result, error, out_of_memory, death, timeout };
  Kind kind = Kind::result;
  std::string
      text;  // the result; else what the child threw, or how it ended: "was killed by signal 9 (Killed)"
  bool ok() const { return kind == Kind::result; }
};

// The same where failures are results: a child that throws, crashes, or has not answered after so many
// seconds, when it is killed, spoils nothing but its own. Throws std::runtime_error only where the system
// gives no process.
std::vector<Outcome> try_in_children(size_t count, int jobs, double seconds,
                                     const std::function<std::string(size_t)>& work);

}  // namespace cnnc
