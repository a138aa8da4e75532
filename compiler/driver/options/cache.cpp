#include "driver/options/cache.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <string>

#include "driver/options/options.h"

namespace cnnc {
namespace {

constexpr int64_t kMiB = 1 << 20, kDefaultMiB = 256, kGreatestMiB = 1 << 20;

// "" where it is not set.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// A relative $XDG_CACHE_HOME is invalid (XDG Base Directory Specification), and so counts as not set.
std::string folder() {
  const std::string own = variable("CNNC_CACHE"), xdg = variable("XDG_CACHE_HOME"), home = variable("HOME");
  if (!own.empty()) return own;
  if (!xdg.empty() && xdg[0] == '/') return xdg + "/cnnc";
  return home.empty() ? "" : home + "/.cache/cnnc";
}

int64_t most_bytes() {
  const std::string word = variable("CNNC_CACHE_MIB");
  if (word.empty()) return kDefaultMiB * kMiB;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number < 0 || number > kGreatestMiB)
    throw UsageError{
        fmt::format("the environment variable CNNC_CACHE_MIB wants a whole number from 0 to {}; found '{}'",
                    kGreatestMiB, word)};
  return number * kMiB;
}

}  // namespace

std::optional<KernelCache> cache_of_environment() {
  const KernelCache cache{folder(), most_bytes()};
  if (cache.folder.empty() || cache.most_bytes == 0) return std::nullopt;
  return cache;
}

}  // namespace cnnc
