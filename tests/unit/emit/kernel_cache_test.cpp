// Entries of the cache: what is read is what was written, whatever happens to the folder.
#include "emit/kernels/kernel_cache.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

constexpr int64_t kMany = int64_t{1} << 30;

// A cache in a new folder.
struct Fixture {
  KernelCache cache{(fs::temp_directory_path() / "cnnc_cache_XXXXXX").string(), kMany};
  Fixture() { REQUIRE(mkdtemp(cache.folder.data()) != nullptr); }
  ~Fixture() { fs::remove_all(cache.folder); }

  std::vector<fs::path> files() const {
    std::vector<fs::path> paths;
    for (const auto& file : fs::directory_iterator(cache.folder)) paths.push_back(file.path());
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  // The path of the entry that is written.
  fs::path add(const std::string& key, const std::string& object) const {
    const std::vector<fs::path> before = files();
    write_cached(cache, key, object);
    for (const fs::path& path : files())
      if (std::find(before.begin(), before.end(), path) == before.end()) return path;
    FAIL("no new entry");
    return "";
  }
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// As if it had last been used so many hours ago.
void make_older(const fs::path& path, int hours) {
  fs::last_write_time(path, fs::last_write_time(path) - std::chrono::hours(hours));
}

}  // namespace

TEST_CASE("what was kept is found under its key, and under no other") {
  const Fixture f;
  CHECK(read_cached(f.cache, "a") == std::nullopt);
  const std::string bytes("\0\n\xff object", 10);
  write_cached(f.cache, "a", bytes);
  write_cached(f.cache, "", "of the empty key");
  CHECK(read_cached(f.cache, "a") == bytes);
  CHECK(read_cached(f.cache, "") == "of the empty key");
  CHECK(read_cached(f.cache, "b") == std::nullopt);
  write_cached(f.cache, "a", "");
  CHECK(read_cached(f.cache, "a") == "");
  CHECK(f.files().size() == 2);
}

TEST_CASE("the folder is made where it is missing") {
  const Fixture f;
  const KernelCache deeper{f.cache.folder + "/some/where", kMany};
  write_cached(deeper, "a", "object");
  CHECK(read_cached(deeper, "a") == "object");
}

TEST_CASE("an entry that is damaged anywhere is not there, and is replaced") {
  const Fixture f;
  const fs::path path = f.add("some key", "some object");
  const std::string entry = read(path);
  for (size_t i = 0; i < entry.size(); ++i) {
    CAPTURE(i);
    std::string damaged = entry;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    write(path, damaged);
    CHECK(read_cached(f.cache, "some key") == std::nullopt);
    write(path, entry.substr(0, i));
    CHECK(read_cached(f.cache, "some key") == std::nullopt);
  }
  write(path, entry + "x");
  CHECK(read_cached(f.cache, "some key") == std::nullopt);
  write_cached(f.cache, "some key", "some object");
  CHECK(read_cached(f.cache, "some key") == "some object");
}

TEST_CASE("an entry of another key, whole as it is, is not taken") {
  const Fixture f;
  const fs::path one = f.add("key one", "object one"), other = f.add("key two", "object two");
  fs::copy_file(one, other, fs::copy_options::overwrite_existing);
  CHECK(read_cached(f.cache, "key one") == "object one");
  CHECK(read_cached(f.cache, "key two") == std::nullopt);
}

TEST_CASE("an entry that is no file, or larger than any kernel, is not there") {
  const Fixture f;
  const fs::path path = f.add("key", "object");
  fs::resize_file(path, uintmax_t{1} << 40);
  CHECK(read_cached(f.cache, "key") == std::nullopt);
  fs::remove(path);
  fs::create_directory(path);
  write_cached(f.cache, "key", "object");
  CHECK(read_cached(f.cache, "key") == std::nullopt);
}

TEST_CASE("a folder that cannot be is an empty one") {
  const Fixture f;
  write(f.cache.folder + "/file", "");
  for (const std::string& folder :
       {f.cache.folder + "/file", f.cache.folder + "/file/x", std::string("/proc/x"),
        std::string("/dev/full/x"), std::string(5000, 'x')}) {
    const KernelCache cache{folder, kMany};
    write_cached(cache, "key", "object");
    CHECK(read_cached(cache, "key") == std::nullopt);
    prune(cache);
  }
  CHECK(read(f.cache.folder + "/file").empty());
}

TEST_CASE("what was not used for longest is removed first, until the rest fits") {
  const Fixture f;
  const std::string object(1000, 'x');
  int hours = 10;
  uintmax_t bytes = 0;
  for (const char* key : {"a", "b", "c", "d"}) {
    const fs::path path = f.add(key, object);
    bytes = fs::file_size(path);
    make_older(path, hours--);
  }
  CHECK(read_cached(f.cache, "a") == object);  // used now
  prune({f.cache.folder, static_cast<int64_t>(4 * bytes)});
  CHECK(f.files().size() == 4);
  prune({f.cache.folder, static_cast<int64_t>(3 * bytes - 1)});
  CHECK(f.files().size() == 2);
  CHECK(read_cached(f.cache, "a") == object);
  CHECK(read_cached(f.cache, "b") == std::nullopt);
  CHECK(read_cached(f.cache, "c") == std::nullopt);
  CHECK(read_cached(f.cache, "d") == object);
  prune({f.cache.folder, 0});
  CHECK(f.files().empty());
}

TEST_CASE("files that are no entries stay, but what a killed process left behind long ago") {
  const Fixture f;
  for (const char* name : {"README", ".cnnc-1-0.tmp", ".cnnc-2-0.tmp", "old.tmp"})
    write(f.cache.folder + "/" + name, "x");
  make_older(f.cache.folder + "/README", 1000);
  make_older(f.cache.folder + "/.cnnc-1-0.tmp", 25);
  make_older(f.cache.folder + "/old.tmp", 1000);
  prune({f.cache.folder, 0});
  std::vector<std::string> names;
  for (const fs::path& path : f.files()) names.push_back(path.filename().string());
  CHECK(names == std::vector<std::string>{".cnnc-2-0.tmp", "README", "old.tmp"});
}

TEST_CASE("several processes write, read and prune one folder: each finds whole entries or none") {
  const Fixture f;
  const KernelCache small{f.cache.folder, 20000};
  const auto object = [](int key) {
    return std::string(static_cast<size_t>(1000 + 100 * key), static_cast<char>(key));
  };
  const auto use = [&]() noexcept {
    int hits = 0;
    for (int round = 0; round < 300; ++round) {
      const int key = round * 7 % 31;
      write_cached(small, std::to_string(key), object(key));
      for (int k = 0; k < 31; ++k) {
        const auto found = read_cached(small, std::to_string(k));
        if (found && *found != object(k)) return 1;
        hits += found.has_value();
      }
      prune(small);
      std::error_code another_writes;
      if (round % 100 == 99) fs::remove_all(small.folder, another_writes);
    }
    return hits > 300 ? 0 : 2;
  };
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    children.push_back(fork());
    REQUIRE(children.back() >= 0);
    if (children.back() == 0) _exit(use());
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
}
