// Every error that a network text can have: one file each in this folder. A file holds the text, a line
// `---`, and what is printed for it, whole. UPDATE_GOLDEN=1 writes what is printed into the files, to be
// reviewed as a diff.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "elaborate/elaborate.h"
#include "syntax/parser.h"

namespace cnnc {
namespace {

const std::string kSeparator = "---\n";

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(CNNC_SOURCE_DIR "/tests/errors")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string printed_for(const std::string& text) {
  const Source source{"model.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  if (file) elaborate(*file, source, diagnostics);
  return render(diagnostics, source, false);
}

void check(const std::filesystem::path& path) {
  INFO(path.filename().string());
  const std::string content = read(path);
  const size_t separator = content.find("\n" + kSeparator);
  REQUIRE(separator != std::string::npos);
  const std::string text = content.substr(0, separator + 1);
  const std::string expected = content.substr(separator + 1 + kSeparator.size());
  const std::string printed = printed_for(text);
  CHECK(!printed.empty());
  if (std::getenv("UPDATE_GOLDEN") && printed != expected) {
    std::ofstream(path, std::ios::binary) << text << kSeparator << printed;
  } else {
    CHECK(printed == expected);
  }
}

TEST_CASE("every error is printed as its file in tests/errors has it") {
  const auto files = case_files();
  CHECK(files.size() > 80);
  for (const auto& file : files) check(file);
}

}  // namespace
}  // namespace cnnc
