#include "plan/choose/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ops/window/window.h"
#include "plan/choose/choose_winograd.h"
#include "plan/inner_conv.h"

namespace cnnc {

namespace {

// Calls `f` with the kernel under all combinations of the numbers' values; of one that it has already, that
// one alone.
template <class F>
void for_combinations(Kernel& kernel, const std::vector<Number>& numbers, const Schedule& given, size_t first,
                      const F& f) {
  if (first == numbers.size()) return f();
  const Number& number = numbers[first];
  if (given.count(number.name)) return for_combinations(kernel, numbers, given, first + 1, f);
  int64_t& chosen = kernel.schedule[number.name];
  for (const int64_t value : number.values) {
    chosen = value;
    for_combinations(kernel, numbers, given, first + 1, f);
  }
}

// Whether there is no number but the family's, none below 0 or so large that products of them overflow.
bool are_known(const std::vector<Number>& numbers, const Schedule& given) {
  return std::all_of(given.begin(), given.end(), [&](const auto& entry) {
    return entry.second >= 0 && entry.second <= kMostNumber &&
           std::any_of(numbers.begin(), numbers.end(),
                       [&](const Number& number) { return number.name == entry.first; });
  });
}

const std::map<std::string_view, const Space*>& spaces() {
  static const std::map<std::string_view, const Space*> all = {
      {"conv_blocked", &conv_blocked_space},
      {"conv_pairs", &conv_pairs_space},
      {"conv_planar", &conv_planar_space},
      {"conv_winograd", &conv_winograd_space},
      {"conv_winograd_2d", &conv_winograd_2d_space},
      {"conv_depthwise", &conv_depthwise_space},
      {"conv_and_depthwise", &conv_and_depthwise_space},
      {"conv_u8", &conv_u8_space},
      {"conv_bfloat16", &conv_u8_space},
      {"conv_depthwise_u8", &conv_depthwise_space},
      {"dense", &dense_space},
      {"dense_u8", &dense_space},
  };
  return all;
}

std::string shape_of(const Layout& layout) {
  const std::string shape = fmt::format("{}x{}x{}", layout.channels, layout.height, layout.width);
  const std::string blocked = layout.block > 1 ? fmt::format("{}/{}", shape, layout.block) : shape;
  return layout.type != ElementType::float32 ? fmt::format("{} {}", blocked, to_string(layout.type))
                                             : blocked;
}

std::string text_of(const WindowParameters& window) {
  const WindowSteps &y = window.height, &x = window.width;
  std::string text = fmt::format(" filter {}x{} stride {}x{}", y.filter, x.filter, y.stride, x.stride);
  if (y.dilation * x.dilation != 1) text += fmt::format(" dilation {}x{}", y.dilation, x.dilation);
  return text + fmt::format(" pad {},{},{},{}", y.pad_before, y.pad_after, x.pad_before, x.pad_after);
}

bool is_dense(const Kernel& kernel) {
  return std::holds_alternative<DenseParameters>(kernel.parameters);
}

// As the kernel's vectors are: those of channels in blocks have a block each.
Target seen_by(const Kernel& kernel, const Target& target) {
  return is_dense(kernel) ? target : with_vectors(target, kernel.output.block);
}

}  // namespace

const Space* space_of(const std::string& family) {
  const auto found = spaces().find(family);
  return found == spaces().end() ? nullptr : found->second;
}

std::vector<std::string> schedule_families() {
  std::vector<std::string> families;
  for (const auto& [family, space] : spaces()) families.emplace_back(family);
  return families;
}

std::vector<Schedule> schedules_of(const Kernel& kernel, const Target& machine) {
  const Space* space = space_of(kernel.family);
  if (!space) return {kernel.schedule};
  const Target target = seen_by(kernel, machine);
  const std::vector<Number> numbers = space->numbers(kernel, target);
  if (!are_known(numbers, kernel.schedule)) return {};
  std::vector<std::pair<double, Schedule>> costs;
  Kernel tried = kernel;
  for_combinations(tried, numbers, kernel.schedule, 0, [&] {
    const double cost = space->cost(tried, target);
    if (std::isfinite(cost)) costs.emplace_back(cost, tried.schedule);
  });
  std::stable_sort(costs.begin(), costs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Schedule> schedules;
  for (auto& [cost, schedule] : costs) schedules.push_back(std::move(schedule));
  return schedules;
}

bool complete_schedule(Kernel& kernel, const Target& machine) {
  const Space* space = space_of(kernel.family);
  if (!space) return true;
  const Target target = seen_by(kernel, machine);
  const std::vector<Number> numbers = space->numbers(kernel, target);
  if (!are_known(numbers, kernel.schedule)) return false;
  Kernel tried = kernel;
  Schedule best;
  double least = INFINITY;
  for_combinations(tried, numbers, kernel.schedule, 0, [&] {
    const double cost = space->cost(tried, target);
    if (cost >= least) return;
    least = cost;
    best = tried.schedule;
  });
  if (std::isfinite(least)) kernel.schedule = std::move(best);
  return std::isfinite(least);
}

std::string problem_of(const Kernel& kernel) {
  if (!space_of(kernel.family) || kernel.inputs.empty()) return "";
  std::string text = fmt::format("{} {} -> {}", is_dense(kernel) ? "dense" : "conv",
                                 shape_of(kernel.inputs[0]), shape_of(kernel.output));
  const auto* conv = std::get_if<ConvParameters>(&kernel.parameters);
  if (conv) text += text_of(conv->window);
  if (conv && conv->groups != 1) text += fmt::format(" groups {}", conv->groups);
  if (kernel.output.row_step * kernel.output.column_step != 1)
    text += fmt::format(" step {}x{}", kernel.output.row_step, kernel.output.column_step);
  if (kernel.output.images != 1) text += fmt::format(" batch {}", kernel.output.images);
  if (find_prologue(kernel)) text += " of batchnorm";
  return find_inner_conv(kernel) ? text + " of " + problem_of(inner_conv(kernel)) : text;
}

Choice choice_of(const Kernel& kernel) {
  return {kernel.family, kernel.schedule};
}

Choice algorithm_of(const Kernel& kernel) {
  Choice algorithm{kernel.family, {}};
  if (kernel.family == "conv_winograd" || kernel.family == "conv_winograd_2d")
    for (const char* name : {"outputs", "tiles", "planes", "parts", "chunk"})
      if (const auto found = kernel.schedule.find(name); found != kernel.schedule.end())
        algorithm.schedule.insert(*found);
  return algorithm;
}

std::vector<Choice> algorithms_of(const Kernel& kernel, const Target& target) {
  const bool transforms = (kernel.family == "conv_blocked" || kernel.family == "conv_planar" ||
                           kernel.family == "conv_winograd" || kernel.family == "conv_winograd_2d") &&
                          conv_of(kernel).groups == 1 && kernel.output.row_step == 1 &&
                          kernel.output.column_step == 1;
  if (!transforms) return {algorithm_of(kernel)};
  const Layout& input = kernel.inputs[0];
  std::vector<Choice> algorithms{{kernel.output.block == 1 ? "conv_planar" : "conv_blocked", {}}};
  for (WinogradEstimate& estimate :
       winograd_estimates(conv_of(kernel).window, input, kernel.output, seen_by(kernel, target)))
    algorithms.push_back(std::move(estimate.choice));
  return algorithms;
}

std::vector<int64_t> values_up_to(int64_t most) {
  std::vector<int64_t> values(static_cast<size_t>(std::max<int64_t>(most, 1)));
  std::iota(values.begin(), values.end(), 1);
  return values;
}

}  // namespace cnnc
