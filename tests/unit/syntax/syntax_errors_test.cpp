// Every error of the syntax, as it is printed, whole.
#include <doctest/doctest.h>

#include "syntax/parser.h"

using namespace cnnc;

namespace {

std::string errors(const std::string& text) {
  const Source source{"m.dsl", text};
  Diagnostics diagnostics;
  const bool parsed = parse(source, diagnostics).has_value();
  CHECK(parsed != diagnostics.has_errors());
  return render(diagnostics, source, false);
}

}  // namespace

TEST_CASE("a network line that is not one") {
  CHECK(errors("network") ==
        "m.dsl:1:8: error: expected the network's name after 'network'; found the end of the file\n"
        "  network\n"
        "         ^\n"
        "  hint: write 'network lenet5'\n");
  CHECK(errors("network 3d") ==
        "m.dsl:1:9: error: '3d' is no number\n"
        "  network 3d\n"
        "          ^~\n"
        "  hint: sizes are written '3x3'; a name begins with a letter\n");
  CHECK(errors("network a.b") ==
        "m.dsl:1:9: error: expected the network's name without dots after 'network'; found 'a.b'\n"
        "  network a.b\n"
        "          ^~~\n"
        "  hint: write 'network lenet5'\n");
  CHECK(errors("relu; network a") ==
        "m.dsl:1:7: error: 'network' stands once, before all other statements\n"
        "  relu; network a\n"
        "        ^~~~~~~\n");
}

TEST_CASE("an input wants a name and a shape, at the top level") {
  CHECK(errors("input") ==
        "m.dsl:1:6: error: expected the input's name after 'input'; found the end of the file\n"
        "  input\n"
        "       ^\n"
        "  hint: write 'input image 3x224x224'\n");
  CHECK(errors("input image") ==
        "m.dsl:1:12: error: expected a shape after 'image'; found the end of the file\n"
        "  input image\n"
        "             ^\n"
        "  hint: write channels x height x width, '3x224x224', or the length of a vector\n");
  CHECK(errors("input image 3 224 224") ==
        "m.dsl:1:15: error: expected the end of the statement after '3'; found '224'\n"
        "  input image 3 224 224\n"
        "                ^~~\n"
        "  hint: a shape is written without spaces: '3x224x224'\n");
  CHECK(errors("group g { input a 3 }") ==
        "m.dsl:1:11: error: 'input' stands at the top level, not inside a body\n"
        "  group g { input a 3 }\n"
        "            ^~~~~\n");
}

TEST_CASE("output and from take the name of a tensor") {
  CHECK(errors("output 3") ==
        "m.dsl:1:8: error: expected the end of the statement after 'output'; found '3'\n"
        "  output 3\n"
        "         ^\n");
  CHECK(errors("from") ==
        "m.dsl:1:5: error: expected a tensor's name after 'from'; found the end of the file\n"
        "  from\n"
        "      ^\n"
        "  hint: write 'from enc1'\n");
  CHECK(errors("from a as b") ==
        "m.dsl:1:8: error: 'from' takes no name: the tensor has one already\n"
        "  from a as b\n"
        "         ^~\n");
}

TEST_CASE("a join takes tensors, separated by commas") {
  CHECK(errors("add") ==
        "m.dsl:1:4: error: expected 'with' after 'add'; found the end of the file\n"
        "  add\n"
        "     ^\n"
        "  hint: write 'add with enc1'; the sum with the tensor before is a 'residual { }'\n");
  CHECK(errors("add with") ==
        "m.dsl:1:9: error: expected a tensor's name after 'with'; found the end of the file\n"
        "  add with\n"
        "          ^\n"
        "  hint: write 'add with enc1'\n");
  CHECK(errors("add with a b") ==
        "m.dsl:1:12: error: expected ',' or the end of the statement after 'a'; found 'b'\n"
        "  add with a b\n"
        "             ^\n"
        "  hint: several tensors are separated by commas\n");
  CHECK(errors("add with a,") ==
        "m.dsl:1:12: error: expected a tensor's name after ','; found the end of the file\n"
        "  add with a,\n"
        "             ^\n"
        "  hint: write 'add with enc1'\n");
}

