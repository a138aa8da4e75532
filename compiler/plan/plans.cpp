#include "plan/plans.h"

#include <algorithm>
#include <map>

#include "support/checked.h"

namespace cnnc {

namespace {

bool is_packed_alike(const Constant& a, const Constant& b) {
  const auto is_same = [](const auto& x, const auto& y) { return x == y || (x && y && *x == *y); };
  return a.packing == b.packing && is_same(a.values, b.values) && is_same(a.integers, b.integers);
}

// Moves the constants of all plans to one memory. Those of one plan are not compared with each other: without
// values, as 'summary' has them, the weights of an upconv's phases would look alike.
void share_constants(Plans& plans) {
  std::multimap<std::string, size_t> by_name;
  for (Plan& plan : plans.of_targets) {
    const size_t of_others = plans.constants.size();
    for (Constant& constant : plan.constants) {
      const auto [begin, end] = by_name.equal_range(constant.name);
      const auto same = std::find_if(begin, end, [&](const auto& entry) {
        return entry.second < of_others && is_packed_alike(plans.constants[entry.second], constant);
      });
      if (same != end) {
        constant.offset = plans.constants[same->second].offset;
        continue;
      }
      constant.offset = plans.weights_bytes;
      plans.weights_bytes += round_up(constant.packing.bytes(), kAlignment);
      by_name.emplace(constant.name, plans.constants.size());
      plans.constants.push_back(constant);
    }
  }
}

// Outputs of which each target has the sums in its registers, and some left for weights and inputs.
int64_t dense_tile_of(const std::vector<Target>& targets) {
  int64_t least = INT64_MAX;
  for (const Target& target : targets)
    least = std::min<int64_t>(least, target.registers * 3 / 4 * target.lanes);
  return least;
}

int64_t most_bytes(const Plans& plans) {
  int64_t most = 0;
  for (const Plan& plan : plans.of_targets) most = std::max(most, plan.workspace_bytes);
  return most;
}

// Of the floats that are made of pictures for the inputs before this one.
int64_t bytes_before(const Plan& plan, size_t input) {
  int64_t bytes = 0;
  for (size_t i = 0; i < input; ++i)
    if (pixels_of_input(plan, i))
      bytes +=
          round_up(plan.images * plan.input_shapes[i].elements() * size_of(ElementType::float32), kAlignment);
  return bytes;
}

}  // namespace

Plans plans_of(Plan plan) {
  Plans plans;
  for (Constant& constant : plan.constants) {  // those of a plan of several lie among others'
    constant.offset = plans.weights_bytes;
    plans.weights_bytes += round_up(constant.packing.bytes(), kAlignment);
  }
  plans.constants = plan.constants;
  plans.of_targets.push_back(std::move(plan));
  return plans;
}

Sharing sharing_of(const std::vector<Target>& targets, const Plan* best) {
  return {targets[0], dense_tile_of(targets), best};
}

Plans make_plans(const Graph& graph, const std::vector<Target>& targets, std::vector<PlanOptions> options) {
  if (targets.size() == 1) return plans_of(make_plan(graph, targets[0], options.at(0)));
  Plans plans;
  plans.of_targets.reserve(targets.size());
  for (size_t i = 0; i < targets.size(); ++i) {
    options.at(i).sharing = sharing_of(targets, i > 0 ? &plans.best() : nullptr);
    plans.of_targets.push_back(make_plan(graph, targets[i], options[i]));
  }
  share_constants(plans);
  return plans;
}

int64_t pixels_bytes(const Plan& plan) {
  return bytes_before(plan, plan.inputs.size());
}

int64_t place_of_pixels(const Plans& plans, size_t input) {
  return most_bytes(plans) + bytes_before(plans.best(), input);
}

int64_t workspace_bytes(const Plans& plans) {
  return most_bytes(plans) + pixels_bytes(plans.best());
}

bool has_target_for_bytes(const Plans& plans) {
  return std::any_of(plans.of_targets.begin(), plans.of_targets.end(),
                     [](const Plan& plan) { return plan.target.only_for.has_value(); });
}

int64_t count_layers(const Plans& plans) {
  int64_t most = 0;
  for (const Plan& plan : plans.of_targets) most = std::max(most, count_layers(plan));
  return most;
}

}  // namespace cnnc
