// cnnc tune: searches a schedule for each problem of the network, and writes the records; or merges records.
#include "tune/tune.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "driver/commands.h"
#include "driver/console/standard_streams.h"
#include "driver/console/stop_signal.h"
#include "driver/front/front.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/tune_report.h"
#include "emit/load/remote.h"
#include "plan/plans.h"
#include "support/parallel.h"

namespace cnnc {
namespace {

int merge_files(const TuneOptions& options) {
  Records merged;
  for (const std::string& path : options.merged) merged = merge(std::move(merged), read_records(path));
  if (options.output)
    write_file(*options.output, to_string(merged));
  else
    print(to_string(merged));
  return 0;
}

// "resnet18.schedule", here.
std::string default_output(const std::string& model) {
  if (model == "-")
    throw UsageError{"a text from the standard input has no name: say where the records go with '-o FILE'"};
  return std::filesystem::path(model).stem().string() + ".schedule";
}

// Those that this shard has to do: each n-th.
std::vector<Problem> of_shard(const std::vector<Problem>& all, const Shard& shard) {
  std::vector<Problem> some;
  for (size_t i = shard.number - 1; i < all.size(); i += shard.count) some.push_back(all[i]);
  return some;
}

std::vector<Problem> without_known(const std::vector<Problem>& problems, const Records& records, Isa isa,
                                   int threads) {
  std::vector<Problem> unknown;
  for (const Problem& problem : problems)
    if (!records.count({problem.name, isa, threads})) unknown.push_back(problem);
  return unknown;
}

// What the search has found by now goes to the file at once.
TuneEvents events_of(TuneReport& report, Records& records, const std::string& path, const StopSignal& stop) {
  TuneEvents events;
  events.progress = [&](size_t number, const Problem& problem, size_t tried, double best) {
    report.progress(number, problem, tried, best);
  };
  events.log = [&](const Problem& problem, const std::string& line) { report.log(problem, line); };
  events.found = [&](const Tuned& tuned) {
    records[tuned.key] = tuned.record;
    write_file(path, to_string(records));
    report.found(tuned);
  };
  events.goes_on = [&] { return !stop.came(); };
  return events;
}

// Tunes the problems that have no record yet; then prints what is known of all.
void search_schedules(const Graph& graph, const Target& target, const std::vector<Problem>& problems,
                      const TuningOptions& tuning, const std::string& path, Records& records) {
  const std::vector<Problem> left = without_known(problems, records, target.isa, tuning.threads);
  const StopSignal stop;
  TuneReport report(left.size());
  tune(graph, target, left, tuning, events_of(report, records, path, stop));
  report.clear_line();
  print(tune_summary(problems, records, target.isa, tuning.threads));
  stop.raise_again();
}

// The plan by cnnc's own records and these.
Plan plan_with(const Graph& graph, const Target& target, const TuningOptions& tuning,
               const Records& records) {
  PlanOptions options = tuning.plan;
  options.choices = read_schedules({}, target, tuning.threads, true).choices;
  for (auto& [problem, choice] : choices_of(records, target.isa, tuning.threads))
    options.choices[problem] = choice;
  return make_plan(graph, target, options);
}

// One target after the other, each for an equal part of the time that is left. In a library for several the
// others follow the best one's packed weights, by the records that it has by then.
void search_all(const Graph& graph, const std::vector<Target>& targets, const Shard& shard,
                TuningOptions tuning, const std::string& path, Records& records) {
  const auto begin = std::chrono::steady_clock::now();
  const double all = tuning.seconds;
  Plan best;
  for (size_t i = 0; i < targets.size(); ++i) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    tuning.seconds = std::max(0.0, all - spent.count()) / static_cast<double>(targets.size() - i);
    if (targets.size() > 1) {
      tuning.plan.sharing = sharing_of(targets, i > 0 ? &best : nullptr);
      print(fmt::format("{}{}:\n", i > 0 ? "\n" : "", targets[i].name));
    }
    search_schedules(graph, targets[i], of_shard(problems_of(graph, targets[i], tuning.plan), shard), tuning,
                     path, records);
    if (i == 0 && targets.size() > 1) best = plan_with(graph, targets[0], tuning, records);
  }
}

// A record says for how many threads it was measured, and the pool has no more than there are processors.
void require_processors(const TuneOptions& options) {
  const int here = processors();
  if (options.runner || options.threads <= here) return;
  throw UsageError{fmt::format(
      "'--threads {}' is measured on as many processors; this process may run on {}: tune where there are "
      "more, or on another machine by '--runner'",
      options.threads, here)};
}

}  // namespace

int run(const TuneOptions& options) {
  if (!options.merged.empty()) return merge_files(options);
  require_processors(options);
  const std::string path = options.output ? *options.output : default_output(options.model);
  Text text = read_text(options.model, options.onnx);
  Graph elaborated = elaborate_text(text);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, elaborated);
  const Graph graph = optimise(std::move(elaborated), quantization, nullptr, options.bfloat16);
  const std::vector<Target> targets =
      targets_to_run(options.targets, options.runner, "tune",
                     arithmetic_of(quantization, text, options.bfloat16), options.system);
  if (options.runner) check_runner(*options.runner, targets[0]);
  TuningOptions tuning{options.threads, options.jobs, options.seconds, {}, options.runner};
  tuning.plan.images = options.images.value_or(text.images);
  tuning.plan.threads = options.threads;
  if (options.bfloat16) tuning.plan.weights_type = ElementType::bfloat16;
  plan_network(graph, targets[0], tuning.plan, text.source);  // says in words what cannot be planned
  std::error_code unknown;                                    // then reading says what is wrong
  const bool is_there = std::filesystem::exists(path, unknown) || unknown;
  Records records = is_there ? read_records(path) : Records();
  write_file(path, to_string(records));  // what cannot be written is known before the work
  search_all(graph, targets, options.shard, tuning, path, records);
  return 0;
}

}  // namespace cnnc
