#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/atomic_file.h"
#include "support/checked.h"
#include "support/diagnostics.h"
#include "support/parallel.h"
#include "support/shell.h"
#include "support/source.h"
#include "support/suggest.h"
#include "support/utf8.h"

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

// A fresh folder, removed with all that is in it.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "cnnc-test-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(path)) result.push_back(entry.path().filename());
    return result;
  }
};

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string message_of(const std::vector<std::pair<std::string, Content>>& files) {
  try {
    write_files_atomically(files);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

// One error with its place, as it is shown.
std::string shown(const std::string& text, Span where, const std::string& hint = "") {
  Diagnostics diagnostics;
  diagnostics.error(where, "wrong", hint);
  return render(diagnostics, {"m.dsl", text}, false);
}

// A child that runs `action` and then waits for a signal. Signals have their default action in it, not
// doctest's, before this returns.
template <class Action>
pid_t start_child(Action action) {
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    for (int s : {SIGINT, SIGTERM, SIGHUP}) signal(s, SIG_DFL);
    if (write(ready[1], "r", 1) != 1) _exit(1);
    action();
    for (;;) pause();
  }
  char byte;
  CHECK(read(ready[0], &byte, 1) == 1);
  close(ready[0]);
  close(ready[1]);
  return child;
}

// The status with which a signal ends it.
int end_child(pid_t child, int signal) {
  kill(child, signal);
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("a position counts lines and bytes from one") {
  const Source source{"m", "ab\ncd\r\n\ne"};
  const auto at = [&](uint32_t offset) {
    const Position p = position_of(source, offset);
    return std::make_pair(p.line, p.column);
  };
  CHECK(at(0) == std::make_pair(1u, 1u));
  CHECK(at(2) == std::make_pair(1u, 3u));
  CHECK(at(3) == std::make_pair(2u, 1u));
  CHECK(at(7) == std::make_pair(3u, 1u));
  CHECK(at(8) == std::make_pair(4u, 1u));
  CHECK(at(9) == std::make_pair(4u, 2u));
  CHECK(at(1000) == std::make_pair(4u, 2u));
}

TEST_CASE("a line's text is without its line break, of either kind") {
  const Source source{"m", "ab\ncd\r\n\ne"};
  CHECK(line_text(source, 1) == "ab");
  CHECK(line_text(source, 2) == "cd");
  CHECK(line_text(source, 3) == "");
  CHECK(line_text(source, 4) == "e");
  CHECK(line_text(source, 5) == "");
}

TEST_CASE("joined spans hold both") {
  const Span s = join({5, 7}, {2, 6});
  CHECK(s.begin == 2);
  CHECK(s.end == 7);
}

TEST_CASE("arithmetic that leaves 64 bits has no result") {
  CHECK(checked_add(INT64_MAX - 1, 1) == INT64_MAX);
  CHECK_FALSE(checked_add(INT64_MAX, 1));
  CHECK_FALSE(checked_subtract(INT64_MIN, 1));
  CHECK_FALSE(checked_multiply(int64_t{1} << 32, int64_t{1} << 31));
  CHECK(checked_multiply(int64_t{1} << 31, int64_t{1} << 31) == int64_t{1} << 62);
}

TEST_CASE("only well-formed UTF-8 is a character") {
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("×b") == 2);
  CHECK(utf8_length("…") == 3);
  CHECK(utf8_length("\U0001f600") == 4);
  CHECK(utf8_code_point("\U0001f600") == 0x1f600);
  CHECK(utf8_code_point("×") == 0xd7);
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("\x80") == 0);              // a byte of the middle
  CHECK(utf8_length("\xe2\x80") == 0);          // cut off
  CHECK(utf8_length("\xc0\x80") == 0);          // overlong
  CHECK(utf8_length("\xe0\x80\x80") == 0);      // overlong
  CHECK(utf8_length("\xed\xa0\x80") == 0);      // a surrogate
  CHECK(utf8_length("\xf4\x90\x80\x80") == 0);  // over U+10FFFF
}

TEST_CASE("the nearest word is at most a third of its length away") {
  const std::vector<std::string> words = {"conv", "relu", "maxpool", "avgpool", "batchnorm"};
  CHECK(nearest("cnov", words) == "conv");  // a swap is one edit
  CHECK(nearest("con", words) == "conv");
  CHECK(nearest("convv", words) == "conv");
  CHECK(nearest("cov2", words) == "");
  CHECK(nearest("ReLU", words) == "relu");
  CHECK(nearest("MaxPool2d", words) == "maxpool");
  CHECK(nearest("batchnrom", words) == "batchnorm");
  CHECK(nearest("xxxpool", words) == "maxpool");  // two edits, of seven letters
  CHECK(nearest("xxxpoll", words) == "");
  CHECK(nearest("", words) == "");
  CHECK(nearest("k", {"c", "h"}) == "");  // nothing in common
  CHECK(nearest("ab", {"ac", "ad"}) == "ac");
  CHECK(nearest(std::string(1'000'000, 'a'), {std::string(1'000'000, 'b')}) == "");
  CHECK(did_you_mean("cnov", words) == "; did you mean 'conv'?");
  CHECK(did_you_mean("dense", words) == "");
}

