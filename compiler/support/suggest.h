// Words in messages: the candidate nearest to a misspelt one; all that there are.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// The candidate with the smallest edit distance (insertions, deletions, substitutions, swaps of neighbours;
// capital and small letters are the same) to the word, if it is at most a third of the word's length (at
// least 1) and less than that length; else "". Ties: the first. Words of more than 64 bytes have none.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'conv'?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// "a, b or c"; of at least one.
std::string one_of(const std::vector<std::string>& words);

}  // namespace cnnc
