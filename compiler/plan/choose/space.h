// The schedules that a kernel can have: of each family which numbers there are, which values of them are
// worth a try, and an estimate of what they cost.
#pragma once
#include <string>
#include <vector>

#include "plan/kernel.h"
#include "plan/schedule.h"
#include "target/target.h"

namespace cnnc {

struct Number {
  std::string name;
  std::vector<int64_t> values;
};

// A family's space. `cost` is of a kernel with all its numbers, and is infinite where they cannot be: tasks
// that overlap, more accumulators than registers. Costs of one kernel can be compared, those of two cannot.
struct Space {
  std::vector<Number> (*numbers)(const Kernel& kernel, const Target& target);
  double (*cost)(const Kernel& kernel, const Target& target);
};

// Null for a family without choice.
const Space* space_of(const std::string& family);

// The families that have one, by name.
std::vector<std::string> schedule_families();

constexpr int64_t kMostNumber = 1 << 20;  // of a schedule; products of a few do not overflow

// All schedules of the kernel that have the numbers which it has already, the least cost first: that is the
// default. Empty if these cannot be.
std::vector<Schedule> schedules_of(const Kernel& kernel, const Target& target);

// Gives the kernel the numbers that it lacks, by the least cost. False, and nothing is changed, if none fit
// those that it has.
bool complete_schedule(Kernel& kernel, const Target& target);

// What a kernel computes, whatever the algorithm, as records name it: the operator, shapes with their blocks,
// window, groups and the batch. "conv 64x56x56/16 -> 64x56x56/16 filter 3x3 stride 1x1 pad 1,1,1,1". Empty
// for a kernel without choice.
std::string problem_of(const Kernel& kernel);

// The algorithms, with the numbers that the plan needs of each, that can solve the kernel's problem. The
// direct one is first, the others by their estimates. Of the kernel, only what the problem names matters.
std::vector<Choice> algorithms_of(const Kernel& kernel, const Target& target);

// The kernel's own algorithm and all its numbers; its algorithm with those alone that the plan needs.
Choice choice_of(const Kernel& kernel);
Choice algorithm_of(const Kernel& kernel);

std::vector<int64_t> values_up_to(int64_t most);  // 1 … most

extern const Space conv_blocked_space, conv_pairs_space, conv_planar_space, conv_winograd_space,
    conv_winograd_2d_space, conv_depthwise_space, conv_u8_space, conv_and_depthwise_space,
    dense_space;  // a file each

}  // namespace cnnc
