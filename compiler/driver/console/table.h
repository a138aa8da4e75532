// Text in columns.
#pragma once
#include <string>
#include <vector>

namespace cnnc {

using Row = std::vector<std::string>;

// The rows, the first of them the heads, with two spaces between columns. `alignment` has a letter for each
// column: 'l' or 'r'.
std::string table(const std::vector<Row>& rows, const std::string& alignment);

// The same in lines of at most `width` characters as far as its first two columns allow that: what is too
// long in the second goes on in further lines, at a space where there is one, and a name that leaves the
// second too little room has a line of its own.
std::string table_within(size_t width, const std::vector<Row>& rows, const std::string& alignment);

// Lines of at most 100 characters: the text behind so many spaces and a head, and below it what does not fit,
// two characters further in or behind the head.
std::string indented(size_t spaces, const std::string& text);
std::string indented(size_t spaces, const std::string& head, const std::string& text);

}  // namespace cnnc