TEST_CASE("of several words the last stands behind an 'or'") {
  CHECK(one_of({"a"}) == "a");
  CHECK(one_of({"a", "b"}) == "a or b");
  CHECK(one_of({"a", "b", "c"}) == "a, b or c");
}

TEST_CASE("an error shows its line, a caret under its words, and its hint") {
  CHECK(shown("relu\nconv 6 5y5\n", {12, 15}, "write '5x5'") ==
        "m.dsl:2:8: error: wrong\n"
        "  conv 6 5y5\n"
        "         ^~~\n"
        "  hint: write '5x5'\n");
}

TEST_CASE("a caret stands behind the last word where something is missing") {
  CHECK(shown("group\n", {5, 5}) == "m.dsl:1:6: error: wrong\n  group\n       ^\n");
  CHECK(shown("", {0, 0}) == "m.dsl:1:1: error: wrong\n  \n  ^\n");
  CHECK(shown("group", {900, 901}) == "m.dsl:1:6: error: wrong\n  group\n       ^\n");
}

TEST_CASE("tabs stand before the caret as in the line") {
  CHECK(shown("\tconv\tx\n", {6, 7}) == "m.dsl:1:7: error: wrong\n  \tconv\tx\n  \t    \t^\n");
}

TEST_CASE("a span of several lines is marked on its first") {
  CHECK(shown("ab cd\nef\n", {3, 8}) == "m.dsl:1:4: error: wrong\n  ab cd\n     ^~\n");
}

TEST_CASE("characters before the caret count once, however many bytes they have") {
  CHECK(shown("×× a\n", {5, 6}) == "m.dsl:1:6: error: wrong\n  ×× a\n     ^\n");
}

TEST_CASE("what would control a terminal is not shown") {
  CHECK(shown("a # \x1b[31m\xff\xc2\x9b", {0, 1}) == "m.dsl:1:1: error: wrong\n  a # ?[31m??\n  ^\n");
}

TEST_CASE("a message with a file's words in it cannot control a terminal, and keeps its lines") {
  Diagnostics diagnostics;
  diagnostics.error_in_file("m.onnx", "\x1b[31mé\xff\nx", "\x07");
  CHECK(render(diagnostics, {"m.dsl", ""}, false) == "m.onnx: error: ?[31mé?\nx\n  hint: ?\n");
}

TEST_CASE("a long line is cut around its caret") {
  const std::string line = std::string(300, 'a') + " here " + std::string(300, 'b');
  const std::string text = shown(line, {301, 305});
  CHECK(text == "m.dsl:1:302: error: wrong\n  …" + std::string(54, 'a') + " here " + std::string(50, 'b') +
                    "…\n  " + std::string(56, ' ') + "^~~~\n");
  CHECK(shown(line, {0, 2}) == "m.dsl:1:1: error: wrong\n  " + std::string(110, 'a') + "…\n  ^~\n");
  CHECK(shown(line, {606, 606}) ==
        "m.dsl:1:607: error: wrong\n  …" + std::string(110, 'b') + "\n  " + std::string(111, ' ') + "^\n");
  CHECK(shown(std::string(1'000'000, '\x80'), {500'000, 500'001}).size() < 1000);
}

TEST_CASE("errors are shown in the order of their places, those of other files last") {
  Diagnostics diagnostics;
  diagnostics.error_in_file("w.safetensors", "no header", "is it a safetensors file?");
  diagnostics.error({3, 4}, "second");
  diagnostics.error({0, 1}, "first");
  CHECK(render(diagnostics, {"m", "a\n b"}, false) ==
        "m:1:1: error: first\n  a\n  ^\n"
        "m:2:2: error: second\n   b\n   ^\n"
        "w.safetensors: error: no header\n  hint: is it a safetensors file?\n");
}

TEST_CASE("errors over the greatest number are only counted") {
  Diagnostics diagnostics;
  CHECK_FALSE(diagnostics.has_errors());
  const Source source{"m", std::string(100, ' ')};
  for (uint32_t i = 0; i <= Diagnostics::kMaxErrors; ++i) diagnostics.error({i, i}, "e");
  CHECK(diagnostics.all().size() == Diagnostics::kMaxErrors);
  CHECK(diagnostics.count() == Diagnostics::kMaxErrors + 1);
  std::string text = render(diagnostics, source, false);
  CHECK(text.substr(text.size() - 13) == "1 more error\n");
  diagnostics.error({50, 50}, "e");
  text = render(diagnostics, source, false);
  CHECK(text.substr(text.size() - 14) == "2 more errors\n");
}

TEST_CASE("the same error at the same place is one") {
  Diagnostics diagnostics;
  diagnostics.error({1, 2}, "e");
  diagnostics.error({1, 2}, "e");
  diagnostics.error({1, 2}, "f");
  diagnostics.error({1, 3}, "e");
  diagnostics.error_in_file("w", "e");
  diagnostics.error_in_file("w", "e");
  CHECK(diagnostics.count() == 4);
}

