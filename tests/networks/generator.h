// Random networks for tests, and the smallest part of one that still fails.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cnnc {

// The lines of a network's text.
using Lines = std::vector<std::string>;

// A valid network of 1 to 18 operators, which depends on the seed alone. Its tensors are small, of sizes that
// kernels find awkward: one channel, row or column, primes, vector widths and their neighbours. All operators
// take turns: of 48 seeds that follow each other every third one suffices to have each of them.
Lines random_network(uint64_t seed);

// The lines with a clip in front of each operator whose result may be no finite number, or one that is beyond
// reason, so that it is one. What an infinity becomes behind such an operator is not promised.
Lines with_moderate_arguments(const Lines& lines);

// The lines without those that can go while `fails` still holds: at the end no single one can. `fails` is
// asked for texts that are not valid, too.
Lines minimise(Lines lines, const std::function<bool(const Lines&)>& fails);

std::string joined(const Lines& lines);

}  // namespace cnnc
