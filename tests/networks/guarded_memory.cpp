#include "networks/guarded_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace cnnc {

GuardedMemory::GuardedMemory(size_t bytes, Guard guard) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t inner = (bytes + page - 1) / page * page;
  mapped_ = inner + 2 * page;
  mapping_ = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping_ == MAP_FAILED) throw std::runtime_error("no memory for a tensor");
  char* begin = static_cast<char*>(mapping_) + page;
  if (inner > 0 && mprotect(begin, inner, PROT_READ | PROT_WRITE) != 0)
    throw std::runtime_error("no memory for a tensor");
  std::memset(begin, 0xff, inner);
  data_ = guard == Guard::before ? begin : begin + inner - bytes;
}

GuardedMemory::~GuardedMemory() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_);
}

GuardedMemory::GuardedMemory(GuardedMemory&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)), mapped_(other.mapped_), data_(other.data_) {}

}  // namespace cnnc
