// The pages in docs/ tell the truth: the examples compile, the tables are complete, the files are there.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "elaborate/elaborate.h"
#include "ops/registry.h"
#include "support/limits.h"
#include "syntax/parser.h"

using namespace cnnc;

namespace {

// The text of a file of this project.
std::string text_of(const std::string& path) {
  std::ifstream stream(CNNC_SOURCE_DIR "/" + path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string page() {
  return text_of("docs/language.md");
}

// What stands between "```dsl" and "```".
std::vector<std::string> examples(const std::string& text) {
  const std::string open = "```dsl\n", close = "```\n";
  std::vector<std::string> result;
  for (size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    result.push_back(text.substr(at, text.find(close, at) - at));
  }
  return result;
}

// What stands between "`" and "`".
std::vector<std::string> quoted_words(const std::string& text) {
  std::vector<std::string> words;
  for (size_t at = text.find('`'); at != std::string::npos; at = text.find('`', at + 1)) {
    const size_t end = text.find('`', at + 1);
    words.push_back(text.substr(at + 1, end - at - 1));
    at = end;
  }
  return words;
}

// Whether it is the path of a source file, and no pattern of several.
bool is_source_path(const std::string& word) {
  const bool is_path = word.find('/') != std::string::npos && word.find_first_of(" *") == std::string::npos &&
                       word.find("FAMILY") == std::string::npos;
  const std::string suffix = std::filesystem::path(word).extension().string();
  return is_path && (suffix == ".h" || suffix == ".cpp" || suffix == ".c");
}

// The line of the page that begins so, or "".
std::string line_beginning(const std::string& text, const std::string& beginning) {
  const size_t at = text.find("\n" + beginning);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

}  // namespace

TEST_CASE("every example in the pages on the language and on networks in pictures is a network") {
  auto texts = examples(page());
  CHECK(texts.size() >= 6);
  for (const std::string& text : examples(text_of("docs/cnn.md"))) texts.push_back(text);
  for (const std::string& text : texts) {
    const Source source{"language.md", text};
    Diagnostics diagnostics;
    const auto file = parse(source, diagnostics);
    if (file) elaborate(*file, source, diagnostics);
    CHECK(render(diagnostics, source, false) == "");
  }
}

TEST_CASE("the page on the language lists every operator with its words") {
  const std::string text = page();
  for (const Operator* op : operators()) {
    const std::string written(op->name == "concat_along" ? "concat along" : op->name);
    const std::string row = line_beginning(text, fmt::format("| `{}", written));
    INFO(op->name);
    REQUIRE(!row.empty());
    for (const AttributeRule& rule : op->attributes) {
      if (!rule.positional && written == op->name)
        CHECK(row.find(fmt::format("`{}", rule.name)) != std::string::npos);
    }
  }
}

TEST_CASE("the page on the language lists the limits as they are") {
  const std::string text = page();
  const auto has_row = [&](const std::string& what, int64_t value) {
    return line_beginning(text, "| " + what) == fmt::format("| {} | {} |", what, value);
  };
  CHECK(has_row("bytes of a text", limits::kSourceBytes));
  CHECK(has_row("statements, as written and once blocks and repeats are expanded", limits::kStatements));
  CHECK(has_row("tensors of one `add` or `multiply`", limits::kOperands));
  CHECK(
      has_row("slices of the filter of an `upconv3d`, and of a `conv3d` unless each is a single element that "
              "moves by one row and one column",
              limits::kFilterSlices));
  CHECK(has_row("sizes of a tensor", limits::kRank));
  CHECK(has_row("bodies inside bodies, calls included", limits::kNesting));
  CHECK(has_row("operators and parentheses in one expression", limits::kNesting));
  CHECK(has_row("a whole number, and the value of an expression", limits::kIntegers - 1));
  CHECK(has_row("elements of a tensor, or of a parameter", limits::kElements));
}

TEST_CASE("the page on adding an operator lists the files of its example, and no others") {
  const std::string recipe = text_of("docs/adding-an-operator.md");
  std::set<std::string> listed;
  for (const std::string& path : quoted_words(recipe))
    if (path.find(' ') == std::string::npos && std::filesystem::is_regular_file(CNNC_SOURCE_DIR "/" + path))
      listed.insert(path);
  listed.erase("tests/unit/kernels/kernels_test.cpp");  // of elementary functions
  CHECK(listed.size() >= 9);
  for (const std::string& path : listed)
    CHECK_MESSAGE(text_of(path).find("hardswish") != std::string::npos, path);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(CNNC_SOURCE_DIR "/compiler")) {
    const std::string path = std::filesystem::relative(entry.path(), CNNC_SOURCE_DIR).string();
    if (entry.is_regular_file() && text_of(path).find("hardswish") != std::string::npos)
      CHECK_MESSAGE(listed.count(path), path);
  }
}

TEST_CASE("the pages for who works on the compiler name source files that are there") {
  size_t count = 0;
  for (const std::string page :
       {"docs/design.md", "docs/development.md", "docs/adding-an-operator.md", "docs/internals-kernels.md",
        "docs/internals-library.md", "docs/internals-onnx.md"})
    for (const std::string& path : quoted_words(text_of(page))) {
      if (!is_source_path(path)) continue;
      ++count;
      CHECK_MESSAGE((std::filesystem::exists(CNNC_SOURCE_DIR "/" + path) ||
                     std::filesystem::exists(CNNC_SOURCE_DIR "/compiler/" + path)),
                    page << ": " << path);
    }
  CHECK(count > 50);
}
