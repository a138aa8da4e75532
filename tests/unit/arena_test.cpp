// Where the workspace's buffers and the weights lie, for many networks and every instruction set.
#include "plan/arena.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <map>

#include "plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

bool in_workspace(const Buffer& buffer) {
  return buffer.place == Buffer::Place::workspace;
}

bool overlap_in_memory(const Buffer& a, const Buffer& b) {
  return a.offset < b.offset + bytes_of(b) && b.offset < a.offset + bytes_of(a);
}

int64_t round_up(int64_t n) {
  return (n + 63) / 64 * 64;
}

// The bytes of all of the workspace's buffers that a step reads or writes.
int64_t touched_bytes(const Plan& plan, const Step& step) {
  std::map<int, int64_t> bytes;
  for (const int b : step.inputs) bytes[b] = round_up(bytes_of(plan.buffers[b]));
  bytes[step.output] = round_up(bytes_of(plan.buffers[step.output]));
  int64_t sum = 0;
  for (const auto& [buffer, size] : bytes)
    if (in_workspace(plan.buffers[buffer])) sum += size;
  return sum;
}

int64_t sum_of_buffers(const Plan& plan) {
  int64_t sum = 0;
  for (const Buffer& buffer : plan.buffers) sum += in_workspace(buffer) ? round_up(bytes_of(buffer)) : 0;
  return sum;
}

// Runs the steps on memory that knows whose bytes it holds, by units of 64: the names of what is read after
// it was overwritten, or before it was written.
std::string first_clobbered(const Plan& plan) {
  std::vector<int> owner(static_cast<size_t>(plan.workspace_bytes / 64), -1);
  const auto owns = [&](int b) {
    const Buffer& buffer = plan.buffers[b];
    for (int64_t at = buffer.offset / 64; at < round_up(buffer.offset + bytes_of(buffer)) / 64; ++at)
      if (owner.at(static_cast<size_t>(at)) != b) return false;
    return true;
  };
  for (const Step& step : plan.steps) {
    const Buffer& output = plan.buffers[step.output];
    if (in_workspace(output))
      for (int64_t at = output.offset / 64; at < round_up(output.offset + bytes_of(output)) / 64; ++at)
        owner.at(static_cast<size_t>(at)) = step.output;
    // The result is written, and its halo zeroed, while the inputs are read.
    for (const int b : step.inputs)
      if (in_workspace(plan.buffers[b]) && !owns(b))
        return fmt::format("{} in {}", plan.buffers[b].name, step.name);
  }
  return "";
}

// Every network on every instruction set.
void for_all_plans(bool keep_all, const std::function<void(const Plan&)>& f) {
  for (const std::string& text : kNetworks)
    for (const Isa isa : kIsas) {
      const Plan plan = plan_of(text, isa, keep_all);
      CAPTURE(to_string(plan));
      f(plan);
    }
}

std::string chain(int convs) {
  return fmt::format("input x 16x20x20; conv 16 1x1; repeat {} {{ conv 16 3x3 pad 1; relu }}; global_avgpool",
                     convs);
}

// Bytes before the first and behind the last buffer, where a vector load may reach.
constexpr int64_t kMargin = 64;

}  // namespace

TEST_CASE("no tensor is overwritten before its last reader") {
  for (const bool keep_all : {false, true})
    for_all_plans(keep_all, [](const Plan& plan) { CHECK(first_clobbered(plan) == ""); });
}

TEST_CASE(
    "a buffer lives from the step that writes it to the last that reads it, and no two that live together "
    "overlap") {
  for_all_plans(false, [](const Plan& plan) {
    for (size_t s = 0; s < plan.steps.size(); ++s) {
      CHECK(plan.buffers[plan.steps[s].output].first == static_cast<int>(s));
      for (const int input : plan.steps[s].inputs) CHECK(plan.buffers[input].last >= static_cast<int>(s));
    }
    for (size_t a = 0; a < plan.buffers.size(); ++a)
      for (size_t b = 0; b < a; ++b) {
        const Buffer &one = plan.buffers[a], &other = plan.buffers[b];
        if (!in_workspace(one) || !in_workspace(other) || one.first > other.last || other.first > one.last)
          continue;
        CHECK_FALSE(overlap_in_memory(one, other));
      }
  });
}

TEST_CASE("with all tensors kept, no two buffers overlap at all") {
  for_all_plans(true, [](const Plan& plan) {
    for (size_t a = 0; a < plan.buffers.size(); ++a)
      for (size_t b = 0; b < a; ++b)
        if (in_workspace(plan.buffers[a]) && in_workspace(plan.buffers[b]))
          CHECK_FALSE(overlap_in_memory(plan.buffers[a], plan.buffers[b]));
    CHECK(plan.workspace_bytes == sum_of_buffers(plan) + 2 * kMargin);
  });
}

TEST_CASE("offsets are multiples of 64, and the workspace ends a margin behind its last buffer") {
  for (const bool keep_all : {false, true})
    for_all_plans(keep_all, [](const Plan& plan) {
      int64_t end = kMargin;
      for (const Buffer& buffer : plan.buffers) {
        if (!in_workspace(buffer)) continue;
        CHECK(buffer.offset >= kMargin);
        CHECK(buffer.offset % 64 == 0);
        end = std::max(end, round_up(buffer.offset + bytes_of(buffer)));
      }
      CHECK(plan.workspace_bytes == end + kMargin);
    });
}

TEST_CASE("the workspace is never larger than its buffers, nor smaller than a step needs") {
  for_all_plans(false, [](const Plan& plan) {
    CHECK(plan.workspace_bytes <= sum_of_buffers(plan) + 2 * kMargin);
    for (const Step& step : plan.steps) CHECK(plan.workspace_bytes >= touched_bytes(plan, step));
  });
}

TEST_CASE("the workspace of a chain is that of its largest step, however long it is") {
  for (const Isa isa : kIsas) {
    const Plan chain_of_3 = plan_of(chain(3), isa), chain_of_30 = plan_of(chain(30), isa);
    int64_t largest = 0;
    for (const Step& step : chain_of_30.steps) largest = std::max(largest, touched_bytes(chain_of_30, step));
    CHECK(chain_of_30.workspace_bytes == largest + 2 * kMargin);
    CHECK(chain_of_3.workspace_bytes == largest + 2 * kMargin);
    CHECK(plan_of(chain(30), isa, true).workspace_bytes > 20 * largest / 2);
  }
}

TEST_CASE("constants lie one after the other, each at a multiple of 64 bytes") {
  for_all_plans(false, [](const Plan& plan) {
    int64_t end = 0;
    for (const Constant& constant : plan.constants) {
      CHECK(constant.offset == end);
      end = round_up(end + constant.packing.elements() * static_cast<int64_t>(sizeof(float)));
    }
    CHECK(plan.weights_bytes == end);
  });
}
