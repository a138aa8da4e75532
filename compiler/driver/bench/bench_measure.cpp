#include "driver/bench/bench_measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

#include "driver/bench/bench_report.h"
#include "driver/bench/clock.h"
#include "driver/bench/number_bytes.h"
#include "driver/bench/peak.h"
#include "driver/run/run_library.h"
#include "emit/load/remote_library.h"
#include "plan/tilings.h"

namespace cnnc {
namespace {

constexpr size_t kLeastRounds = 3;
constexpr double kSlices = 20;
constexpr double kPeakSeconds = 0.02;

double median(const std::vector<double>& values) {
  return spread_of(values).median;
}

std::string bytes_of(const Measurement& measurement) {
  NumberWriter writer;
  writer.add(measurement.peak);
  writer.add(measurement.byte_peak);
  for (const Samples& samples : measurement.schedules) {
    writer.add(samples.runs);
    writer.add(samples.rounds);
    for (const std::vector<double>& layer : samples.layers) writer.add(layer);
  }
  return std::move(writer).bytes();
}

Measurement measurement_of(const std::string& bytes, const std::vector<CompiledSchedule>& compiled) {
  NumberReader reader(bytes);
  Measurement measurement;
  measurement.peak = reader.number();
  measurement.byte_peak = reader.number();
  for (const CompiledSchedule& schedule : compiled) {
    Samples samples;
    samples.runs = reader.numbers();
    samples.rounds = reader.numbers();
    for (int64_t layer = count_layers(schedule.plan); layer > 0; --layer)
      samples.layers.push_back(reader.numbers());
    measurement.schedules.push_back(std::move(samples));
  }
  return measurement;
}

// Plain and timed runs in turn.
void measure_slice(const Runner& runner, double seconds, Samples& samples) {
  std::vector<double> layer_seconds(runner.layers);
  // What another schedule has left in the caches is no part of this one's time.
  if (samples.runs.empty() || samples.rounds.back() < seconds / 4) runner.run(nullptr);
  const double end = now() + seconds;
  const size_t before = samples.runs.size();
  do {
    samples.runs.push_back(runner.run(nullptr));
    runner.run(layer_seconds.data());
    for (size_t i = 0; i < layer_seconds.size(); ++i) samples.layers[i].push_back(layer_seconds[i]);
  } while (now() < end);
  samples.rounds.push_back(
      median({samples.runs.begin() + static_cast<std::ptrdiff_t>(before), samples.runs.end()}));
}

// A network in this process.
struct Here {
  LoadedLibrary library;
  std::vector<std::vector<float>> inputs, outputs;
  Workspace workspace;
  std::vector<const float*> input_pointers;
  std::vector<float*> output_pointers;

  explicit Here(const CompiledSchedule& compiled)
      : library(compiled.plan, compiled.kernels),
        inputs(random_inputs(compiled.plan, 1)),
        workspace(workspace_for(compiled.plan)) {
    for (const Shape& shape : compiled.plan.output_shapes)
      outputs.emplace_back(compiled.plan.images * shape.elements());
    for (const auto& input : inputs) input_pointers.push_back(input.data());
    for (auto& output : outputs) output_pointers.push_back(output.data());
  }
};

bool has_dots(const Plan& plan) {
  return std::any_of(plan.kernels.begin(), plan.kernels.end(),
                     [&](const Kernel& kernel) { return sums_dots(kernel, plan.target); });
}

}  // namespace

Runner runner_here(const CompiledSchedule& compiled, int threads, Progress& progress, int32_t number) {
  const auto here = std::make_shared<Here>(compiled);
  const auto run = [here, &progress, number, threads](double* layer_seconds) {
    progress.begin(number);
    const double begin = now();
    if (const int error =
            here->library.run(here->input_pointers, here->output_pointers, here->workspace.data(),
                              {threads, nullptr, nullptr}, layer_seconds, progress.layer()))
      throw std::runtime_error(fmt::format("the compiled network returned error {}", error));
    return now() - begin;
  };
  const Isa isa = compiled.plan.target.isa;
  Runner runner{static_cast<size_t>(count_layers(compiled.plan)), run,
                [isa](double seconds) { return peak_flops(isa, seconds); }};
  if (has_dots(compiled.plan))
    runner.byte_peak = [isa](double seconds) { return peak_byte_operations(isa, seconds); };
  return runner;
}

Runner runner_elsewhere(const CompiledSchedule& compiled, int threads, Progress& progress, int32_t number,
                        const std::string& runner) {
  const Plan& plan = compiled.plan;
  const auto there = std::make_shared<RemoteLibrary>(plan, compiled.kernels, runner, threads);
  std::vector<const float*> inputs;
  const std::vector<std::vector<float>> values = random_inputs(plan, 1);
  for (const std::vector<float>& value : values) inputs.push_back(value.data());
  there->set_inputs(inputs);
  const auto run = [there, &plan, &progress, number](double* layer_seconds) {
    progress.begin(number);
    try {
      return there->time(layer_seconds, progress.layer());
    } catch (const RemoteCrash& crash) {
      throw std::runtime_error(failure_of(plan, progress.current(), {Outcome::Kind::death, crash.what()}));
    }
  };
  return {static_cast<size_t>(count_layers(plan)), run,
          [there](double seconds) { return there->flops(seconds); }};
}

Measurement measure(const std::vector<Runner>& runners, double seconds) {
  Measurement measurement;
  for (const Runner& runner : runners)
    measurement.schedules.push_back({{}, std::vector<std::vector<double>>(runner.layers), {}});
  std::vector<double> peaks, byte_peaks, spent(runners.size());
  const auto is_done = [&](size_t i) {
    return measurement.schedules[i].rounds.size() >= kLeastRounds && spent[i] >= seconds;
  };
  for (bool some = true, forth = true; some; forth = !forth) {
    some = false;
    for (size_t i = 0; i < runners.size(); ++i) {
      const size_t turn = forth ? i : runners.size() - 1 - i;
      if (is_done(turn)) continue;
      some = true;
      peaks.push_back(runners[turn].peak(kPeakSeconds));
      if (runners[turn].byte_peak) byte_peaks.push_back(runners[turn].byte_peak(kPeakSeconds));
      const double begin = now();
      measure_slice(runners[turn], seconds / kSlices, measurement.schedules[turn]);
      spent[turn] += now() - begin;
    }
  }
  measurement.peak = median(peaks);
  if (!byte_peaks.empty()) measurement.byte_peak = median(byte_peaks);
  return measurement;
}

Measurement measure_in_child(const std::vector<CompiledSchedule>& compiled,
                             const std::vector<std::string>& names, int threads, double seconds,
                             const std::optional<std::string>& runner) {
  Progress progress;
  const auto work = [&](size_t) {
    std::vector<Runner> runners;
    for (size_t i = 0; i < compiled.size(); ++i) {
      const auto number = static_cast<int32_t>(i);
      runners.push_back(runner ? runner_elsewhere(compiled[i], threads, progress, number, *runner)
                               : runner_here(compiled[i], threads, progress, number));
    }
    return bytes_of(measure(runners, seconds));
  };
  const Outcome outcome = try_in_children(1, 1, INFINITY, work).front();
  if (outcome.ok()) return measurement_of(outcome.text, compiled);
  const auto schedule = static_cast<size_t>(progress.schedule());
  throw std::runtime_error(fmt::format("by '{}', while it was timed: {}", names.at(schedule),
                                       failure_of(compiled.at(schedule).plan, progress.current(), outcome)));
}

}  // namespace cnnc
