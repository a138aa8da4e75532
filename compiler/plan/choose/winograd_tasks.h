// How threads share a convolution by Winograd's transform of whole filters (conv_winograd_2d), and the
// scratch memory that it takes.
#pragma once
#include "plan/kernel.h"
#include "target/target.h"

namespace cnnc {

// What the tasks of a kernel with inputs, output, schedule and tasks are.
// - blocks: a block of tiles each, for all output channels of a group. Each thread transforms the group's
//   filters, once, and the input of its blocks, in scratch memory of its own. Not where blocks overlap: no
//   two tasks store the same element.
// - planes: some output channels of the only block of tiles. Each thread transforms the block's input, once,
//   and the filters of its channels.
// - stages: of each block the input is transformed by all threads, then some output channels are a task.
// What one thread writes and others read costs more than to compute it twice where cores share no cache, and
// then the most to write once more in the next run.
enum class WinogradTasks { none, blocks, planes, stages };
WinogradTasks winograd_tasks(const Kernel& kernel);

// Makes the blocks of tiles smaller, of a kernel with tasks, where by the estimate that makes it hardly
// slower on one thread and its tasks can be shared out more evenly by two; where runs are to be fastest with
// more than two, it may be slower on one.
void balance_winograd_tasks(Kernel& kernel, const Target& target, int64_t threads);

// Most threads that have scratch memory of their own: the runtime keeps a note for each.
constexpr int64_t kMostScratchPlaces = 64;

// Sets what the kernel needs for transformed inputs and filters; of other kernels, nothing. It is enough for
// so many threads.
void set_winograd_scratch(Kernel& kernel, int64_t threads);

}  // namespace cnnc
