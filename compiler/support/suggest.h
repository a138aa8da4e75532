// "did you mean": the candidate nearest to a misspelt word.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// The candidate with the smallest edit distance (insertions, deletions, substitutions, swaps of neighbours) to the
// word, if it is at most a third of the word's length (at least 1); else "". Ties: the first.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'conv'?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace cnnc
