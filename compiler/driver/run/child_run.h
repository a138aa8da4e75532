// What a process and its child have in common where the child runs compiled code, which may crash.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "emit/kernels/workers.h"
#include "plan/plan.h"

namespace cnnc {

// Memory that a child process writes and its parent reads; zeros at first, aligned to a page.
class SharedMemory {
 public:
  explicit SharedMemory(size_t bytes);  // throws std::bad_alloc
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();
  std::byte* data() const { return static_cast<std::byte*>(memory_); }

 private:
  size_t bytes_;
  void* memory_;
};

// How far a child is.
class Progress {
 public:
  static constexpr int32_t kNoLayer = -1;

  Progress() : memory_(3 * sizeof(int32_t)) { begin(0); }
  // A run of schedule number so-and-so begins, which is at none of its layers yet.
  void begin(int32_t schedule) { words()[1] = schedule, words()[0] = kNoLayer; }
  // Where the run says which layer it is at (LoadedLibrary::run).
  int32_t* layer() { return const_cast<int32_t*>(words()); }
  int32_t current() const { return words()[0]; }
  int32_t schedule() const { return words()[1]; }
  // Whether the child ended itself because that layer took too long.
  void set_too_long() { words()[2] = 1; }
  bool was_too_long() const { return words()[2] != 0; }

 private:
  volatile int32_t* words() const { return reinterpret_cast<volatile int32_t*>(memory_.data()); }
  SharedMemory memory_;
};

// In a line: "took more than 60 s", "crashed: it was killed by signal 11 (Segmentation fault)", "failed: ".
std::string reason_of(const Outcome& outcome);

// "layer 'pool1' (maxpool)", with the kernel's family; where it is at none, "the compiled network".
std::string layer_in_words(const Plan& plan, int32_t layer);

// Why a child that was at this layer of a run has no result: what it threw, or that the layer crashed. Throws
// std::bad_alloc, as the child did, where that is why.
std::string failure_of(const Plan& plan, int32_t layer, const Outcome& outcome);

}  // namespace cnnc
