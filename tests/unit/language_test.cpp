// docs/language.md tells the truth: its examples compile, its tables are complete.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "elaborate/elaborate.h"
#include "ops/registry.h"
#include "support/limits.h"
#include "syntax/parser.h"

using namespace cnnc;

namespace {

std::string page() {
  std::ifstream stream(CNNC_SOURCE_DIR "/docs/language.md");
  return {std::istreambuf_iterator<char>(stream), {}};
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

// The line of the page that begins so, or "".
std::string line_beginning(const std::string& text, const std::string& beginning) {
  const size_t at = text.find("\n" + beginning);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

}  // namespace

TEST_CASE("every example in the page on the language is a network") {
  const auto texts = examples(page());
  CHECK(texts.size() >= 6);
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
    const std::string row = line_beginning(text, fmt::format("| `{}", op->name));
    INFO(op->name);
    REQUIRE(!row.empty());
    for (const AttributeRule& rule : op->attributes) {
      if (!rule.positional) CHECK(row.find(fmt::format("`{}", rule.name)) != std::string::npos);
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
  CHECK(has_row("bodies inside bodies, calls included", limits::kNesting));
  CHECK(has_row("operators and parentheses in one expression", limits::kNesting));
  CHECK(has_row("a whole number, and the value of an expression", limits::kIntegers - 1));
  CHECK(has_row("elements of a tensor, or of a parameter", limits::kElements));
}
