#include "plan/records/choose_schedules.h"

#include <algorithm>
#include <stdexcept>

#include "plan/choose/space.h"

namespace cnnc {

namespace {

// Whether one has all numbers of the other.
bool says(const Choice& choice, const Choice& other) {
  return choice.family == other.family &&
         std::all_of(other.schedule.begin(), other.schedule.end(), [&](const auto& number) {
           const auto found = choice.schedule.find(number.first);
           return found != choice.schedule.end() && found->second == number.second;
         });
}

const Choice* choice_for(const Kernel& kernel, const PlanOptions& options) {
  const auto found = options.choices.find(problem_of(kernel));
  return found == options.choices.end() ? nullptr : &found->second;
}

void choose_schedule(Kernel& kernel, const Target& target, const Choice* choice) {
  const Choice algorithm = algorithm_of(kernel);
  if (choice && says(*choice, algorithm)) {
    kernel.schedule = choice->schedule;
    if (complete_schedule(kernel, target)) return;
  }
  kernel.schedule = algorithm.schedule;
  if (!complete_schedule(kernel, target))
    throw std::logic_error("no schedule fits the kernel " + to_string(kernel));
}

}  // namespace

void choose_schedules(Plan& plan, const PlanOptions& options) {
  for (Kernel& kernel : plan.kernels) {
    if (!space_of(kernel.family)) continue;
    const Choice* choice = choice_for(kernel, options);
    choose_schedule(kernel, plan.target, choice);
    kernel.strategy = options.strategy;
    kernel.strategy_threads = options.strategy_threads;
    if (choice && !says(choice_of(kernel), *choice)) plan.ignored_choices.push_back(problem_of(kernel));
  }
}

}  // namespace cnnc
