// Runs every case in cases/; with UPDATE_GOLDEN=1 in the environment, rewrites those that differ.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "command/replay.h"

namespace fs = std::filesystem;

namespace {

struct TemporaryFolder {
  std::string path = (fs::temp_directory_path() / "cnnc-command-XXXXXX").string();
  TemporaryFolder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

std::vector<fs::path> cases() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(CNNC_SOURCE_DIR "/tests/command/cases"))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string replay_in_new_folder(const std::string& text) {
  const TemporaryFolder temporary;
  const std::string work = temporary.path + "/work";
  fs::create_directory(work);
  return cnnc::replay(text, work, CNNC_BIN_DIR);
}

}  // namespace

TEST_CASE("the command does what each case in tests/command/cases shows") {
  REQUIRE(cases().size() > 0);
  for (const fs::path& path : cases()) {
    const std::string expected = cnnc::read_file(path.string());
    const std::string found = replay_in_new_folder(expected);
    CAPTURE(path.filename().string());
    if (found != expected && std::getenv("UPDATE_GOLDEN"))
      cnnc::write_file(path.string(), found);
    else
      CHECK(found == expected);
  }
}

TEST_CASE("a case that expects the wrong thing is told from what happens") {
  const std::string run = "# False is true.\n=== file a b\nx\n=== run cat 'a b'; printf y >&2; false\n";
  const std::string found = replay_in_new_folder(run + "=== stdout\ny\n");
  CHECK(found == run + "=== exit 1\n=== stdout\nx\n=== stderr\ny\n\\ no line break\n");
}

TEST_CASE("what AddressSanitizer says of itself is no part of a case") {
  const std::string run =
      "=== run printf 'a\\n==12==WARNING: ASan doesn'\\''t fully support makecontext/swapcontext functions "
      "and may produce false positives in some cases!\\nb\\n' >&2\n";
  CHECK(replay_in_new_folder(run) == run + "=== stderr\na\nb\n");
}
