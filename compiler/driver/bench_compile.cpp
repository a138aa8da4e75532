#include "driver/bench_compile.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "driver/clock.h"
#include "driver/run_library.h"
#include "driver/verify_layers.h"

namespace cnnc {
namespace {

// The plans and what there is of their kernels, which are the same, in the same order.
struct Work {
  const Graph& graph;
  const CompileKernels& compile;
  double seconds;
  int threads;  // of the run that is checked
  Plan plan, kept;
  KernelObjects kernels;
  std::vector<std::optional<Failure>> failures;  // of kernels
};

// In a line: "took more than 60 s", "crashed: it was killed by signal 11 (Segmentation fault)", "failed: ".
std::string reason_of(const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::timeout) return outcome.text;
  if (outcome.kind == Outcome::Kind::death) return "crashed: it " + outcome.text;
  const std::string line = outcome.text.substr(0, outcome.text.find('\n'));
  const std::string_view prefix = "Error: ";  // Halide's
  return "failed: " + (line.compare(0, prefix.size(), prefix) == 0 ? line.substr(prefix.size()) : line);
}

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

// Seconds of layers, which a child process writes and its parent reads; no number where the child did not get
// to.
class SharedSeconds {
 public:
  explicit SharedSeconds(size_t layers)
      : layers_(layers),
        memory_(mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    for (size_t i = 0; i <= layers_; ++i) data()[i] = NAN;
  }
  SharedSeconds(const SharedSeconds&) = delete;
  SharedSeconds& operator=(const SharedSeconds&) = delete;
  ~SharedSeconds() { munmap(memory_, bytes()); }

  double* data() { return static_cast<double*>(memory_); }
  // The layer during which the child ended; `layers` if it had done all.
  size_t first_missing() const {
    const volatile double* seconds = static_cast<const double*>(memory_);
    size_t layer = 0;
    while (layer < layers_ && !std::isnan(seconds[layer])) ++layer;
    return layer;
  }
  // Whether the child ended itself because that layer took too long.
  bool was_too_long() const { return !std::isnan(static_cast<const double*>(memory_)[layers_]); }
  void set_too_long() { data()[layers_] = 0; }

 private:
  size_t bytes() const { return (layers_ + 1) * sizeof(double); }
  size_t layers_;
  void* memory_;
};

// While it lives, this process ends if a layer that has a limit takes more than so many seconds: code that
// never returns cannot be stopped otherwise.
class LayerLimit {
 public:
  LayerLimit(SharedSeconds& layers, std::vector<bool> has_limit, double seconds)
      : layers_(layers), has_limit_(std::move(has_limit)), seconds_(seconds), watch_([this] { watch(); }) {}
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
    size_t layer = layers_.first_missing();
    double begin = now();
    const std::chrono::duration<double> interval(std::min(seconds_, 0.1));
    while (!changed_.wait_for(lock, interval, [this] { return is_over_; })) {
      if (const size_t current = layers_.first_missing(); current != layer) {
        layer = current;
        begin = now();
      } else if (layer < has_limit_.size() && has_limit_[layer] && now() - begin >= seconds_) {
        layers_.set_too_long();
        std::_Exit(1);
      }
    }
  }

  SharedSeconds& layers_;
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
  const auto layers = static_cast<size_t>(count_layers(work.kept));
  SharedSeconds seconds(layers);
  const Outcome outcome =
      try_in_children(1, 1, INFINITY, [&](size_t) {
        Workspace workspace;
        const LoadedLibrary library(work.kept, work.kernels);
        std::optional<LayerLimit> limit(std::in_place, seconds, by_strategy(work.kept), work.seconds);
        const Run run =
            run_library(work.kept, library, 1, workspace, {work.threads, nullptr, nullptr}, seconds.data());
        limit.reset();
        return compare_layers(work, run);
      }).front();
  if (outcome.ok()) return read_lines(outcome.text);
  const size_t layer = seconds.first_missing();
  if (outcome.kind != Outcome::Kind::death || layer == layers) throw std::runtime_error(outcome.text);
  if (seconds.was_too_long()) return {{layer, {fmt::format("ran for more than {:g} s", work.seconds)}}};
  return {{layer, {reason_of(outcome)}}};
}

std::string name_of_layer(const Plan& plan, size_t layer) {
  for (const Step& step : plan.steps)
    if (!step.partial && layer-- == 0) return step.name;
  return "";
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
      throw std::runtime_error(fmt::format("layer {} {}", name_of_layer(work.plan, layer), failure.reason));
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
                                  double seconds, int threads) {
  if (plan.kernels.size() != kept.kernels.size() ||
      !std::equal(plan.kernels.begin(), plan.kernels.end(), kept.kernels.begin()))
    throw std::logic_error("a plan that keeps all tensors has other kernels");
  Work work{graph, compile, seconds, threads, std::move(plan), std::move(kept), {}, {}};
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
