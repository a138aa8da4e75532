#include "command/replay.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace cnnc {
namespace {

constexpr const char* kMark = "=== ";
constexpr const char* kNoLineBreak = "\\ no line break\n";

// "=== file model.dsl" and the lines below it; the first one, with an empty kind, is what stands above all
// marks.
struct Section {
  std::string kind, argument, body;
};

bool begins_with(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

std::vector<Section> sections_of(const std::string& text) {
  std::vector<Section> sections(1);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!begins_with(line, kMark)) {
      sections.back().body += line + "\n";
      continue;
    }
    const std::string head = line.substr(std::string(kMark).size());
    const size_t space = std::min(head.find(' '), head.size());
    sections.push_back({head.substr(0, space), head.substr(std::min(space + 1, head.size())), ""});
  }
  return sections;
}

std::string section(const std::string& head, const std::string& body) {
  return kMark + head + "\n" + body;
}

// One that is empty is left out.
std::string output_section(const std::string& head, const std::string& output) {
  if (output.empty()) return "";
  return section(head, output.back() == '\n' ? output : output + "\n" + kNoLineBreak);
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// What AddressSanitizer itself says of a program that it was built into, and that runs coroutines.
std::string without_sanitizer_notice(std::string output) {
  const std::string notice =
      "WARNING: ASan doesn't fully support makecontext/swapcontext functions and may produce false positives "
      "in some cases!\n";
  for (size_t at; (at = output.find(notice)) != std::string::npos;) {
    const size_t begin = at == 0 ? 0 : output.rfind('\n', at - 1) + 1;  // "==1234==" stands before it
    output.erase(begin, at + notice.size() - begin);
  }
  return output;
}

std::string run_section(const std::string& command, const std::string& folder, const std::string& bin) {
  const std::string out = folder + ".stdout", err = folder + ".stderr";
  const std::string line =
      fmt::format("cd {} && PATH={}:\"$PATH\" CNNC_CACHE={} sh -c {} </dev/null >{} 2>{}", quoted(folder),
                  quoted(bin), quoted(folder + ".cache"), quoted(command), quoted(out), quoted(err));
  const int status = std::system(line.c_str());
  const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return section("run " + command, "") + (exit_code ? section(fmt::format("exit {}", exit_code), "") : "") +
         output_section("stdout", read_file(out)) +
         output_section("stderr", without_sanitizer_notice(read_file(err)));
}

}  // namespace

std::string replay(const std::string& text, const std::string& folder, const std::string& bin) {
  std::string result;
  for (const Section& s : sections_of(text)) {
    if (s.kind.empty()) result += s.body;
    if (s.kind == "file") {
      write_file(folder + "/" + s.argument, s.body);
      result += section("file " + s.argument, s.body);
    }
    if (s.kind == "run") result += run_section(s.argument, folder, bin);
    const bool expected = s.kind == "exit" || s.kind == "stdout" || s.kind == "stderr";
    if (!expected && !s.kind.empty() && s.kind != "file" && s.kind != "run")
      throw std::runtime_error(fmt::format("a case has no '=== {}'", s.kind));
  }
  return result;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace cnnc
