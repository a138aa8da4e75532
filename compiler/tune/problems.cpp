#include "tune/problems.h"

#include <algorithm>
#include <map>

#include "plan/choose/space.h"
#include "plan/choose/tasks.h"

namespace cnnc {

namespace {

// The tensors' places do not matter, so no time is spent on them.
Plan plan_for(const Graph& graph, const Target& target, PlanOptions options, Choices choices) {
  options.keep_all_tensors = true;
  options.choices = std::move(choices);
  return make_plan(graph, target, options);
}

Subject subject_of(const Plan& plan, const Step& step) {
  Subject subject{plan.kernels[static_cast<size_t>(step.kernel)], {}};
  for (const int constant : step.constants)
    subject.constants.push_back(plan.constants[static_cast<size_t>(constant)].packing);
  return subject;
}

// The step of these whose kernel most of them have.
const Step& representative(const std::vector<const Step*>& steps) {
  const auto sharing = [&](const Step* step) {
    return std::count_if(steps.begin(), steps.end(),
                         [&](const Step* other) { return other->kernel == step->kernel; });
  };
  return **std::max_element(steps.begin(), steps.end(),
                            [&](const Step* a, const Step* b) { return sharing(a) < sharing(b); });
}

Problem problem_from(const Plan& plan, const std::string& name, const std::vector<const Step*>& steps) {
  const Step& step = representative(steps);
  Problem problem{
      name, step.name, step.first_byte, static_cast<int>(steps.size()), 0, subject_of(plan, step)};
  for (const Step* each : steps)
    problem.seconds += estimated_seconds(plan.kernels[static_cast<size_t>(each->kernel)], plan.target);
  return problem;
}

}  // namespace

std::vector<Problem> problems_of(const Graph& graph, const Target& target, const PlanOptions& options) {
  const Plan plan = plan_for(graph, target, options, {});
  std::map<std::string, std::vector<const Step*>> steps;
  for (const Step& step : plan.steps)
    if (const std::string name = problem_of(plan.kernels[static_cast<size_t>(step.kernel)]); !name.empty())
      steps[name].push_back(&step);
  std::vector<Problem> problems;
  for (const auto& [name, with_it] : steps) problems.push_back(problem_from(plan, name, with_it));
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.seconds > b.seconds; });
  return problems;
}

std::optional<Subject> subject_of(const Graph& graph, const Target& target, const PlanOptions& options,
                                  const Problem& problem, const Choice& choice) {
  const Plan plan = plan_for(graph, target, options, {{problem.name, choice}});
  if (!plan.ignored_choices.empty()) return std::nullopt;
  for (const Step& step : plan.steps)
    if (step.name == problem.step && step.first_byte == problem.first_byte &&
        problem_of(plan.kernels[static_cast<size_t>(step.kernel)]) == problem.name)
      return subject_of(plan, step);
  return std::nullopt;
}

int64_t weights_bytes(const Graph& graph, const Target& target, const PlanOptions& options) {
  return plan_for(graph, target, options, {}).weights_bytes;
}

std::vector<Choice> candidates_of(const Problem& problem, const Target& target) {
  std::vector<Choice> candidates;
  Kernel kernel = problem.standard.kernel;
  for (const Choice& algorithm : algorithms_of(kernel, target)) {
    kernel.family = algorithm.family;
    kernel.schedule = algorithm.schedule;
    for (Schedule& schedule : schedules_of(kernel, target))
      candidates.push_back({algorithm.family, std::move(schedule)});
  }
  return candidates;
}

}  // namespace cnnc
