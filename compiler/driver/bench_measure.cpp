#include "driver/bench_measure.h"

#include <fmt/format.h>

#include <stdexcept>

#include "driver/bench_report.h"
#include "driver/clock.h"
#include "driver/peak.h"
#include "driver/run_library.h"

namespace cnnc {
namespace {

constexpr size_t kLeastRounds = 3;
constexpr double kSlices = 20;
constexpr double kPeakSeconds = 0.02;

double median(const std::vector<double>& values) {
  return spread_of(values).median;
}

// Plain and timed runs in turn.
void measure_slice(Runner& runner, double seconds, Samples& samples) {
  std::vector<double> layer_seconds(runner.layers());
  // What another schedule has left in the caches is no part of this one's time.
  if (samples.runs.empty() || samples.rounds.back() < seconds / 4) runner.run();
  const double end = now() + seconds;
  const size_t before = samples.runs.size();
  do {
    samples.runs.push_back(runner.run());
    runner.run(layer_seconds.data());
    for (size_t i = 0; i < layer_seconds.size(); ++i) samples.layers[i].push_back(layer_seconds[i]);
  } while (now() < end);
  samples.rounds.push_back(
      median({samples.runs.begin() + static_cast<std::ptrdiff_t>(before), samples.runs.end()}));
}

}  // namespace

Runner::Runner(const CompiledSchedule& compiled, int threads)
    : layers_(static_cast<size_t>(count_layers(compiled.plan))),
      library_(compiled.plan, compiled.kernels),
      threads_{threads, nullptr, nullptr},
      inputs_(random_inputs(compiled.plan, 1)),
      workspace_(workspace_for(compiled.plan)) {
  for (const Shape& shape : compiled.plan.output_shapes)
    outputs_.emplace_back(compiled.plan.images * shape.elements());
  for (const auto& input : inputs_) input_pointers_.push_back(input.data());
  for (auto& output : outputs_) output_pointers_.push_back(output.data());
}

double Runner::run(double* layer_seconds) {
  const double begin = now();
  if (const int error =
          library_.run(input_pointers_, output_pointers_, workspace_.data(), threads_, layer_seconds))
    throw std::runtime_error(fmt::format("the compiled network returned error {}", error));
  return now() - begin;
}

Measurement measure(const std::vector<Runner*>& runners, double seconds, Isa isa) {
  Measurement measurement;
  for (const Runner* runner : runners)
    measurement.schedules.push_back({{}, std::vector<std::vector<double>>(runner->layers()), {}});
  std::vector<double> peaks, spent(runners.size());
  const auto is_done = [&](size_t i) {
    return measurement.schedules[i].rounds.size() >= kLeastRounds && spent[i] >= seconds;
  };
  for (bool some = true, forth = true; some; forth = !forth) {
    some = false;
    for (size_t i = 0; i < runners.size(); ++i) {
      const size_t turn = forth ? i : runners.size() - 1 - i;
      if (is_done(turn)) continue;
      some = true;
      peaks.push_back(peak_flops(isa, kPeakSeconds));
      const double begin = now();
      measure_slice(*runners[turn], seconds / kSlices, measurement.schedules[turn]);
      spent[turn] += now() - begin;
    }
  }
  measurement.peak = median(peaks);
  return measurement;
}

}  // namespace cnnc
