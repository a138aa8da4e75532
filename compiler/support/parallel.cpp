#include "support/parallel.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace cnnc {

void in_parallel(int64_t count, const std::function<void(int64_t)>& work) {
  std::atomic<int64_t> next{0};
  const auto take_parts = [&] {
    for (int64_t part; (part = next++) < count;) work(part);
  };
  const int64_t threads = std::min<int64_t>(count, std::thread::hardware_concurrency());
  std::vector<std::future<void>> others;  // each ends in its destructor
  for (int64_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, take_parts));
  take_parts();
  for (std::future<void>& other : others) other.get();
}

}  // namespace cnnc
