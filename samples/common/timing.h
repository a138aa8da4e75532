// How long a network takes.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <vector>

// Calls call(i) for each i below `count`, each timed on its own, and prints the median. Calls before should
// have warmed the caches up.
template <typename Call>
void print_time(size_t count, Call call) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> microseconds;
  for (size_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    call(i);
    microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(microseconds.begin(), microseconds.end());
  std::printf("time      %.1f µs an image (median of %zu calls; the fastest %.1f µs), one thread\n",
              microseconds[count / 2], count, microseconds.front());
}