TEST_CASE("a join along an axis has the axis between its words") {
  CHECK(errors("concat along") ==
        "m.dsl:1:13: error: expected an axis after 'along'; found the end of the file\n"
        "  concat along\n"
        "              ^\n"
        "  hint: write 'concat along 1 with enc1'\n");
  CHECK(errors("concat along with a") ==
        "m.dsl:1:14: error: expected an axis after 'along'; found 'with'\n"
        "  concat along with a\n"
        "               ^~~~\n"
        "  hint: write 'concat along 1 with enc1'\n");
  CHECK(errors("concat along 1 a") ==
        "m.dsl:1:16: error: expected 'with' after '1'; found 'a'\n"
        "  concat along 1 a\n"
        "                 ^\n"
        "  hint: write 'concat along 1 with enc1'\n");
  CHECK(errors("concat along 1 { branch { } }") ==
        "m.dsl:1:16: error: expected 'with' after '1'; found '{'\n"
        "  concat along 1 { branch { } }\n"
        "                 ^\n"
        "  hint: write 'concat along 1 with enc1'\n");
  CHECK(errors("concat along 1 with") ==
        "m.dsl:1:20: error: expected a tensor's name after 'with'; found the end of the file\n"
        "  concat along 1 with\n"
        "                     ^\n"
        "  hint: write 'concat with enc1'\n");
  CHECK(errors("matmul a") ==
        "m.dsl:1:8: error: expected 'with' after 'matmul'; found 'a'\n"
        "  matmul a\n"
        "         ^\n"
        "  hint: write 'matmul with enc1'\n");
  CHECK(errors("grid_sample mode nearest") ==
        "m.dsl:1:25: error: expected 'with' after 'nearest'; found the end of the file\n"
        "  grid_sample mode nearest\n"
        "                          ^\n"
        "  hint: write 'grid_sample with grid'\n");
}

TEST_CASE("a concat has branches and nothing else in its braces") {
  CHECK(errors("concat") ==
        "m.dsl:1:7: error: expected 'with', 'as' or '{' after 'concat'; found the end of the file\n"
        "  concat\n"
        "        ^\n"
        "  hint: write 'concat with enc1' or 'concat { branch { … } branch { … } }'\n");
  CHECK(errors("concat { }") ==
        "m.dsl:1:1: error: a 'concat' has at least one branch\n"
        "  concat { }\n"
        "  ^~~~~~\n"
        "  hint: write 'concat { branch { … } branch { … } }'\n");
  CHECK(errors("concat { relu }") ==
        "m.dsl:1:10: error: expected 'branch' after '{'; found 'relu'\n"
        "  concat { relu }\n"
        "           ^~~~\n"
        "  hint: a 'concat' joins branches: 'concat { branch { … } branch { … } }'\n");
  CHECK(errors("concat { branch }") ==
        "m.dsl:1:17: error: expected '{' after 'branch'; found '}'\n"
        "  concat { branch }\n"
        "                  ^\n");
  CHECK(errors("concat { branch a { } }") ==
        "m.dsl:1:17: error: expected '{' after 'branch'; found 'a'\n"
        "  concat { branch a { } }\n"
        "                  ^\n"
        "  hint: a branch has no name; name the statements in it\n");
  CHECK(errors("concat { branch { } relu }") ==
        "m.dsl:1:21: error: expected the end of the statement after '}'; found 'relu'\n"
        "  concat { branch { } relu }\n"
        "                      ^~~~\n"
        "  hint: statements are separated by line ends or ';'\n");
  CHECK(errors("concat as a { branch { } } as b") ==
        "m.dsl:1:28: error: this statement is named 'a' already\n"
        "  concat as a { branch { } } as b\n"
        "                             ^~\n");
  CHECK(errors("branch { }") ==
        "m.dsl:1:1: error: 'branch' stands inside the braces of a 'concat'\n"
        "  branch { }\n"
        "  ^~~~~~\n"
        "  hint: write 'concat { branch { … } branch { … } }'\n");
}

