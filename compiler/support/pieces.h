// Files of lines and words, in pieces that know where in the source they stand. What follows a # on a line
// counts for nothing.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/source.h"

namespace cnnc {

// A piece of a source's text.
struct Piece {
  std::string_view text;
  Span where;
};

// What is wrong with a line: thrown by who reads it, and reported by who reads the file.
struct Fault {
  Span where;
  std::string message, hint;
};

struct Line {
  Piece piece;
  uint32_t number = 0;  // from 1
};

// The lines that have something on them, without comments and without blanks around them.
std::vector<Line> lines_of(const Source& source);

// Between separators, without blanks around; at least one.
std::vector<Piece> split(const Piece& piece, char separator);

// What stands between blanks.
std::vector<Piece> words_of(const Piece& piece);

// As it may stand in a message: in quotes, cut where it is long; "nothing" where it is empty.
std::string quoted(const Piece& piece);

// The whole number of that range; throws Fault: "`what` is a whole number from 0 to 9; found 'x'".
int64_t whole_number(const Piece& word, const std::string& what, int64_t least, int64_t most);

}  // namespace cnnc
