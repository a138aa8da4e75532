#include "plan/arena.h"

#include <algorithm>
#include <numeric>

#include "support/checked.h"

namespace cnnc {

namespace {

// Before the first buffer and behind the last: vector loads of which not all floats are used may reach so
// far.
constexpr int64_t kMargin = kAlignment;

int64_t bytes_of(const Buffer& buffer) {
  const int64_t bytes = buffer.layout.elements() * static_cast<int64_t>(sizeof(float));
  return round_up(bytes, kAlignment);
}

// A part is as long alive as its whole.
void use(Plan& plan, int index, int step) {
  const int whole = plan.buffers[index].whole;
  Buffer& buffer = plan.buffers[whole < 0 ? index : whole];
  if (buffer.first < 0) buffer.first = step;
  buffer.last = step;
}

void set_lifetimes(Plan& plan, bool keep_all) {
  const int steps = static_cast<int>(plan.steps.size());
  for (int s = 0; s < steps; ++s) {
    use(plan, plan.steps[s].output, s);
    for (const int input : plan.steps[s].inputs) use(plan, input, s);
  }
  if (!keep_all) return;
  for (Buffer& buffer : plan.buffers) {
    buffer.first = 0;
    buffer.last = steps - 1;
  }
}

bool alive_together(const Buffer& a, const Buffer& b) {
  return a.first <= b.last && b.first <= a.last;
}

// The lowest offset at which the buffer overlaps none of those placed before that are alive with it.
int64_t lowest_offset(const Plan& plan, const Buffer& buffer, const std::vector<int>& placed) {
  std::vector<std::pair<int64_t, int64_t>> taken;  // begin, end
  for (const int other : placed)
    if (alive_together(plan.buffers[other], buffer))
      taken.emplace_back(plan.buffers[other].offset,
                         plan.buffers[other].offset + bytes_of(plan.buffers[other]));
  std::sort(taken.begin(), taken.end());
  int64_t offset = kMargin;
  for (const auto& [begin, end] : taken) {
    if (offset + bytes_of(buffer) <= begin) break;
    offset = std::max(offset, end);
  }
  return offset;
}

}  // namespace

// Greedy by size (Pisarchyk & Lee 2020, "Efficient Memory Management for Deep Neural Net Inference",
// section 5.2): the largest first, each at the lowest place that is free while it lives.
void place_in_arena(Plan& plan, bool keep_all) {
  set_lifetimes(plan, keep_all);
  std::vector<int> order;
  for (size_t i = 0; i < plan.buffers.size(); ++i)
    if (plan.buffers[i].place == Buffer::Place::workspace && plan.buffers[i].whole < 0)
      order.push_back(static_cast<int>(i));
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return bytes_of(plan.buffers[a]) > bytes_of(plan.buffers[b]); });
  plan.workspace_bytes = 2 * kMargin;
  std::vector<int> placed;
  for (const int i : order) {
    plan.buffers[i].offset = lowest_offset(plan, plan.buffers[i], placed);
    plan.workspace_bytes =
        std::max(plan.workspace_bytes, plan.buffers[i].offset + bytes_of(plan.buffers[i]) + kMargin);
    placed.push_back(i);
  }
  for (Buffer& part : plan.buffers) {
    if (part.whole < 0) continue;
    const Buffer& whole = plan.buffers[part.whole];
    part.first = whole.first;
    part.last = whole.last;
    part.offset = whole.offset + part.first_float * static_cast<int64_t>(sizeof(float));
  }
}

}  // namespace cnnc
