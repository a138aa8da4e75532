#include "driver/bench/bench_report.h"

#include <algorithm>
#include <numeric>

namespace cnnc {

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[static_cast<size_t>(part * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {at(0.5), values.front(), at(0.1), at(0.9)};
}

double flops_of(const BenchReport& report) {
  return std::accumulate(report.layers.begin(), report.layers.end(), 0.0,
                         [](double sum, const BenchLayer& layer) { return sum + layer.flops; });
}

bool lacks_byte_peak(const BenchReport& report) {
  return report.byte_peak <= 0 && std::any_of(report.layers.begin(), report.layers.end(),
                                              [](const BenchLayer& layer) { return layer.in_bytes; });
}

double peak_of(const BenchReport& report, const BenchLayer& layer) {
  return layer.in_bytes && report.byte_peak > 0 ? report.byte_peak : report.peak;
}

double peak_of_all(const BenchReport& report) {
  double seconds = 0;
  for (const BenchLayer& layer : report.layers) seconds += layer.flops / peak_of(report, layer);
  return seconds > 0 && report.byte_peak > 0 ? flops_of(report) / seconds : report.peak;
}

const std::string& title_of(const BenchLayer& layer) {
  return layer.computes.empty() ? layer.name : layer.computes;
}

}  // namespace cnnc