TEST_CASE("a residual has a body, and a shortcut after it") {
  CHECK(errors("shortcut project") ==
        "m.dsl:1:1: error: 'shortcut' stands after the body of a 'residual'\n"
        "  shortcut project\n"
        "  ^~~~~~~~\n"
        "  hint: write 'residual { … } shortcut { … }' or 'residual { … } shortcut project'\n");
  CHECK(errors("residual") ==
        "m.dsl:1:9: error: expected '{' after 'residual'; found the end of the file\n"
        "  residual\n"
        "          ^\n");
  CHECK(errors("residual { } shortcut") ==
        "m.dsl:1:22: error: expected 'project', 'as' or '{' after 'shortcut'; found the end of the file\n"
        "  residual { } shortcut\n"
        "                       ^\n"
        "  hint: write 'shortcut project' or 'shortcut { conv 64 1x1 }'\n");
  CHECK(errors("residual { } relu") ==
        "m.dsl:1:14: error: expected the end of the statement after '}'; found 'relu'\n"
        "  residual { } relu\n"
        "               ^~~~\n"
        "  hint: statements are separated by line ends or ';'\n");
  CHECK(errors("residual as a { } as b") ==
        "m.dsl:1:19: error: this statement is named 'a' already\n"
        "  residual as a { } as b\n"
        "                    ^~\n");
}

TEST_CASE("a gate has a body and one name") {
  CHECK(errors("gate") ==
        "m.dsl:1:5: error: expected '{' after 'gate'; found the end of the file\n"
        "  gate\n"
        "      ^\n");
  CHECK(errors("gate as a { } as b") ==
        "m.dsl:1:15: error: this statement is named 'a' already\n"
        "  gate as a { } as b\n"
        "                ^~\n");
  CHECK(errors("multiply enc1") ==
        "m.dsl:1:10: error: expected 'with' after 'multiply'; found 'enc1'\n"
        "  multiply enc1\n"
        "           ^~~~\n"
        "  hint: write 'multiply with enc1'; the product with the tensor before is a 'gate { }'\n");
}

TEST_CASE("a repeat has a count and no name") {
  CHECK(errors("repeat { }") ==
        "m.dsl:1:8: error: expected a number of times after 'repeat'; found '{'\n"
        "  repeat { }\n"
        "         ^\n"
        "  hint: write 'repeat 2 { }'\n");
  CHECK(errors("repeat 2") ==
        "m.dsl:1:9: error: expected '{' after '2'; found the end of the file\n"
        "  repeat 2\n"
        "          ^\n");
  CHECK(errors("repeat 2 { } as a") ==
        "m.dsl:1:14: error: 'repeat' opens no scope and takes no name\n"
        "  repeat 2 { } as a\n"
        "               ^~\n"
        "  hint: put it into 'group NAME { }'\n");
}

TEST_CASE("a group has its name, if any, after the word") {
  CHECK(errors("group a { } as b") ==
        "m.dsl:1:13: error: a group's name stands after the word 'group'\n"
        "  group a { } as b\n"
        "              ^~\n"
        "  hint: write 'group NAME { }'\n");
  CHECK(errors("group as { }") ==
        "m.dsl:1:7: error: expected the group's name or '{' after 'group'; found 'as'\n"
        "  group as { }\n"
        "        ^~\n"
        "  hint: write 'group features { }'\n");
}

TEST_CASE("a block is defined at the top level with plain parameters") {
  CHECK(errors("block") ==
        "m.dsl:1:6: error: expected a name after 'block'; found the end of the file\n"
        "  block\n"
        "       ^\n"
        "  hint: write 'block basic(channels) { }'\n");
  CHECK(errors("block repeat { }") ==
        "m.dsl:1:7: error: 'repeat' is a word of the language and names no block\n"
        "  block repeat { }\n"
        "        ^~~~~~\n");
  CHECK(errors("group a { block b { } }") ==
        "m.dsl:1:11: error: 'block' is a definition: it stands at the top level, not inside a body\n"
        "  group a { block b { } }\n"
        "            ^~~~~\n"
        "  hint: move it above the statement that encloses it\n");
  CHECK(errors("block a(") ==
        "m.dsl:1:9: error: expected a parameter's name after '('; found the end of the file\n"
        "  block a(\n"
        "          ^\n");
  CHECK(errors("block a(b c) { }") ==
        "m.dsl:1:11: error: expected ',' or ')' after 'b'; found 'c'\n"
        "  block a(b c) { }\n"
        "            ^\n");
  CHECK(errors("block a(3) { }") ==
        "m.dsl:1:9: error: expected a parameter's name after '('; found '3'\n"
        "  block a(3) { }\n"
        "          ^\n");
  CHECK(errors("block a(b = ) { }") ==
        "m.dsl:1:13: error: expected a number, a name or '(' after '='; found ')'\n"
        "  block a(b = ) { }\n"
        "              ^\n");
}

