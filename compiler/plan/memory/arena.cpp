#include "plan/memory/arena.h"

#include <algorithm>
#include <vector>

#include "plan/memory/in_place.h"
#include "plan/memory/storage.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// Before the first buffer and behind the last: vector loads of which not all floats are used may reach so
// far.
constexpr int64_t kMargin = kAlignment;

int64_t bytes_of(const Buffer& buffer) {
  return round_up(buffer.layout.bytes(), kAlignment);
}

// A part is as long alive as its whole.
void use(Plan& plan, int index, int step) {
  const int whole = plan.buffers[index].whole;
  Buffer& buffer = plan.buffers[whole < 0 ? index : whole];
  if (buffer.first < 0) buffer.first = step;
  buffer.last = step;
}

// What holds all images while steps are run for each must outlive every run of them.
void live_for_all_images(Plan& plan) {
  for (Buffer& buffer : plan.buffers) {
    if (buffer.layout.images == 1 || buffer.first < 0 || buffer.first >= plan.image_steps) continue;
    buffer.first = 0;
    buffer.last = std::max(buffer.last, plan.image_steps - 1);
  }
}

void set_lifetimes(Plan& plan, bool keep_all) {
  const int steps = static_cast<int>(plan.steps.size());
  for (int s = 0; s < steps; ++s) {
    use(plan, plan.steps[s].output, s);
    if (plan.steps[s].scratch >= 0) use(plan, plan.steps[s].scratch, s);
    for (const int input : plan.steps[s].inputs) use(plan, input, s);
  }
  live_for_all_images(plan);
  if (!keep_all) return;
  for (Buffer& buffer : plan.buffers) {
    buffer.first = 0;
    buffer.last = steps - 1;
  }
}

// For each buffer the one that owns its memory: itself, or what it is a part of or takes over.
std::vector<int> owners_of(const Plan& plan) {
  std::vector<int> owners;
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    int owner = static_cast<int>(i);
    for (;;) {
      const Buffer& buffer = plan.buffers[owner];
      if (buffer.whole < 0 && buffer.onto < 0) break;
      owner = buffer.whole >= 0 ? buffer.whole : buffer.onto;
    }
    owners.push_back(owner);
  }
  return owners;
}

// The owners in the workspace, each alive as long as any buffer in its memory.
struct Tenants {
  std::vector<Tenant> tenants;
  std::vector<int> by_buffer;  // -1: not in the workspace
};

Tenants tenants_of(const Plan& plan) {
  const std::vector<int> owners = owners_of(plan);
  Tenants result{{}, std::vector<int>(plan.buffers.size(), -1)};
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    const Buffer& buffer = plan.buffers[i];
    if (buffer.place != Buffer::Place::workspace || owners[i] != static_cast<int>(i)) continue;
    result.by_buffer[i] = static_cast<int>(result.tenants.size());
    result.tenants.push_back({std::max(buffer.first, 0), std::max(buffer.last, 0), bytes_of(buffer)});
  }
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    const int tenant = result.by_buffer[i] = result.by_buffer[owners[i]];
    if (tenant >= 0)
      result.tenants[tenant].last = std::max(result.tenants[tenant].last, plan.buffers[i].last);
  }
  return result;
}

// The most bytes of scratch memory, or of all else, that are alive at one time.
int64_t most_bytes_of(const Plan& plan, const Tenants& tenants, bool of_scratch) {
  std::vector<Tenant> chosen = tenants.tenants;
  std::vector<bool> is_scratch(chosen.size(), false);
  for (const Step& step : plan.steps)
    if (step.scratch >= 0 && tenants.by_buffer[step.scratch] >= 0)
      is_scratch[tenants.by_buffer[step.scratch]] = true;
  for (size_t i = 0; i < chosen.size(); ++i)
    if (is_scratch[i] != of_scratch) chosen[i].bytes = 0;
  return most_bytes_alive(chosen);
}

}  // namespace

void place_in_arena(Plan& plan, bool keep_all) {
  set_lifetimes(plan, keep_all);
  if (!keep_all) choose_in_place(plan);
  const Tenants tenants = tenants_of(plan);
  const Storage storage = place_tenants(tenants.tenants);
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    Buffer& buffer = plan.buffers[i];
    const int64_t start = tenants.by_buffer[i] < 0 ? 0 : kMargin + storage.offsets[tenants.by_buffer[i]];
    buffer.offset = start + buffer.first_byte;
    if (buffer.whole < 0) continue;
    buffer.first = plan.buffers[buffer.whole].first;
    buffer.last = plan.buffers[buffer.whole].last;
  }
  plan.workspace_bytes = storage.bytes + 2 * kMargin;
  plan.workspace_bound = most_bytes_alive(tenants.tenants) + 2 * kMargin;
  plan.tensor_bytes = most_bytes_of(plan, tenants, false);
  plan.scratch_bytes = most_bytes_of(plan, tenants, true);
}

}  // namespace cnnc
