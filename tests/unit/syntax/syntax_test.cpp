#include <doctest/doctest.h>

#include "support/limits.h"
#include "syntax/formatter.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"
#include "unit/syntax/syntax_texts.h"

using namespace cnnc;

namespace {

std::string errors(const std::string& text) {
  const Source source{"m.dsl", text};
  Diagnostics diagnostics;
  parse(source, diagnostics);
  return render(diagnostics, source, false);
}

// A text that has no errors.
ast::File parsed(const std::string& text) {
  const Source source{"m.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  CHECK(render(diagnostics, source, false) == "");
  REQUIRE(file.has_value());
  return *file;
}

std::string formatted(const std::string& text) {
  return cnnc::format(parsed(text));
}

// The tree of the statements of a text without a network line, without the parentheses around.
std::string tree(const std::string& text) {
  const std::string all = to_string(parsed(text));
  return all.substr(8, all.size() - 10);
}

// One layer's expression as a tree.
std::string expression(const std::string& text) {
  const std::string all = tree("l " + text);  // "\n  (layer l …)"
  return all.substr(12, all.size() - 13);
}

std::vector<TokenKind> kinds(const std::string& text) {
  const Source source{"m.dsl", text};
  Diagnostics diagnostics;
  std::vector<TokenKind> result;
  for (const Token& token : lex(source, diagnostics)) result.push_back(token.kind);
  return result;
}

std::string_view spanned(const std::string& text, Span where) {
  return std::string_view(text).substr(where.begin, where.end - where.begin);
}

std::string repeated(const std::string& text, int64_t times) {
  std::string result;
  for (int64_t i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("every kind of token is told from the others") {
  using K = TokenKind;
  CHECK(kinds("conv1 3 0.5 + - * / , = ( ) { } ; # x") ==
        std::vector<K>{K::name, K::integer, K::real, K::plus, K::minus, K::star, K::slash, K::comma,
                       K::equals, K::open_parenthesis, K::close_parenthesis, K::open_brace, K::close_brace,
                       K::semicolon, K::comment, K::end});
  CHECK(kinds("a\r\n\tb\n") == std::vector<K>{K::name, K::newline, K::name, K::newline, K::end});
  CHECK(kinds("\xef\xbb\xbfx") == std::vector<K>{K::name, K::end});
  CHECK(kinds("layer1.0.conv1") == std::vector<K>{K::name, K::end});
  CHECK(kinds("1e5 1.5E-3 2.0e+1") == std::vector<K>{K::real, K::real, K::real, K::end});
  CHECK(kinds("@") == std::vector<K>{K::invalid, K::end});
}

TEST_CASE("an x between sizes joins them, any other begins a name") {
  using K = TokenKind;
  CHECK(kinds("3x3") == std::vector<K>{K::integer, K::by, K::integer, K::end});
  CHECK(kinds("3x(") == std::vector<K>{K::integer, K::by, K::open_parenthesis, K::end});
  CHECK(kinds(")x3") == std::vector<K>{K::close_parenthesis, K::by, K::integer, K::end});
  CHECK(kinds("3 x3") == std::vector<K>{K::integer, K::name, K::end});
  CHECK(kinds("ax3") == std::vector<K>{K::name, K::end});
}

TEST_CASE("tokens know their place, and a comment ends before white space") {
  const Source source{"m.dsl", "ab 12 # c \r\n"};
  Diagnostics diagnostics;
  const auto tokens = lex(source, diagnostics);
  CHECK(tokens[1].where.begin == 3);
  CHECK(tokens[1].where.end == 5);
  CHECK(tokens[1].integer == 12);
  CHECK(tokens[2].text == "# c");
}

TEST_CASE("every kind of statement is read as what it is") {
  CHECK(tree("input a 1x28x28") == "\n  (input a (sizes 1 28 28))");
  CHECK(tree("input a 12") == "\n  (input a 12)");
  CHECK(tree("output") == "\n  (output)");
  CHECK(tree("output a.0.b as c") == "\n  (output a.0.b (as c))");
  CHECK(tree("output as c") == "\n  (output (as c))");
  CHECK(tree("from a.0") == "\n  (from a.0)");
  CHECK(tree("add with a, b.c as d") == "\n  (add with a b.c (as d))");
  CHECK(tree("concat with a") == "\n  (concat with a)");
  CHECK(tree("multiply with a, b as c") == "\n  (multiply with a b (as c))");
  CHECK(tree("matmul with a as c") == "\n  (matmul with a (as c))");
  CHECK(tree("grid_sample with g") == "\n  (grid_sample with g)");
  CHECK(tree("grid_sample mode nearest with g as c") == "\n  (grid_sample mode nearest with g (as c))");
  CHECK(tree("subtract with a") == "\n  (subtract with a)");
  CHECK(tree("concat along 1 with a, b as c") == "\n  (concat along 1 with a b (as c))");
  CHECK(tree("concat along rows with a") == "\n  (concat along rows with a)");
  CHECK(tree("permute 0 2 1 as p") == "\n  (layer permute 0 2 1 (as p))");
  CHECK(tree("relu") == "\n  (layer relu)");
  CHECK(tree("conv 6 5x5 pad same as c") == "\n  (layer conv 6 (sizes 5 5) pad same (as c))");
  CHECK(tree("basic()") == "\n  (call basic)");
  CHECK(tree("basic(64, s = k + 1) as b") == "\n  (call basic 64 (= s (+ k 1)) (as b))");
  CHECK(tree("repeat 2*k { relu }") == "\n  (repeat (* 2 k)\n    (layer relu))");
  CHECK(tree("group g { }") == "\n  (group g)");
  CHECK(tree("group { }") == "\n  (group)");
  CHECK(tree("block b { relu }") == "\n  (block b\n    (layer relu))");
  CHECK(tree("sequence b(a, c = a) { }") == "\n  (sequence b a (= c a))");
  CHECK(tree("concat { branch { } branch { relu } }") ==
        "\n  (concat\n    (branch)\n    (branch\n      (layer relu)))");
  CHECK(tree("gate { relu }") == "\n  (gate\n    (layer relu))");
  CHECK(tree("residual { relu }") == "\n  (residual\n    (layer relu))");
  CHECK(tree("residual { } shortcut project") == "\n  (residual\n    (shortcut project))");
  CHECK(tree("residual { } shortcut { relu }") == "\n  (residual\n    (shortcut\n      (layer relu)))");
  CHECK(to_string(parsed("network n; relu")) == "(network n\n  (layer relu))\n");
}

TEST_CASE("a name stands before or behind the braces, a shortcut on the line of the brace or later") {
  CHECK(tree("residual as a { } shortcut project as b") == tree("residual { } as a shortcut project as b"));
  CHECK(tree("residual { } shortcut as b { }") == tree("residual { }\n\n# c\n  shortcut { } as b"));
  CHECK(tree("gate as a { relu }") == tree("gate { relu } as a"));
  CHECK(tree("concat as a { branch { } }") == tree("concat { branch { } } as a"));
}

TEST_CASE("statements end at a line's end, a ';' or a '}'") {
  CHECK(tree("relu\nrelu;relu;;\r\n;relu") == tree("relu;relu;relu;relu"));
  CHECK(tree("group g {relu}") == tree("group g {\nrelu\n}"));
  CHECK(tree("") == "");
  CHECK(tree(" # only a comment") == "");
}

TEST_CASE("operators bind as usual, from the left, and take all they can") {
  CHECK(expression("1 + 2*3") == "(+ 1 (* 2 3))");
  CHECK(expression("(1 + 2)*3") == "(* (+ 1 2) 3)");
  CHECK(expression("1 - 2 - 3") == "(- (- 1 2) 3)");
  CHECK(expression("8/4/2") == "(/ (/ 8 4) 2)");
  CHECK(expression("-a*b") == "(* (- a) b)");
  CHECK(expression("--a") == "(- (- a))");
  CHECK(expression("a -1") == "(- a 1)");
  CHECK(expression("a (-1)") == "a (- 1)");
  CHECK(expression("-1 2") == "(- 1) 2");
  CHECK(expression("(k)x1 3x(2*k)") == "(sizes k 1) (sizes 3 (* 2 k))");
  CHECK(expression("0.50 1e-5") == "0.50 1e-5");
}

TEST_CASE("a parenthesis directly after a name is a call, after a space an argument") {
  CHECK(tree("conv (64)") == "\n  (layer conv 64)");
  CHECK(tree("conv(64)") == "\n  (call conv 64)");
}

TEST_CASE("words of the language are free as names of statements, and as arguments") {
  CHECK(tree("conv input as output") == "\n  (layer conv input (as output))");
  CHECK(tree("group residual { }; from shortcut; input input 3") ==
        "\n  (group residual)\n  (from shortcut)\n  (input input 3)");
}

TEST_CASE("spans hold what was written") {
  const std::string text =
      "conv 6 5x5 pad 2  as c # d\nresidual as r { relu } shortcut as s { }\nrepeat (2*k) { }";
  const ast::File file = parsed(text);
  CHECK(spanned(text, file.statements[0].where) == "conv 6 5x5 pad 2  as c");
  CHECK(spanned(text, file.statements[0].as->where) == "c");
  const auto& layer = std::get<ast::Layer>(file.statements[0].what);
  CHECK(spanned(text, layer.op.where) == "conv");
  CHECK(spanned(text, where(layer.arguments[1])) == "5x5");
  CHECK(spanned(text, file.statements[1].where) == "residual as r");
  const auto& residual = std::get<ast::Residual>(file.statements[1].what);
  CHECK(spanned(text, residual.body.where) == "{ relu }");
  CHECK(spanned(text, residual.shortcut->where) == "shortcut as s");
  const auto& repeat = std::get<ast::Repeat>(file.statements[2].what);
  CHECK(spanned(text, repeat.count.where) == "(2*k)");
}

TEST_CASE("several errors are reported in one run, and what follows from one is not") {
  CHECK(errors("conv 5y5\nresdual {\n    group as { }\n} shortcut projct\nrelu relu,\n") ==
        "m.dsl:1:6: error: '5y5' is no number\n"
        "  conv 5y5\n"
        "       ^~~\n"
        "  hint: sizes are written '3x3'; a name begins with a letter\n"
        "m.dsl:2:1: error: 'resdual' takes no body; did you mean 'residual'?\n"
        "  resdual {\n"
        "  ^~~~~~~\n"
        "m.dsl:3:11: error: expected the group's name or '{' after 'group'; found 'as'\n"
        "      group as { }\n"
        "            ^~\n"
        "  hint: write 'group features { }'\n"
        "m.dsl:5:10: error: expected the end of the statement after 'relu'; found ','\n"
        "  relu relu,\n"
        "           ^\n"
        "  hint: the arguments of a layer are separated by spaces: 'conv 64 3x3'\n");
  // the '}' of a '{' that is missing
  CHECK(errors("group a\n  relu\n}\n") ==
        "m.dsl:1:8: error: expected '{' after 'a'; found the end of the line\n"
        "  group a\n"
        "         ^\n");
  // the branches of a concat that has failed
  CHECK(errors("concat of { branch { } branch { relu } }") ==
        "m.dsl:1:8: error: expected 'with', 'as' or '{' after 'concat'; found 'of'\n"
        "  concat of { branch { } branch { relu } }\n"
        "         ^~\n"
        "  hint: write 'concat with enc1' or 'concat { branch { … } branch { … } }'\n");
}

TEST_CASE("bodies nest as deep as the limit says") {
  const auto nested = [](int64_t depth) { return repeated("group g {\n", depth) + repeated("}", depth); };
  CHECK(errors(nested(limits::kNesting)) == "");
  CHECK(errors(nested(limits::kNesting + 1)) ==
        "m.dsl:65:9: error: bodies are nested at most 64 deep; here is one more\n"
        "  group g {\n"
        "          ^\n"
        "  hint: give the inner statements a name of their own with 'block'\n");
  CHECK(errors(repeated("group g {", 50'000)).find("nested at most 64") != std::string::npos);
}

TEST_CASE("an expression is as large as the limit says") {
  CHECK(errors("l " + repeated("(", limits::kNesting) + "1" + repeated(")", limits::kNesting)) == "");
  CHECK(errors("l 1" + repeated("+1", limits::kNesting)) == "");
  CHECK(errors("l 1" + repeated("+1", limits::kNesting) + "*2") ==
        "m.dsl:1:132: error: an expression holds at most 64 operators and parentheses; here is one more\n"
        "  …" +
            repeated("+1", 54) +
            "*2\n"
            "  " +
            std::string(109, ' ') +
            "^\n"
            "  hint: compute a part of it as a block's parameter\n");
  for (const char* part : {"(", "-", "1*", "(1)x", "1+(-"}) {
    CHECK(errors("l " + repeated(part, 100'000)) != "");
  }
}

TEST_CASE("a text has as many statements and bytes as the limits say") {
  CHECK(errors(repeated("a\n", limits::kStatements)) == "");
  CHECK(errors(repeated("a\n", limits::kStatements + 1)) ==
        "m.dsl:20001:1: error: a text has at most 20000 statements; here is one more\n"
        "  a\n"
        "  ^\n"
        "  hint: write what is alike once, with 'block' or 'repeat'\n");
  CHECK(errors(std::string(limits::kSourceBytes, ' ')) == "");
  CHECK(errors(std::string(limits::kSourceBytes + 1, ' ')) ==
        "m.dsl: error: the text has 1048577 bytes; at most 1048576 are read\n");
}

TEST_CASE("long nonsense is neither a crash nor a hang") {
  for (const char* part : {"\n",         "#\n",
                           "{",          "}",
                           "(",          ")",
                           "a(",         "a ",
                           "a;",         "x",
                           "3x",         "1.",
                           "a.",         "=",
                           "\xff",       "é a ",
                           "group a;",   "group{",
                           "group a\n",  "residual{",
                           "residual{}", "concat{branch{",
                           "\"\n",       "a {\n"}) {
    errors(repeated(part, 100'000 / static_cast<int64_t>(std::string(part).size())));
  }
}

TEST_CASE("the canonical layout of LeNet-5 and ResNet-18") {
  CHECK(formatted("network  n# c\n\n\n\nconv  6   5x5 pad( 2 )as  a   # b\n") ==
        "network n  # c\n\nconv 6 5x5 pad (2) as a  # b\n");
  CHECK(
      formatted(kLenet).find("\nconv 6 5x5 pad 2 as conv1\nrelu\nmaxpool 2x2\nconv 16 5x5      as conv2\n") !=
      std::string::npos);
  const std::string text = formatted(kResnet);
  CHECK(text.find("    } shortcut project as downsample  # identity where") != std::string::npos);
  CHECK(text.find("\ngroup layer1 { repeat 2 { basic(64) } }  # layer1.0, layer1.1\n"
                  "group layer2 { basic(128, stride = 2); basic(128) }\n") != std::string::npos);
  CHECK(text.find("\nresidual { conv 64 3x3 pad 1 } shortcut { conv 64 1x1 }\n"
                  "concat { branch { } branch { batchnorm; relu; conv 32 3x3 pad 1 bias off } }  # D") !=
        std::string::npos);
}

TEST_CASE("what stands on one line stays there, what does not has a line a statement") {
  CHECK(formatted("a  ;b;group g{c ; repeat 2{d};e } ;f # g\nh") ==
        "a; b; group g { c; repeat 2 { d }; e }; f  # g\nh\n");
  CHECK(formatted("group g { a; repeat 2 { b\n} }; c") ==
        "group g {\n    a; repeat 2 {\n        b\n    }\n}; c\n");
  CHECK(formatted("concat {branch{ a} branch { }}; b\nconcat { branch { a }\nbranch { } }") ==
        "concat { branch { a } branch { } }; b\nconcat {\n    branch { a }\n    branch { }\n}\n");
}

TEST_CASE("a join along an axis is written with one space between its words") {
  CHECK(formatted("concat  along   1  with a ,b  as c") == "concat along 1 with a, b as c\n");
  CHECK(formatted("concat along (k + 1) with a") == "concat along (k+1) with a\n");
  CHECK(formatted("concat along k+1 with a") == formatted("concat along  k + 1 with a"));
}

TEST_CASE("names of statements below each other stand in one column") {
  CHECK(formatted("a as x\nlonger 1\nlong as y\n\nb as x # c\nc(1) as y\ngroup g { e as n }\nf 1 as p; g as "
                  "q\nh as o") ==
        "a    as x\nlonger 1\nlong as y\n\nb    as x  # c\nc(1) as y\ngroup g { e as n }\nf 1 as p; g as "
        "q\nh as o\n");
  CHECK(formatted("a as x\n# comment\nlonger as y") == "a as x\n# comment\nlonger as y\n");
}

TEST_CASE("comments and single empty lines are kept in their places") {
  CHECK(formatted(kOdd) == R"(# header

# header, second part

network odd  # behind the network

# above the input

input a 12
sequence conv_relu(k, n = 2*k+1, m = -(n-1)/2) {  # behind a brace
    # above
    conv n (k)x(n+-1) alpha 0.5 beta 1e-5-1

    relu  # behind a ';'

    # closing

    # closing, second part
}
stem(); stem(a = 1, b = 2) as s
residual as r { }
# behind the body
# above the shortcut
shortcut as c { }
as_is
concat as j {  # behind concat
    # above a branch
    branch {  # behind branch
    }  # behind its end

    branch { relu }
    branch { }
    # closing
}
gate as g {  # behind gate
    # in the gate
}  # behind its end
gate { relu }
add with r.0.x, s as t; multiply with g; output layer1.0.conv1 as o; output; output as p
repeat 2*k { group as_group { }; group { } }
# at the end
)");
}

TEST_CASE("formatting twice is formatting once, and leaves the tree as it was") {
  for (const std::string& text :
       {kLenet, kResnet, kOdd, std::string(), std::string("\n\n# c\n\n\nrelu # d"),
        std::string("# c\n\n# d\n"), std::string("residual { } # c\n\n\n# d\n\nshortcut project"),
        std::string("group g { # a\n\n # b\n\n }"), std::string("a ; # b\n; # c\n b")}) {
    const std::string once = formatted(text);
    CHECK(formatted(once) == once);
    CHECK(to_string(parsed(once)) == to_string(parsed(text)));
  }
}

TEST_CASE("a tree that no text has made is written so that it reads back") {
  using E = ast::Expression;
  const auto number = [](int64_t n) {
    E e;
    e.integer = n;
    return e;
  };
  const auto binary = [](E::Kind kind, E a, E b) {
    E e;
    e.kind = kind;
    e.operands = {std::move(a), std::move(b)};
    return e;
  };
  const E sum = binary(E::Kind::add, number(1), number(2));
  E negative;
  negative.kind = E::Kind::negate;
  negative.operands = {sum};
  E real;
  real.kind = E::Kind::real;
  real.real = 2;
  CHECK(cnnc::format(binary(E::Kind::multiply, sum, number(3))) == "(1+2)*3");
  CHECK(cnnc::format(binary(E::Kind::subtract, number(3), sum)) == "3-(1+2)");
  CHECK(cnnc::format(binary(E::Kind::subtract, sum, number(3))) == "1+2-3");
  CHECK(cnnc::format(negative) == "-(1+2)");
  CHECK(cnnc::format(real) == "2.0");
  ast::File file;
  ast::Statement statement;
  ast::Dimensions sizes;
  sizes.sizes = {sum, number(3)};
  ast::Layer layer;
  layer.op.text = "l";
  layer.arguments = {number(1), negative, sizes};
  statement.what = layer;
  file.statements = {statement};
  CHECK(cnnc::format(file) == "l 1 (-(1+2)) (1+2)x3\n");
}
