#include "driver/front/schedule_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "plan/choose/choose_winograd.h"
#include "plan/choose/space.h"
#include "plan/records/shipped_records.h"
#include "support/limits.h"
#include "support/suggest.h"

namespace cnnc {
namespace {

Records parse(const Source& source) {
  Diagnostics diagnostics;
  std::optional<Records> records = parse_records(source, diagnostics);
  if (!records) fail(diagnostics, source);
  return std::move(*records);
}

// Overrides what the schedules have, by the records of one file; what it says.
Choices add(Schedules& schedules, const Records& records, const std::string& file, const Target& target,
            int threads) {
  Choices choices = choices_of(records, target.isa, threads);
  for (const auto& [key, record] : records)
    if (key.isa == target.isa && key.threads <= threads) {
      schedules.choices[key.problem] = record.choice;
      schedules.places[key.problem] = fmt::format("{}:{}", file, record.line);
    }
  return choices;
}

// Without those by which a few threads would leave many without work: a convolution's blocks of tiles, which
// were searched for one or two threads, are their tasks (balance_winograd_tasks).
Records fit_for(Records records, int threads) {
  constexpr int kFew = 2;
  for (auto each = records.begin(); each != records.end();)
    each = threads > kFew && each->first.threads <= kFew && each->second.choice.family == "conv_winograd_2d"
               ? records.erase(each)
               : std::next(each);
  return records;
}

// Kernels of floats are those of the target that one for bytes extends.
void add_shipped(Schedules& schedules, const Target& target, int threads) {
  if (target.only_for) add_shipped(schedules, target_for(*target.extends), threads);
  const Source source = shipped_records(target.isa);
  add(schedules, fit_for(parse(source), threads), source.name, target, threads);
}

bool has_any(const Plan& plan, const Choices& choices) {
  return std::any_of(plan.kernels.begin(), plan.kernels.end(),
                     [&](const Kernel& kernel) { return choices.count(problem_of(kernel)) > 0; });
}

void print_ignored_choices(const Plan& plan, const Schedules& schedules) {
  const std::set<std::string> ignored(plan.ignored_choices.begin(), plan.ignored_choices.end());
  for (const std::string& problem : ignored)
    say(fmt::format("{}: note: '{}' does not fit '{}' and is ignored\n", schedules.places.at(problem),
                    to_string(schedules.choices.at(problem)), problem));
}

}  // namespace

Records read_records(const std::string& path) {
  return parse(read_source(path, limits::kScheduleBytes, "a file of schedules"));
}

Schedules read_schedules(const std::vector<std::string>& words, const Target& target, int threads,
                         bool allow_winograd) {
  Schedules schedules;
  add_shipped(schedules, target, threads);
  for (const std::string& word : words) {
    if (word == "default")
      schedules = {};
    else if (word == "tuned")
      add_shipped(schedules, target, threads);
    else
      schedules.files[word] = add(schedules, read_records(word), word, target, threads);
  }
  for (auto choice = schedules.choices.begin(); choice != schedules.choices.end();)
    if (!allow_winograd && is_winograd(choice->second.family))
      choice = schedules.choices.erase(choice);
    else
      ++choice;
  return schedules;
}

std::vector<Schedules> read_schedules(const std::vector<std::string>& words,
                                      const std::vector<Target>& targets, int threads, bool allow_winograd) {
  std::vector<Schedules> all;
  for (const Target& target : targets) all.push_back(read_schedules(words, target, threads, allow_winograd));
  return all;
}

std::vector<PlanOptions> options_of_plans(const PlanOptions& common,
                                          const std::vector<Schedules>& schedules) {
  std::vector<PlanOptions> all(schedules.size(), common);
  for (size_t i = 0; i < schedules.size(); ++i) all[i].choices = schedules[i].choices;
  return all;
}

void print_ignored(const Plan& plan, const Schedules& schedules) {
  print_ignored(plans_of(plan), {schedules});
}

void print_ignored(const Plans& plans, const std::vector<Schedules>& schedules) {
  std::map<std::string, bool> is_used;
  std::vector<std::string> names;
  for (size_t i = 0; i < schedules.size(); ++i) {
    const Plan& plan = plans.of_targets[i];
    names.emplace_back(plan.target.name);
    print_ignored_choices(plan, schedules[i]);
    for (const auto& [file, choices] : schedules[i].files) is_used[file] |= has_any(plan, choices);
  }
  for (const auto& [file, used] : is_used)
    if (!used)
      say(fmt::format("{}: note: none of its schedules is for a layer of this network on {}\n", file,
                      one_of(names)));
}

}  // namespace cnnc
