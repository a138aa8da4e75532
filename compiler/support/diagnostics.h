// What is wrong with an input: collected by the stages, printed once by the driver.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "support/source.h"

namespace cnnc {

// One error. `where` is a range of the source; an error about another file (weights) has none and names the
// file in `file`. The message says what was found and what was expected; the hint, what to write instead.
struct Diagnostic {
  std::optional<Span> where;
  std::string file;
  std::string message;
  std::string hint;
};

// The errors of one run, in the order of their position once sorted. A stage adds to it and returns an empty
// optional when it cannot go on. After kMaxErrors further errors are only counted. The same message at the
// same place (a body that is expanded several times) is one error.
class Diagnostics {
 public:
  static constexpr size_t kMaxErrors = 20;

  void error(Span where, std::string message, std::string hint = "");
  void error_in_file(std::string file, std::string message, std::string hint = "");
  bool has_errors() const { return count_ > 0; }
  size_t count() const { return count_; }
  const std::vector<Diagnostic>& all() const { return diagnostics_; }

 private:
  void add(Diagnostic diagnostic);

  std::vector<Diagnostic> diagnostics_;
  size_t count_ = 0;
};

// The text that is shown to the user:
//   model.dsl:3:6: error: the message
//     conv 6 5y5
//            ^~~
//     hint: write …
// with `color`, ANSI colours for a terminal.
std::string render(const Diagnostics& diagnostics, const Source& source, bool color);

}  // namespace cnnc