TEST_CASE("a call has its arguments by place first") {
  CHECK(errors("basic(64") ==
        "m.dsl:1:9: error: expected ',' or ')' after '64'; found the end of the file\n"
        "  basic(64\n"
        "          ^\n");
  CHECK(errors("basic(stride = 2, 64)") ==
        "m.dsl:1:19: error: an argument without a name stands after one with a name\n"
        "  basic(stride = 2, 64)\n"
        "                    ^~\n"
        "  hint: arguments by place come first: 'basic(64, stride = 2)'\n");
  CHECK(errors("basic (64, stride = 2)") ==
        "m.dsl:1:10: error: expected ')' after '64'; found ','\n"
        "  basic (64, stride = 2)\n"
        "           ^\n"
        "  hint: a block is called without a space: 'basic(64, stride = 2)'\n");
  CHECK(errors("conv(64, 3x3)") ==
        "m.dsl:1:11: error: sizes joined by 'x' cannot be handed to a block: its parameters are integers\n"
        "  conv(64, 3x3)\n"
        "            ^\n"
        "  hint: a layer is written without parentheses: 'conv 64 3x3'\n");
  CHECK(errors("basic(64) 3") ==
        "m.dsl:1:11: error: expected the end of the statement after ')'; found '3'\n"
        "  basic(64) 3\n"
        "            ^\n");
}

TEST_CASE("a layer takes no body; the word that was meant is named") {
  CHECK(errors("resdual { relu }") ==
        "m.dsl:1:1: error: 'resdual' takes no body; did you mean 'residual'?\n"
        "  resdual { relu }\n"
        "  ^~~~~~~\n");
  CHECK(errors("grop a { relu }") ==
        "m.dsl:1:1: error: 'grop' takes no body; did you mean 'group'?\n"
        "  grop a { relu }\n"
        "  ^~~~\n");
  CHECK(errors("basic(64) { }") ==
        "m.dsl:1:1: error: 'basic' takes no body\n"
        "  basic(64) { }\n"
        "  ^~~~~\n");
}

TEST_CASE("arguments of a layer are separated by spaces alone") {
  CHECK(errors("conv 64, 3x3") ==
        "m.dsl:1:8: error: expected the end of the statement after '64'; found ','\n"
        "  conv 64, 3x3\n"
        "         ^\n"
        "  hint: the arguments of a layer are separated by spaces: 'conv 64 3x3'\n");
  CHECK(errors("conv 64 stride=2") ==
        "m.dsl:1:15: error: expected the end of the statement after 'stride'; found '='\n"
        "  conv 64 stride=2\n"
        "                ^\n"
        "  hint: a layer's keywords take their value without '=': 'stride 2'\n");
  CHECK(errors("conv 64 )") ==
        "m.dsl:1:9: error: expected the end of the statement after '64'; found ')'\n"
        "  conv 64 )\n"
        "          ^\n");
  CHECK(errors("conv (64") ==
        "m.dsl:1:9: error: expected ')' after '64'; found the end of the file\n"
        "  conv (64\n"
        "          ^\n");
  CHECK(errors("conv 2*") ==
        "m.dsl:1:8: error: expected a number, a name or '(' after '*'; found the end of the file\n"
        "  conv 2*\n"
        "         ^\n");
  CHECK(errors("conv * 2") ==
        "m.dsl:1:6: error: expected the end of the statement after 'conv'; found '*'\n"
        "  conv * 2\n"
        "       ^\n");
  CHECK(errors("conv 64 // first") ==
        "m.dsl:1:10: error: expected a number, a name or '(' after '/'; found '/'\n"
        "  conv 64 // first\n"
        "           ^\n"
        "  hint: a comment begins with '#'\n");
  CHECK(errors("// first") ==
        "m.dsl:1:1: error: expected a statement; found '/'\n"
        "  // first\n"
        "  ^\n"
        "  hint: a comment begins with '#'\n");
}

