#include "driver/bench/bandwidth.h"

#include <unistd.h>

#include <algorithm>
#include <thread>

#include "driver/bench/clock.h"
#include "target/host.h"

namespace cnnc {
namespace {

constexpr double kSeconds = 0.1;  // for each size

struct alignas(64) Line {
  float floats[16] = {};
};

// Bytes a second of one thread.
double read_bandwidth(Isa isa, int64_t bytes) {
  const auto read = meters_of(isa).read;
  const std::vector<Line> memory(static_cast<size_t>(bytes) / sizeof(Line));
  const auto floats = static_cast<int64_t>(memory.size() * 16);
  const int64_t passes = std::max<int64_t>(1, (int64_t{8} << 20) / bytes);  // between looks at the clock
  read(memory.data()->floats, floats);
  double best = 0;
  const double end = now() + kSeconds;
  for (int reading = 0; reading < 3 || now() < end; ++reading) {
    const double begin = now();
    for (int64_t pass = 0; pass < passes; ++pass) read(memory.data()->floats, floats);
    best = std::max(best, static_cast<double>(passes * bytes) / (now() - begin));
  }
  return best;
}

double read_bandwidth(Isa isa, int64_t bytes, int threads) {
  std::vector<double> rates(static_cast<size_t>(threads));
  std::vector<std::thread> others;
  for (size_t i = 1; i < rates.size(); ++i)
    others.emplace_back([&, i] { rates[i] = read_bandwidth(isa, bytes); });
  double sum = read_bandwidth(isa, bytes);
  for (std::thread& other : others) other.join();
  for (const double rate : rates) sum += rate;
  return sum;
}

int64_t cache_bytes(int name, int64_t otherwise) {
  const int64_t bytes = sysconf(name);
  return bytes > 0 ? bytes : otherwise;
}

}  // namespace

std::vector<Bandwidth> read_bandwidths(Isa isa, int threads) {
  const int64_t l2 = cache_bytes(_SC_LEVEL2_CACHE_SIZE, 1 << 20), l3 = cache_bytes(_SC_LEVEL3_CACHE_SIZE, 0);
  const int64_t beyond = std::min<int64_t>(2 * std::max(l2, l3), int64_t{1} << 30) / threads;
  std::vector<Bandwidth> all = {{"L2", l2 / 2}};
  if (l3 > 4 * l2) all.push_back({"L3", std::max(std::min(8 * l2, l3 / 2) / threads, 2 * l2)});
  all.push_back({"memory", std::max(beyond, 4 * l2)});
  for (Bandwidth& one : all) {
    one.bytes = one.bytes / 4096 * 4096;
    one.bytes_per_second = read_bandwidth(isa, one.bytes, threads);
  }
  return all;
}

}  // namespace cnnc
