// The pictures of the documentation are those that the command draws now.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = CNNC_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("script/pictures finds that the pictures are what the commands in docs/cnn.md draw") {
  const std::string command = "CNNC='" CNNC_BIN_DIR "/cnnc' '" CNNC_SOURCE_DIR "/script/pictures' --check";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("the page on networks in pictures shows each of docs/pictures, and no other") {
  const std::string page = text_of(kRoot / "docs/cnn.md");
  std::set<std::string> shown, drawn, there;
  const std::regex image("!\\[[^\\]]+\\]\\(pictures/([a-z0-9]+\\.svg)\\)"),
      command("    cnnc plot .* -o pictures/([a-z0-9]+\\.svg)\n");
  for (std::sregex_iterator i(page.begin(), page.end(), image), end; i != end; ++i) shown.insert((*i)[1]);
  for (std::sregex_iterator i(page.begin(), page.end(), command), end; i != end; ++i) drawn.insert((*i)[1]);
  for (const auto& entry : fs::directory_iterator(kRoot / "docs/pictures"))
    there.insert(entry.path().filename().string());
  CHECK(shown.size() >= 12);
  CHECK(shown == drawn);
  CHECK(shown == there);
}