TEST_CASE("sizes take no part in arithmetic") {
  CHECK(errors("conv 2*3x3") ==
        "m.dsl:1:6: error: sizes joined by 'x' take no part in arithmetic\n"
        "  conv 2*3x3\n"
        "       ^~~\n"
        "  hint: compute each size on its own: '(2*k)x(k + 1)'\n");
  CHECK(errors("conv 3x3 + 1") ==
        "m.dsl:1:6: error: sizes joined by 'x' take no part in arithmetic\n"
        "  conv 3x3 + 1\n"
        "       ^~~~~\n"
        "  hint: compute each size on its own: '(2*k)x(k + 1)'\n");
  CHECK(errors("conv 3x1.5") ==
        "m.dsl:1:8: error: a size is an integer; found '1.5'\n"
        "  conv 3x1.5\n"
        "         ^~~\n");
  CHECK(errors("conv a.b") ==
        "m.dsl:1:6: error: expected a number or a name without dots after 'conv'; found 'a.b'\n"
        "  conv a.b\n"
        "       ^~~\n");
}

TEST_CASE("a name is plain and stands at its statement's end") {
  CHECK(errors("conv as") ==
        "m.dsl:1:8: error: expected a name after 'as'; found the end of the file\n"
        "  conv as\n"
        "         ^\n"
        "  hint: write 'as conv1'\n");
  CHECK(errors("relu as 3") ==
        "m.dsl:1:9: error: expected a name after 'as'; found '3'\n"
        "  relu as 3\n"
        "          ^\n"
        "  hint: write 'as conv1'\n");
  CHECK(errors("relu as a b") ==
        "m.dsl:1:11: error: expected the end of the statement after 'a'; found 'b'\n"
        "  relu as a b\n"
        "            ^\n"
        "  hint: statements are separated by line ends or ';'\n");
  CHECK(errors("as a") ==
        "m.dsl:1:1: error: 'as' stands after the statement that it names, on its line\n"
        "  as a\n"
        "  ^~\n");
}

TEST_CASE("braces stand on the line of their statement, in pairs") {
  CHECK(errors("{ relu }") ==
        "m.dsl:1:1: error: '{' must stand on the line of its statement\n"
        "  { relu }\n"
        "  ^\n"
        "  hint: write it after the statement's last word\n");
  CHECK(errors("group a\n{\nrelu\n}") ==
        "m.dsl:2:1: error: '{' must stand on the line of its statement\n"
        "  {\n"
        "  ^\n"
        "  hint: write it after the statement's last word\n");
  CHECK(errors("}") ==
        "m.dsl:1:1: error: '}' closes nothing: no '{' is open\n"
        "  }\n"
        "  ^\n");
  CHECK(errors("group a {\ngroup b { relu") ==
        "m.dsl:2:9: error: '{' is not closed: no '}' belongs to it\n"
        "  group b { relu\n"
        "          ^\n");
}

TEST_CASE("a statement begins with a word") {
  CHECK(errors("64 3x3") ==
        "m.dsl:1:1: error: expected a statement; found '64'\n"
        "  64 3x3\n"
        "  ^~\n"
        "  hint: a statement begins with a word: 'conv 64 3x3'\n");
}

