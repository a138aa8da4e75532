// Memory with unreadable pages around it: code that reads or writes beyond a tensor is killed by the system.
#pragma once
#include <cstddef>

namespace cnnc {

// Against which of the two pages the bytes lie; the other one is up to a page away.
enum class Guard { before, behind };

class GuardedMemory {
 public:
  GuardedMemory(size_t bytes,
                Guard guard);  // every byte is 0xff: as floats, no numbers
  ~GuardedMemory();
  GuardedMemory(GuardedMemory&& other) noexcept;
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;
  void* data() const { return data_; }
  float* floats() const { return static_cast<float*>(data_); }

 private:
  void* mapping_ = nullptr;
  size_t mapped_ = 0;
  void* data_ = nullptr;
};

}  // namespace cnnc
