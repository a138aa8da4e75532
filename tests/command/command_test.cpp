// How a case in cases/ is tested; with UPDATE_GOLDEN=1 in the environment, one that differs is rewritten.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "command/cases.h"
#include "command/replay.h"

namespace fs = std::filesystem;

namespace {

struct TemporaryFolder {
  std::string path = (fs::temp_directory_path() / "cnnc-command-XXXXXX").string();
  TemporaryFolder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

std::string replay_in_new_folder(const std::string& text) {
  const TemporaryFolder temporary;
  const std::string work = temporary.path + "/work";
  fs::create_directory(work);
  return cnnc::replay(text, work, CNNC_BIN_DIR);
}

}  // namespace

void cnnc::check_case(const std::string& path) {
  const std::string expected = read_file(path);
  const std::string found = replay_in_new_folder(expected);
  if (found != expected && std::getenv("UPDATE_GOLDEN"))
    write_file(path, found);
  else
    CHECK(found == expected);
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