TEST_CASE("numbers and sizes are well-formed and within their range") {
  CHECK(errors("conv 5y5") ==
        "m.dsl:1:6: error: '5y5' is no number\n"
        "  conv 5y5\n"
        "       ^~~\n"
        "  hint: sizes are written '3x3'; a name begins with a letter\n");
  CHECK(errors("conv 3X3") ==
        "m.dsl:1:6: error: '3X3' is no number\n"
        "  conv 3X3\n"
        "       ^~~\n"
        "  hint: sizes are written with a small 'x': '3x3'\n");
  CHECK(errors("conv 3xk") ==
        "m.dsl:1:6: error: '3xk' is no number\n"
        "  conv 3xk\n"
        "       ^~~\n"
        "  hint: a size that is no number stands in parentheses: '3x(k)'\n");
  CHECK(errors("conv (k)xk") ==
        "m.dsl:1:9: error: 'xk' stands directly after ')'\n"
        "  conv (k)xk\n"
        "          ^~\n"
        "  hint: arguments are separated by spaces; sizes that are no numbers are written '(h)x(w)'\n");
  CHECK(errors("dropout 1.") ==
        "m.dsl:1:9: error: '1.' is no number\n"
        "  dropout 1.\n"
        "          ^~\n"
        "  hint: a real has digits on both sides of its point: '1.0'\n");
  CHECK(errors("dropout .5") ==
        "m.dsl:1:9: error: '.' has no meaning in a network text\n"
        "  dropout .5\n"
        "          ^\n"
        "  hint: a real has digits on both sides of its point: '0.5'\n");
  CHECK(errors("dropout 1.0e999") ==
        "m.dsl:1:9: error: '1.0e999' is out of the range of a real\n"
        "  dropout 1.0e999\n"
        "          ^~~~~~~\n"
        "  hint: a real is a double of IEEE 754: 2.2e-308 to 1.7e308, or 0.0\n");
  CHECK(errors("conv 2147483648") ==
        "m.dsl:1:6: error: '2147483648' is too large; an integer is at most 2147483647\n"
        "  conv 2147483648\n"
        "       ^~~~~~~~~~\n");
  CHECK(errors("conv 99999999999999999999999999999999999999999999999999999") ==
        "m.dsl:1:6: error: '9999999999999999999999999999999999999999…' is too large; an integer is at most "
        "2147483647\n"
        "  conv 99999999999999999999999999999999999999999999999999999\n"
        "       ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
}

TEST_CASE("a path is made of names and numbers") {
  CHECK(errors("from a.") ==
        "m.dsl:1:6: error: 'a.' is no path of names\n"
        "  from a.\n"
        "       ^~\n"
        "  hint: a path is names and numbers joined by dots: 'layer1.0.conv1'\n");
  CHECK(errors("from a.3x") ==
        "m.dsl:1:6: error: 'a.3x' is no path of names\n"
        "  from a.3x\n"
        "       ^~~~\n"
        "  hint: a path is names and numbers joined by dots: 'layer1.0.conv1'\n");
}

TEST_CASE("what no network text contains is named, once a word, with what to write instead") {
  CHECK(errors("conv \"a\"") ==
        "m.dsl:1:6: error: '\"' has no meaning in a network text\n"
        "  conv \"a\"\n"
        "       ^\n"
        "  hint: names are written without quotation marks\n"
        "m.dsl:1:8: error: '\"' has no meaning in a network text\n"
        "  conv \"a\"\n"
        "         ^\n"
        "  hint: names are written without quotation marks\n");
  CHECK(errors("conv [3, 3]") ==
        "m.dsl:1:6: error: '[' has no meaning in a network text\n"
        "  conv [3, 3]\n"
        "       ^\n"
        "  hint: arguments stand in '( )', bodies in '{ }'\n"
        "m.dsl:1:11: error: ']' has no meaning in a network text\n"
        "  conv [3, 3]\n"
        "            ^\n"
        "  hint: arguments stand in '( )', bodies in '{ }'\n");
  CHECK(errors("conv \\") ==
        "m.dsl:1:6: error: '\\' has no meaning in a network text\n"
        "  conv \\\n"
        "       ^\n"
        "  hint: a statement ends with its line; there is no continuation\n");
  CHECK(errors("conv 3×3") ==
        "m.dsl:1:7: error: '×' (U+00D7) cannot stand outside a comment\n"
        "  conv 3×3\n"
        "        ^\n"
        "  hint: between sizes, write the letter x: '3x3'\n");
  CHECK(errors("conv “same” –1") ==
        "m.dsl:1:6: error: '“' (U+201C) cannot stand outside a comment\n"
        "  conv “same” –1\n"
        "       ^\n"
        "  hint: names are written without quotation marks\n"
        "m.dsl:1:13: error: '”' (U+201D) cannot stand outside a comment\n"
        "  conv “same” –1\n"
        "            ^\n"
        "  hint: names are written without quotation marks\n"
        "m.dsl:1:17: error: '–' (U+2013) cannot stand outside a comment\n"
        "  conv “same” –1\n"
        "              ^\n"
        "  hint: write '-'\n");
  CHECK(errors("conv café") ==
        "m.dsl:1:9: error: 'é' (U+00E9) cannot stand outside a comment\n"
        "  conv café\n"
        "          ^\n"
        "  hint: names are made of the letters a to z, digits and '_'\n");
  CHECK(errors("pad: 1") ==
        "m.dsl:1:4: error: ':' has no meaning in a network text\n"
        "  pad: 1\n"
        "     ^\n");
}
