// Texts that were damaged at random, always in the same way: whatever the text, the parser ends, and what it
// accepts the formatter writes in a form that means the same.
#include <doctest/doctest.h>

#include <random>

#include "syntax/formatter.h"
#include "syntax/parser.h"
#include "unit/syntax/syntax_texts.h"

using namespace cnnc;

namespace {

using Random = std::mt19937;  // its numbers are the same everywhere; distributions' are not

size_t below(Random& random, size_t limit) {
  return limit == 0 ? 0 : random() % limit;
}

// Words and characters of the language, which get further into the parser than random bytes do.
const std::vector<std::string> kPieces = {"{",        "}",           "(",
                                          ")",        "x",           "3x3",
                                          ";",        "\n",          "#",
                                          "# c\n",    ",",           "=",
                                          "as a",     "+",           "-",
                                          "*",        "/",           "1e5",
                                          "with ",    "\r\n",        "residual",
                                          "shortcut", "project ",    "branch",
                                          "concat",   "repeat 2",    "\t",
                                          "\"",       "é",           " ",
                                          "a.b",      "99999999999", std::string(1, '\0'),
                                          "output ",  "group g ",    "block b",
                                          "from a",   "input i 3",   "gate",
                                          "multiply "};

void damage(std::string& text, Random& random) {
  const size_t at = below(random, text.size() + 1);
  switch (below(random, 6)) {
    case 0:
      text.resize(at);
      break;
    case 1:
      text.insert(at, kPieces[below(random, kPieces.size())]);
      break;
    case 2:
      text.erase(at, 1 + below(random, 20));
      break;
    case 3:
      text.insert(at, text.substr(below(random, text.size()), below(random, 200)));
      break;
    case 4:
      text.insert(at, 1, static_cast<char>(random()));
      break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
      break;
  }
}

std::optional<ast::File> parse_quietly(const std::string& text, std::string& printed) {
  const Source source{"m.dsl", text};
  Diagnostics diagnostics;
  auto file = parse(source, diagnostics);
  printed = render(diagnostics, source, true);
  CHECK(file.has_value() != diagnostics.has_errors());
  return file;
}

}  // namespace

TEST_CASE("no damage to a text makes the parser or the formatter fail") {
  Random random(2024);
  int accepted = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text = round % 3 == 0 ? kLenet : round % 3 == 1 ? kResnet : kOdd;
    for (size_t i = 0; i <= below(random, 6); ++i) damage(text, random);
    INFO(text);
    std::string printed;
    const auto file = parse_quietly(text, printed);
    if (!file) continue;
    ++accepted;
    const std::string once = cnnc::format(*file);
    const auto again = parse_quietly(once, printed);
    INFO(printed);
    REQUIRE(again.has_value());
    CHECK(to_string(*again) == to_string(*file));
    CHECK(cnnc::format(*again) == once);
  }
  CHECK(accepted > 500);
}
