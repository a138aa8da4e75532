#include "driver/simulate/task_times.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "driver/bench/bench_report.h"
#include "driver/bench/clock.h"
#include "driver/bench/number_bytes.h"
#include "driver/run/run_library.h"
#include "support/parallel.h"

extern "C" {
#include "runtime/pool.h"
}

namespace cnnc {
namespace {

double median(const std::vector<double>& values) {
  return values.empty() ? 0 : spread_of(values).median;
}

// The tasks of a loop over several runs: seconds by task, in runs that do the first task first and in runs
// that do the last one first.
struct LoopRuns {
  int most_threads = 0;
  std::vector<std::vector<double>> forwards, backwards;
};

// What runs tell the loops below, and these tell of them.
struct Recorder {
  Progress progress;
  bool is_backward = false;
  std::vector<std::vector<LoopRuns>> layers;  // loops of each layer, in order
  std::vector<size_t> loops;                  // of each layer that this run has done
  std::vector<double> in_loops;               // seconds of each layer in this run
};

using Body = int (*)(void* context, int index, uint8_t* closure);

// The tasks are those of runtime/parallel.c.
void time_loop(Recorder& recorder, Body body, void* context, int min, int extent, uint8_t* closure, int tasks,
               int most_threads) {
  const int pieces = std::min(extent, tasks);
  const auto layer = static_cast<size_t>(std::max(recorder.progress.current(), 0));
  std::vector<LoopRuns>& loops = recorder.layers[layer];
  const size_t number = recorder.loops[layer]++;
  if (number == loops.size()) loops.emplace_back();
  LoopRuns& runs = loops[number];
  runs.most_threads = most_threads;
  std::vector<double> seconds(static_cast<size_t>(std::max(pieces, 0)));
  for (int i = 0; i < pieces; ++i) {
    const int piece = recorder.is_backward ? pieces - 1 - i : i;
    const double begin = now();
    for (int64_t at = int64_t{extent} * piece / pieces; at < int64_t{extent} * (piece + 1) / pieces; ++at)
      body(context, min + static_cast<int>(at), closure);
    seconds[static_cast<size_t>(piece)] = now() - begin;
  }
  for (const double each : seconds) recorder.in_loops[layer] += each;
  (recorder.is_backward ? runs.backwards : runs.forwards).push_back(std::move(seconds));
}

Recorder& recorder_of(void* threads) {
  return *static_cast<Recorder*>(static_cast<const cnnc_rt_threads*>(threads)->context);
}

int timed_loop(void* threads, Body body, int min, int extent, uint8_t* closure, int tasks) {
  time_loop(recorder_of(threads), body, threads, min, extent, closure, tasks, tasks);
  return 0;
}

int timed_loop_in_scratch(void* const* context, Body body, int min, int extent, uint8_t* closure, int tasks,
                          int places) {
  unsigned char ready = 0;
  void* own[] = {context[0], context[1], &ready};
  time_loop(recorder_of(context[0]), body, own, min, extent, closure, tasks, places);
  return 0;
}

double median_of_task(const std::vector<std::vector<double>>& runs, size_t task) {
  std::vector<double> seconds;
  for (const std::vector<double>& run : runs) seconds.push_back(run[task]);
  return median(seconds);
}

// What is slower where a task is a run's first is what the first one takes longer.
LoopTasks tasks_of(const LoopRuns& runs) {
  LoopTasks tasks;
  tasks.most_threads = runs.most_threads;
  const size_t count = runs.forwards.front().size();
  std::vector<double> forwards, backwards;
  for (size_t i = 0; i < count; ++i) {
    forwards.push_back(median_of_task(runs.forwards, i));
    backwards.push_back(median_of_task(runs.backwards, i));
    tasks.seconds.push_back(std::min(forwards[i], backwards[i]));
  }
  if (count > 1)
    tasks.first =
        std::max(0.0, (forwards.front() - backwards.front() + backwards.back() - forwards.back()) / 2);
  return tasks;
}

// To and fro in turn, for so many seconds and at least three times, behind one that nothing is kept of.
std::vector<LayerTasks> time_tasks(const CompiledSchedule& compiled, double seconds, Recorder& recorder) {
  const auto count = static_cast<size_t>(count_layers(compiled.plan));
  recorder.layers.resize(count);
  const LoadedLibrary library(compiled.plan, compiled.kernels,
                              ParallelLoops{timed_loop, timed_loop_in_scratch});
  const std::vector<std::vector<float>> values = random_inputs(compiled.plan, 1);
  std::vector<std::vector<float>> results;
  std::vector<const float*> inputs;
  std::vector<float*> outputs;
  for (const std::vector<float>& value : values) inputs.push_back(value.data());
  for (const Shape& shape : compiled.plan.output_shapes)
    results.emplace_back(compiled.plan.images * shape.elements());
  for (std::vector<float>& result : results) outputs.push_back(result.data());
  Workspace workspace = workspace_for(compiled.plan);
  std::vector<std::vector<double>> alone(count);
  const cnnc_rt_threads threads = {1, nullptr, &recorder};
  const auto run = [&] {
    std::vector<double> layer_seconds(count);
    recorder.loops.assign(count, 0);
    recorder.in_loops.assign(count, 0);
    if (library.run(inputs, outputs, workspace.data(), threads, layer_seconds.data(),
                    recorder.progress.layer()) != 0)
      throw std::runtime_error("the compiled network returned an error");
    for (size_t i = 0; i < count; ++i)
      alone[i].push_back(std::max(0.0, layer_seconds[i] - recorder.in_loops[i]));
  };
  run();
  recorder.layers.assign(count, {});
  alone.assign(count, {});
  const double end = now() + seconds;
  for (int runs = 0; runs < 6 || now() < end; ++runs) {
    recorder.is_backward = runs % 2 == 1;
    run();
  }
  std::vector<LayerTasks> layers;
  for (size_t i = 0; i < count; ++i) {
    layers.push_back({median(alone[i]), {}});
    for (const LoopRuns& runs : recorder.layers[i]) layers.back().loops.push_back(tasks_of(runs));
  }
  return layers;
}

std::string bytes_of(const std::vector<LayerTasks>& layers) {
  NumberWriter writer;
  for (const LayerTasks& layer : layers) {
    writer.add(layer.alone);
    writer.add(static_cast<double>(layer.loops.size()));
    for (const LoopTasks& loop : layer.loops) {
      writer.add(loop.seconds);
      writer.add(loop.first);
      writer.add(loop.most_threads);
    }
  }
  return std::move(writer).bytes();
}

std::vector<LayerTasks> layers_of(const std::string& bytes, int64_t count) {
  NumberReader reader(bytes);
  std::vector<LayerTasks> layers(static_cast<size_t>(count));
  for (LayerTasks& layer : layers) {
    layer.alone = reader.number();
    layer.loops.resize(static_cast<size_t>(reader.number()));
    for (LoopTasks& loop : layer.loops) {
      loop.seconds = reader.numbers();
      loop.first = reader.number();
      loop.most_threads = reader.number();
    }
  }
  return layers;
}

// A job of two tasks, each of which waits until the other one has begun: when they began and ended.
struct Meeting {
  std::atomic<int> there{0};
  double began[2] = {}, ended[2] = {};
  static void attend(void* data, int index, int) {
    auto& meeting = *static_cast<Meeting*>(data);
    meeting.began[index] = now();
    ++meeting.there;
    for (const double latest = now() + 0.01; meeting.there < 2 && now() < latest;) {
    }
    meeting.ended[index] = now();
  }
};

struct MeetingTimes {
  std::vector<double> post, join, finish;
  void add() {
    Meeting meeting;
    const double begin = now();
    cnnc_rt_share(2, 2, Meeting::attend, &meeting);
    const double end = now();
    post.push_back(meeting.began[0] - begin);
    join.push_back(meeting.began[1] - begin);
    finish.push_back(end - std::max(meeting.ended[0], meeting.ended[1]));
  }
};

// The 10th percentile: where other work is on the processors, most of the rest is its time.
double low(const std::vector<double>& values) {
  return spread_of(values).low;
}

}  // namespace

std::vector<LayerTasks> time_tasks_in_child(const CompiledSchedule& compiled, double seconds) {
  Recorder recorder;
  const auto work = [&](size_t) { return bytes_of(time_tasks(compiled, seconds, recorder)); };
  const Outcome outcome = try_in_children(1, 1, INFINITY, work).front();
  if (outcome.ok()) return layers_of(outcome.text, count_layers(compiled.plan));
  throw std::runtime_error(failure_of(compiled.plan, recorder.progress.current(), outcome));
}

PoolCosts measure_pool() {
  PoolCosts costs{5e-7, 1e-6, 5e-5, 5e-7};
  if (processors() < 2 || cnnc_rt_start_threads(2) != CNNC_RT_OK) return costs;
  MeetingTimes awake, asleep;
  for (int i = 0; i < 1000; ++i) awake.add();
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    asleep.add();
  }
  cnnc_rt_stop_threads();
  return {low(awake.post), low(awake.join), low(asleep.join), low(awake.finish)};
}

}  // namespace cnnc
