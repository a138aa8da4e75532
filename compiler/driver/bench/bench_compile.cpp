#include "driver/bench/bench_compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "driver/bench/clock.h"
#include "driver/run/child_run.h"
#include "driver/run/run_library.h"
#include "driver/run/verify_layers.h"
#include "emit/load/loaded_library.h"
#include "emit/load/remote_library.h"

namespace cnnc {
namespace {

// The plans and what there is of their kernels, which are the same, in the same order.
struct Work {
  const Graph& graph;
  const CompileKernels& compile;
  double seconds;
  int threads;  // of the run that is checked
  const std::optional<std::string>& runner;
  Plan plan, kept;
  KernelObjects kernels;
  std::vector<std::optional<Failure>> failures;  // of kernels
};

// Our own schedule takes the place of the strategy.
void give_way(Work& work, size_t kernel, Failure failure) {
  work.failures[kernel] = std::move(failure);
  for (Plan* plan : {&work.plan, &work.kept}) {
    plan->kernels[kernel].strategy.clear();
    plan->kernels[kernel].strategy_threads = 1;
  }
}

void compile_ours(Work& work, const std::vector<size_t>& which) {
  std::vector<Outcome> outcomes = work.compile(work.plan, which, INFINITY);
  for (size_t i = 0; i < which.size(); ++i) {
    if (!outcomes[i].ok()) throw std::runtime_error("a kernel cannot be compiled: " + outcomes[i].text);
    work.kernels.objects[which[i]] = std::move(outcomes[i].text);
  }
}

void compile_kernels(Work& work, const std::vector<size_t>& which) {
  std::vector<size_t> by_strategy, ours;
  for (const size_t k : which) (work.plan.kernels[k].strategy.empty() ? ours : by_strategy).push_back(k);
  std::vector<Outcome> outcomes = work.compile(work.plan, by_strategy, work.seconds);
  for (size_t i = 0; i < by_strategy.size(); ++i) {
    if (outcomes[i].ok()) {
      work.kernels.objects[by_strategy[i]] = std::move(outcomes[i].text);
    } else {
      give_way(work, by_strategy[i], {reason_of(outcomes[i])});
      ours.push_back(by_strategy[i]);
    }
  }
  compile_ours(work, ours);
}

// While it lives, this process ends if a layer that has a limit takes more than so many seconds: code that
// never returns cannot be stopped otherwise.
class LayerLimit {
 public:
  LayerLimit(Progress& progress, std::vector<bool> has_limit, double seconds)
      : progress_(progress),
        has_limit_(std::move(has_limit)),
        seconds_(seconds),
        watch_([this] { watch(); }) {}
  ~LayerLimit() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_one();
    watch_.join();
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    int32_t layer = progress_.current();
    double begin = now();
    const std::chrono::duration<double> interval(std::min(seconds_, 0.1));
    while (!changed_.wait_for(lock, interval, [this] { return is_over_; })) {
      if (const int32_t current = progress_.current(); current != layer) {
        layer = current;
        begin = now();
      } else if (layer >= 0 && has_limit_.at(layer) && now() - begin >= seconds_) {
        progress_.set_too_long();
        std::_Exit(1);
      }
    }
  }

