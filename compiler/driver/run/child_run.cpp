#include "driver/run/child_run.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <new>
#include <string_view>

namespace cnnc {

SharedMemory::SharedMemory(size_t bytes)
    : bytes_(bytes == 0 ? 1 : bytes),
      memory_(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
  if (memory_ == MAP_FAILED) throw std::bad_alloc();
}

SharedMemory::~SharedMemory() {
  munmap(memory_, bytes_);
}

std::string reason_of(const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::timeout || outcome.kind == Outcome::Kind::out_of_memory)
    return outcome.text;
  if (outcome.kind == Outcome::Kind::death) return "crashed: it " + outcome.text;
  const std::string line = outcome.text.substr(0, outcome.text.find('\n'));
  const std::string_view prefix = "Error: ";  // Halide's
  return "failed: " + (line.compare(0, prefix.size(), prefix) == 0 ? line.substr(prefix.size()) : line);
}

std::string layer_in_words(const Plan& plan, int32_t layer) {
  for (const Step& step : plan.steps)
    if (!step.partial && layer-- == 0)
      return fmt::format("layer '{}' ({})", step.name, plan.kernels.at(step.kernel).family);
  return "the compiled network";
}

std::string failure_of(const Plan& plan, int32_t layer, const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::out_of_memory) throw std::bad_alloc();
  if (outcome.kind == Outcome::Kind::error) return outcome.text;
  return fmt::format("{} {}", layer_in_words(plan, layer), reason_of(outcome));
}

}  // namespace cnnc
