#include "timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>

#include "driver/bench/clock.h"
#include "driver/bench/peak.h"

namespace benchmarks {

Request parse_request(int argc, const char* const* argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() >= 4) {
    if (const auto isa = cnnc::parse_isa(words[3]))
      return {words[0], std::stoi(words[1]), std::stod(words[2]), *isa, {words.begin() + 4, words.end()}};
  }
  throw std::runtime_error(
      fmt::format("usage: {} FILE THREADS SECONDS ISA …; benchmarks/run calls it", argv[0]));
}

std::vector<float> input_values(size_t elements, uint64_t index) {
  std::mt19937_64 generator(index + 1);
  std::vector<float> values(elements);
  for (float& value : values) value = static_cast<float>(generator() >> 40) * 0x1p-23f - 1;
  return values;
}

Times time_runs(const Request& request, const std::function<void()>& run) {
  constexpr int kSlices = 10;
  const double warm = cnnc::now() + std::min(request.seconds / 4, 1.0);
  do run();
  while (cnnc::now() < warm);
  Times times;
  std::vector<double> peaks;
  const double end = cnnc::now() + request.seconds;
  do {
    peaks.push_back(cnnc::peak_flops(request.isa, 0.01));
    run();  // what the reading put out of step: caches, the pool's sleep
    const double slice = cnnc::now() + request.seconds / kSlices;
    do {
      const double begin = cnnc::now();
      run();
      times.seconds.push_back(cnnc::now() - begin);
    } while (cnnc::now() < slice);
  } while (cnnc::now() < end || times.seconds.size() < 3);
  times.peak = median(peaks) * request.threads;
  return times;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

std::string members(const Times& times) {
  return fmt::format(R"("median": {:.9g}, "best": {:.9g}, "runs": {}, "peak": {:.6g})", median(times.seconds),
                     least(times.seconds), times.seconds.size(), times.peak);
}

void write_floats(const std::string& path, const std::vector<std::vector<float>>& tensors) {
  std::ofstream file(path, std::ios::binary);
  for (const auto& tensor : tensors)
    file.write(reinterpret_cast<const char*>(tensor.data()),
               static_cast<std::streamsize>(tensor.size() * sizeof(float)));
  if (!file.flush()) throw std::runtime_error(fmt::format("{} cannot be written", path));
}

}  // namespace benchmarks
