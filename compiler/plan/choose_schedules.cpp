#include "plan/choose_schedules.h"

#include <algorithm>
#include <stdexcept>

#include "plan/space.h"

namespace cnnc {

namespace {

// Whether the kernel is computed as wanted, with the numbers that are given.
bool is_as_chosen(const Kernel& kernel, const Choice& choice) {
  return kernel.family == choice.family &&
         std::all_of(choice.schedule.begin(), choice.schedule.end(), [&](const auto& number) {
           const auto found = kernel.schedule.find(number.first);
           return found != kernel.schedule.end() && found->second == number.second;
         });
}

const Choice* choice_for(const Kernel& kernel, const PlanOptions& options) {
  const auto found = options.choices.find(problem_of(kernel));
  return found == options.choices.end() ? nullptr : &found->second;
}

void choose_schedule(Kernel& kernel, const Target& target, const Choice* choice) {
  const Schedule algorithm = algorithm_of(kernel).schedule;
  if (choice && choice->family == kernel.family) {
    kernel.schedule = choice->schedule;
    if (complete_schedule(kernel, target)) return;
  }
  kernel.schedule = algorithm;
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
    if (choice && !is_as_chosen(kernel, *choice)) plan.ignored_choices.push_back(problem_of(kernel));
  }
}

}  // namespace cnnc