TEST_CASE("colours wrap the words and are all switched off again") {
  Diagnostics diagnostics;
  diagnostics.error({0, 1}, "wrong", "h");
  CHECK(render(diagnostics, {"m", "a"}, true) ==
        "\033[1mm:1:1: \033[1;31merror:\033[0m \033[1mwrong\033[0m\n"
        "  a\n  \033[1;32m^\033[0m\n"
        "  \033[1mhint:\033[0m h\n");
}

TEST_CASE("files are written, replaced and nothing else is left") {
  const Folder folder;
  write_files_atomically({{folder.file("a"), "one"}, {folder.file("b"), ""}});
  CHECK(content(folder.file("a")) == "one");
  CHECK(fs::file_size(folder.file("b")) == 0);
  write_files_atomically({{folder.file("a"), "two"}});
  CHECK(content(folder.file("a")) == "two");
  CHECK(folder.names().size() == 2);
}

TEST_CASE("a written file has the mode that the umask leaves") {
  const Folder folder;
  const mode_t old = umask(027);
  write_files_atomically({{folder.file("a"), "x"}});
  umask(old);
  struct stat status = {};
  REQUIRE(stat(folder.file("a").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("where one file cannot be written, all stay as they were") {
  const Folder folder;
  write_files_atomically({{folder.file("a"), "old"}});
  const std::string missing = folder.file("no/b");
  CHECK(message_of({{folder.file("a"), "new"}, {missing, "x"}}) ==
        "cannot write '" + missing + "': No such file or directory");
  CHECK(message_of({{folder.file("a"), "new"}, {folder.path.string(), "x"}}) ==
        "cannot write '" + folder.path.string() + "': Is a directory");
  CHECK(message_of({{folder.file("a"), "new"}, {"/dev/full", "x"}}) ==
        "cannot write '/dev/full': No space left on device");
  CHECK(content(folder.file("a")) == "old");
  CHECK(folder.names().size() == 1);
}

TEST_CASE("a link stays a link to the file that is written") {
  const Folder folder;
  write_files_atomically({{folder.file("target"), "old"}});
  fs::create_symlink("target", folder.file("link"));
  write_files_atomically({{folder.file("link"), "new"}});
  CHECK(fs::is_symlink(folder.file("link")));
  CHECK(content(folder.file("target")) == "new");
}

TEST_CASE("a device is written to, not replaced") {
  write_files_atomically({{"/dev/null", "x"}});
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("work in parallel is done once for each part, and what it throws arrives") {
  for (const int64_t count : {0, 1, 2, 1000}) {
    std::vector<int> done(static_cast<size_t>(count));
    in_parallel(count, [&](int64_t i) { ++done[static_cast<size_t>(i)]; });
    CHECK(done == std::vector<int>(static_cast<size_t>(count), 1));
  }
  const auto failing = [](int64_t i) {
    if (i == 17) throw std::runtime_error("part 17");
  };
  CHECK_THROWS_WITH_AS(in_parallel(100, failing), "part 17", std::runtime_error);
}

TEST_CASE("a file is written from pieces as they are made; where making them fails, the old one stays") {
  const Folder folder;
  const std::string path = folder.file("out");
  write_files_atomically({{path, ByteSource([](const ByteSink& take) {
                             take("ab", 2);
                             take("", 0);
                             take("c", 1);
                           })}});
  CHECK(content(path) == "abc");
  const ByteSource failing = [](const ByteSink& take) {
    take("new", 3);
    throw std::runtime_error("no more");
  };
  CHECK(message_of({{path, failing}}) == "no more");
  CHECK(content(path) == "abc");
  CHECK(folder.names().size() == 1);
}

TEST_CASE("an interrupted write leaves the old file or the new one, and no temporary") {
  const Folder folder;
  const std::string path = folder.file("out");
  const std::string old_content(4'000'000, 'a'), new_content(4'000'000, 'b');
  write_files_atomically({{path, old_content}});
  for (int milliseconds : {1, 3, 7, 15, 31}) {
    const pid_t child = start_child([&] {
      for (;;) write_files_atomically({{path, new_content}});
    });
    usleep(static_cast<useconds_t>(milliseconds) * 1000);
    end_child(child, SIGTERM);
    const std::string now = content(path);
    CHECK((now == old_content || now == new_content));
    // Killed in its first millisecond, the child may not have installed its handlers; then it has no file
    // either.
    CHECK(folder.names().size() == 1);
  }
}

TEST_CASE("a word of a command is quoted where a shell would take it otherwise") {
  CHECK(shell_word("nets/a-1.dsl") == "nets/a-1.dsl");
  CHECK(shell_word("x=3x224x224") == "x=3x224x224");
  CHECK(shell_word("a b;c.dsl") == "\"a b;c.dsl\"");
  CHECK(shell_word("a$b`c\"d\\") == "\"a\\$b\\`c\\\"d\\\\\"");
  CHECK(shell_word("") == "\"\"");
}
