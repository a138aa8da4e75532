// An entry is a file: SHA-256 of all that follows, the number of the key's bytes, the key, the object. Its
// name is SHA-256 of the key, so that keys may be long. LLVM's localCache is of no use here: it ends the
// process when a disk is full, and does not notice a damaged entry; nor is its pruneCache, which ends the
// process when another one removes the folder.
#include "emit/kernels/kernel_cache.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <vector>

#include "support/atomic_file.h"
#include "support/input_file.h"

namespace cnnc {

namespace {

namespace fs = std::filesystem;
using Clock = fs::file_time_type::clock;

constexpr std::string_view kPrefix = "kernel-";
constexpr size_t kDigestBytes = 32;
constexpr int64_t kMostEntryBytes = int64_t{64} << 20;  // no kernel is that large: what is, is damaged

std::string digest(std::string_view bytes) {
  const auto hash = llvm::SHA256::hash(llvm::arrayRefFromStringRef({bytes.data(), bytes.size()}));
  return std::string(hash.begin(), hash.end());
}

std::string path_of(const KernelCache& cache, const std::string& key) {
  return (fs::path(cache.folder) / (std::string(kPrefix) + llvm::toHex(digest(key), true))).string();
}

// What stands in an entry before the object and behind the checksum.
std::string head_of(const std::string& key) {
  const uint64_t bytes = key.size();
  return std::string(reinterpret_cast<const char*>(&bytes), sizeof bytes) + key;
}

// All of a file; empty if that cannot be read, or is too large for an entry.
std::optional<std::string> read_file(const std::string& path) {
  const InputFile file(path);
  if (!file.fault("an entry", "kernel").empty() || file.bytes() > kMostEntryBytes) return std::nullopt;
  std::string bytes(static_cast<size_t>(file.bytes()), '\0');
  if (!file.read_at(0, bytes.data(), file.bytes())) return std::nullopt;
  return bytes;
}

struct Entry {
  fs::path path;
  fs::file_time_type used;
  uintmax_t bytes;
};

// A temporary file of support/atomic_file, so old that nobody can be writing it any more.
bool is_left_over(const fs::path& path, fs::file_time_type written) {
  const std::string name = path.filename().string();
  return name.rfind(".cnnc-", 0) == 0 && path.extension() == ".tmp" &&
         Clock::now() - written > std::chrono::hours(24);
}

// The folder's entries, in no order. Left-overs are removed on the way.
std::vector<Entry> entries_of(const std::string& folder) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    std::error_code gone;  // another process prunes, too
    const Entry entry{i->path(), i->last_write_time(gone), gone ? 0 : i->file_size(gone)};
    if (gone) continue;
    if (entry.path.filename().string().rfind(kPrefix, 0) == 0) entries.push_back(entry);
    if (is_left_over(entry.path, entry.used)) fs::remove(entry.path, gone);
  }
  return entries;
}

}  // namespace

std::optional<std::string> read_cached(const KernelCache& cache, const std::string& key) {
  const std::string path = path_of(cache, key), head = head_of(key);
  const std::optional<std::string> entry = read_file(path);
  if (!entry || entry->size() < kDigestBytes + head.size()) return std::nullopt;
  const std::string_view body = std::string_view(*entry).substr(kDigestBytes);
  if (entry->compare(0, kDigestBytes, digest(body)) != 0) return std::nullopt;
  if (body.substr(0, head.size()) != head) return std::nullopt;
  std::error_code ignored;  // in a folder that is for reading only
  fs::last_write_time(path, Clock::now(), ignored);
  return std::string(body.substr(head.size()));
}

void write_cached(const KernelCache& cache, const std::string& key, const std::string& object) {
  std::error_code ignored;  // the writing would fail, too
  fs::create_directories(cache.folder, ignored);
  const std::string body = head_of(key) + object;
  const std::string entry = digest(body) + body;
  try {
    write_file_atomically(path_of(cache, key), entry);
  } catch (const FileError&) {
    // Not kept.
  }
}

void prune(const KernelCache& cache) {
  if (cache.most_bytes == KernelCache::kUnlimited) return;
  std::vector<Entry> entries = entries_of(cache.folder);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used > b.used; });
  uintmax_t sum = 0;
  for (const Entry& entry : entries) {
    sum += entry.bytes;
    std::error_code ignored;
    if (sum > static_cast<uintmax_t>(cache.most_bytes)) fs::remove(entry.path, ignored);
  }
}

}  // namespace cnnc