  Progress& progress_;
  const std::vector<bool> has_limit_;
  const double seconds_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_over_ = false;
  std::thread watch_;
};

// A line for each layer that is wrong: its number and why.
std::string compare_layers(const Work& work, const Run& run) {
  std::string lines;
  const std::vector<Comparison> comparisons = compare_steps(work.graph, work.kept, run);
  for (size_t layer = 0; layer < comparisons.size(); ++layer) {
    const Comparison& c = comparisons[layer];
    if (!c.ok())
      lines +=
          fmt::format("{} is wrong: element {} is {:.9g}; the definition gives {:.9g}, give or take {:.2g}\n",
                      layer, c.worst, c.compiled, c.reference, c.bound);
  }
  return lines;
}

std::map<size_t, Failure> read_lines(const std::string& lines) {
  std::map<size_t, Failure> failures;
  std::istringstream in(lines);
  size_t layer = 0;
  for (std::string reason; in >> layer && std::getline(in >> std::ws, reason);)
    failures[layer] = {reason, /*wrong=*/true};
  return failures;
}

// The kernels of each layer, those of its parts included.
std::vector<std::vector<size_t>> kernels_of_layers(const Plan& plan) {
  std::vector<std::vector<size_t>> layers(1);
  for (const Step& step : plan.steps) {
    layers.back().push_back(static_cast<size_t>(step.kernel));
    if (!step.partial) layers.emplace_back();
  }
  layers.pop_back();
  return layers;
}

// Which layers have a kernel by a strategy.
std::vector<bool> by_strategy(const Plan& plan) {
  std::vector<bool> layers;
  for (const std::vector<size_t>& kernels : kernels_of_layers(plan))
    layers.push_back(std::any_of(kernels.begin(), kernels.end(),
                                 [&](size_t k) { return !plan.kernels[k].strategy.empty(); }));
  return layers;
}

// Of layers that are wrong, or of the one that crashes or takes too long. In a child process, since code may
// crash.
std::map<size_t, Failure> find_failures(const Work& work) {
  Progress progress;
  const Outcome outcome =
      try_in_children(1, 1, INFINITY, [&](size_t) {
        Workspace workspace = workspace_for(work.kept);
        if (work.runner) {
          RemoteLibrary library(work.kept, work.kernels, *work.runner, work.threads);
          return compare_layers(work, run_elsewhere(work.kept, library, 1, workspace.front().bytes));
        }
        const LoadedLibrary library(work.kept, work.kernels);
        std::optional<LayerLimit> limit(std::in_place, progress, by_strategy(work.kept), work.seconds);
        const Run run = run_library(work.kept, library, 1, workspace.front().bytes,
                                    {work.threads, nullptr, nullptr}, progress.layer());
        limit.reset();
        progress.begin(0);
        return compare_layers(work, run);
      }).front();
  if (outcome.ok()) return read_lines(outcome.text);
  if (outcome.kind != Outcome::Kind::death || progress.current() == Progress::kNoLayer)
    throw std::runtime_error(failure_of(work.kept, progress.current(), outcome));
  const auto layer = static_cast<size_t>(progress.current());
  if (progress.was_too_long()) return {{layer, {fmt::format("ran for more than {:g} s", work.seconds)}}};
  return {{layer, {reason_of(outcome)}}};
}

// Kernels by a strategy that give way; the layers of others that are wrong are remembered as such.
std::vector<size_t> replace_failing(Work& work, const std::map<size_t, Failure>& failures) {
  const auto kernels = kernels_of_layers(work.plan);
  std::vector<size_t> replaced;
  for (const auto& [layer, failure] : failures) {
    bool has_strategy = false;
    for (const size_t k : kernels[layer]) {
      if (work.plan.kernels[k].strategy.empty()) continue;
      has_strategy = true;
      give_way(work, k, failure);
      replaced.push_back(k);
    }
    if (has_strategy) continue;
    if (!failure.wrong)
      throw std::runtime_error(
          fmt::format("{} {}", layer_in_words(work.plan, static_cast<int32_t>(layer)), failure.reason));
    for (const size_t k : kernels[layer])
      if (!work.failures[k]) work.failures[k] = failure;
  }
  return replaced;
}

std::vector<std::optional<Failure>> failures_of_layers(const Work& work) {
  std::vector<std::optional<Failure>> failures;
  for (const std::vector<size_t>& kernels : kernels_of_layers(work.plan)) {
    failures.emplace_back();
    for (const size_t k : kernels)
      if (!failures.back()) failures.back() = work.failures[k];
  }
  return failures;
}

}  // namespace

CompiledSchedule compile_schedule(const Graph& graph, Plan plan, Plan kept, const CompileKernels& compile,
                                  double seconds, int threads, const std::optional<std::string>& runner) {
  if (plan.kernels.size() != kept.kernels.size() ||
      !std::equal(plan.kernels.begin(), plan.kernels.end(), kept.kernels.begin()))
    throw std::logic_error("a plan that keeps all tensors has other kernels");
  Work work{graph, compile, seconds, threads, runner, std::move(plan), std::move(kept), {}, {}};
  work.kernels.objects.resize(work.plan.kernels.size());
  work.failures.resize(work.plan.kernels.size());
  std::vector<size_t> to_compile;
  for (size_t k = 0; k < work.plan.kernels.size(); ++k) to_compile.push_back(k);
  while (!to_compile.empty()) {
    compile_kernels(work, to_compile);
    to_compile = replace_failing(work, find_failures(work));
  }
  std::vector<std::optional<Failure>> failures = failures_of_layers(work);
  return {std::move(work.plan), std::move(work.kernels), std::move(failures)};
}

}  // namespace cnnc
