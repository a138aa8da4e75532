#include "support/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace cnnc {

int processors() {
  cpu_set_t set;  // of 1024: where there are more, it is not filled
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void in_parallel(int64_t count, const std::function<void(int64_t)>& work) {
  std::atomic<int64_t> next{0};
  const auto take_parts = [&] {
    for (int64_t part; (part = next++) < count;) work(part);
  };
  const int64_t threads = std::min<int64_t>(count, processors());
  std::vector<std::future<void>> others;  // each ends in its destructor
  for (int64_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, take_parts));
  take_parts();
  for (std::future<void>& other : others) other.get();
}

}  // namespace cnnc
