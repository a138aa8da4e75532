// Objects of kernels in a folder, from one compilation to the next. Any number of processes may use it at the
// same time: an entry appears whole, and one that is being read stays readable while it is removed. Whatever
// is wrong with the folder or an entry, nothing here throws for it: what cannot be read is not there, what
// cannot be written is not kept.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace cnnc {

// A folder that keeps the objects of kernels from one compilation to the next. It is made where it is
// missing; whatever is wrong with it, kernels are compiled as without one.
struct KernelCache {
  std::string folder;
  int64_t most_bytes = 0;  // of all entries, after a compilation; kUnlimited: whatever they take
  static constexpr int64_t kUnlimited = -1;
};

// The object that was written under exactly that key; empty if there is none, or its entry is damaged. It
// counts as used now.
std::optional<std::string> read_cached(const KernelCache& cache, const std::string& key);

// Makes the folder if it is missing; replaces what is there under the key.
void write_cached(const KernelCache& cache, const std::string& key, const std::string& object);

// Removes entries, those first that were not used for longest, until the others take at most
// cache.most_bytes, and what a killed process left of one. Files that are no entries stay.
void prune(const KernelCache& cache);

}  // namespace cnnc
