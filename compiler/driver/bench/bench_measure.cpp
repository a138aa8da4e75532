#include "driver/bench/bench_measure.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

#include "driver/bench/bench_report.h"
#include "driver/bench/clock.h"
#include "driver/bench/peak.h"
#include "driver/run/run_library.h"

namespace cnnc {
namespace {

constexpr size_t kLeastRounds = 3;
constexpr double kSlices = 20;
constexpr double kPeakSeconds = 0.02;

double median(const std::vector<double>& values) {
  return spread_of(values).median;
}

// A measurement on its way out of a child: numbers, each list of them behind its length.
class Writer {
 public:
  void add(double number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void add(const std::vector<double>& numbers) {
    add(static_cast<double>(numbers.size()));
    for (const double number : numbers) add(number);
  }
  std::string bytes() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}
  double number() {
    double number = 0;
    at_ += bytes_.copy(reinterpret_cast<char*>(&number), sizeof number, at_);
    return number;
  }
  std::vector<double> numbers() {
    std::vector<double> numbers(static_cast<size_t>(number()));
    for (double& each : numbers) each = number();
    return numbers;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

std::string bytes_of(const Measurement& measurement) {
  Writer writer;
  writer.add(measurement.peak);
  for (const Samples& samples : measurement.schedules) {
    writer.add(samples.runs);
    writer.add(samples.rounds);
    for (const std::vector<double>& layer : samples.layers) writer.add(layer);
  }
  return std::move(writer).bytes();
}

Measurement measurement_of(const std::string& bytes, const std::vector<CompiledSchedule>& compiled) {
  Reader reader(bytes);
  Measurement measurement;
  measurement.peak = reader.number();
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

Runner::Runner(const CompiledSchedule& compiled, int threads, Progress& progress, int32_t number)
    : layers_(static_cast<size_t>(count_layers(compiled.plan))),
      progress_(progress),
      number_(number),
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
  progress_.begin(number_);
  const double begin = now();
  if (const int error = library_.run(input_pointers_, output_pointers_, workspace_.data(), threads_,
                                     layer_seconds, progress_.layer()))
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

Measurement measure_in_child(const std::vector<CompiledSchedule>& compiled,
                             const std::vector<std::string>& names, int threads, double seconds, Isa isa) {
  Progress progress;
  const auto work = [&](size_t) {
    std::vector<std::unique_ptr<Runner>> runners;
    std::vector<Runner*> order;
    for (size_t i = 0; i < compiled.size(); ++i) {
      runners.push_back(std::make_unique<Runner>(compiled[i], threads, progress, static_cast<int32_t>(i)));
      order.push_back(runners.back().get());
    }
    return bytes_of(measure(order, seconds, isa));
  };
  const Outcome outcome = try_in_children(1, 1, INFINITY, work).front();
  if (outcome.ok()) return measurement_of(outcome.text, compiled);
  const auto schedule = static_cast<size_t>(progress.schedule());
  throw std::runtime_error(fmt::format("by '{}', while it was timed: {}", names.at(schedule),
                                       failure_of(compiled.at(schedule).plan, progress.current(), outcome)));
}

}  // namespace cnnc
