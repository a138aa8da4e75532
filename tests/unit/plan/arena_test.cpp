// Where the workspace's buffers and the weights lie, for many networks and every instruction set.
#include "plan/memory/arena.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <map>
#include <numeric>
#include <random>

#include "plan/memory/storage.h"
#include "unit/plan/plan_fixture.h"

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

int whole_of(const Plan& plan, int buffer) {
  const int whole = plan.buffers[buffer].whole;
  return whole < 0 ? buffer : whole;
}

// The buffer whose memory this one is in.
int owner_of(const Plan& plan, int buffer) {
  buffer = whole_of(plan, buffer);
  const int onto = plan.buffers[buffer].onto;
  return onto < 0 ? buffer : owner_of(plan, onto);
}

// The bytes of the workspace that these buffers are in, each counted once.
int64_t bytes_of_all(const Plan& plan, const std::vector<int>& buffers) {
  std::map<int, int64_t> bytes;
  for (const int b : buffers)
    if (in_workspace(plan.buffers[b]))
      bytes[owner_of(plan, b)] = round_up(bytes_of(plan.buffers[owner_of(plan, b)]));
  int64_t sum = 0;
  for (const auto& [buffer, size] : bytes) sum += size;
  return sum;
}

// The bytes of all of the workspace's buffers that a step reads or writes.
int64_t touched_bytes(const Plan& plan, const Step& step) {
  std::vector<int> buffers = step.inputs;
  buffers.push_back(step.output);
  if (step.scratch >= 0) buffers.push_back(step.scratch);
  return bytes_of_all(plan, buffers);
}

int64_t sum_of_buffers(const Plan& plan) {
  std::vector<int> buffers(plan.buffers.size());
  std::iota(buffers.begin(), buffers.end(), 0);
  return bytes_of_all(plan, buffers);
}

// Runs the steps on memory that knows whose bytes it holds, by units of 64: the names of what is read after
// it was overwritten, or before it was written. Parts hold the bytes of their whole.
std::string first_clobbered(const Plan& plan) {
  std::vector<int> owner(static_cast<size_t>(plan.workspace_bytes / 64), -1);
  const auto units = [&](int b, const std::function<bool(int&)>& f) {
    const Buffer& buffer = plan.buffers[b];
    for (int64_t at = buffer.offset / 64; at < round_up(buffer.offset + bytes_of(buffer)) / 64; ++at)
      if (!f(owner.at(static_cast<size_t>(at)))) return false;
    return true;
  };
  const auto owns = [&](int b) { return units(b, [&](int& unit) { return unit == whole_of(plan, b); }); };
  const auto write = [&](int b, int whole) { units(b, [&](int& unit) { return unit = whole, true; }); };
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    const Step& step = plan.steps[s];
    const int whole = whole_of(plan, step.output);
    const auto clobbered = [&](bool in_place) {
      for (const int b : step.inputs)
        if (in_workspace(plan.buffers[b]) && (b == plan.buffers[whole].onto) == in_place && !owns(b))
          return fmt::format("{} in {}", plan.buffers[b].name, step.name);
      return std::string();
    };
    if (const std::string name = clobbered(true); !name.empty()) return name;
    if (in_workspace(plan.buffers[whole]))
      write(plan.buffers[whole].first == static_cast<int>(s) ? whole : step.output, whole);
    // Scratch memory and the result are written, and its halo zeroed, while the inputs are read.
    if (step.scratch >= 0) write(step.scratch, step.scratch);
    if (in_workspace(plan.buffers[whole]) && !owns(step.output))
      return fmt::format("the result of {}", step.name);
    if (const std::string name = clobbered(false); !name.empty()) return name;
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
      const Buffer& output = plan.buffers[plan.steps[s].output];
      CHECK((output.whole < 0 ? output.first == static_cast<int>(s) : output.first <= static_cast<int>(s)));
      for (const int input : plan.steps[s].inputs) CHECK(plan.buffers[input].last >= static_cast<int>(s));
    }
    for (size_t a = 0; a < plan.buffers.size(); ++a)
      for (size_t b = 0; b < a; ++b) {
        const Buffer &one = plan.buffers[a], &other = plan.buffers[b];
        if (!in_workspace(one) || !in_workspace(other) || one.first > other.last || other.first > one.last)
          continue;
        if (owner_of(plan, static_cast<int>(a)) == owner_of(plan, static_cast<int>(b))) continue;
        CHECK_FALSE(overlap_in_memory(one, other));
      }
  });
}

TEST_CASE("a part lies in its whole, and what is written in place where its input was") {
  int parts = 0, in_place = 0;
  for_all_plans(false, [&](const Plan& plan) {
    for (const Buffer& buffer : plan.buffers) {
      if (buffer.onto >= 0) {
        const Buffer& input = plan.buffers[buffer.onto];
        ++in_place;
        CHECK(buffer.offset == input.offset);
        CHECK(buffer.layout == input.layout);
        CHECK(buffer.first == input.last);
      }
      if (buffer.whole < 0) continue;
      const Buffer& whole = plan.buffers[buffer.whole];
      ++parts;
      CHECK(whole.whole < 0);
      CHECK(buffer.offset == whole.offset + buffer.first_byte);
      CHECK(buffer.offset + bytes_of(buffer) <= whole.offset + bytes_of(whole));
    }
  });
  CHECK(parts > 0);
  CHECK(in_place > 0);
}

TEST_CASE(
    "a step writes onto its input if that is not needed later, lies as its result, and no vectors overlap") {
  // The input of the batchnorm, which stays a step of its own behind a pool, and whether it is overwritten.
  const auto in_place = [](const std::string& text, Isa isa = Isa::avx512, bool keep_all = false) {
    const Plan plan = plan_of(text, isa, keep_all);
    for (const Step& step : plan.steps)
      if (plan.kernels[step.kernel].family == "batchnorm")
        return plan.buffers[step.output].onto == step.inputs[0];
    return false;
  };
  const std::string start = "input x 32x20x20; conv 32 3x3 pad 1; maxpool 2x2 as p; ";
  CHECK(in_place(start + "batchnorm; maxpool 3x3 stride 1"));
  CHECK_FALSE(in_place(start + "batchnorm; maxpool 3x3 stride 1", Isa::avx512, true));
  CHECK(in_place(start + "batchnorm; add with p; global_avgpool"));  // the sum is the batchnorm's epilogue
  CHECK_FALSE(in_place(start + "batchnorm; conv 32 1x1; add with p; global_avgpool"));  // needed later
  CHECK_FALSE(in_place(start + "batchnorm; conv 32 3x3 pad 1"));     // the result has a halo
  CHECK_FALSE(in_place("input x 32x20x20; batchnorm; conv 8 1x1"));  // the caller's
  CHECK_FALSE(in_place("input x 3x20x16; maxpool 3x3 stride 1 pad 1; batchnorm; output"));  // to the caller
  CHECK_FALSE(in_place(start + "conv 32 1x1; concat with p; conv 8 1x1; output as first; from p; batchnorm; "
                               "conv 8 1x1; output"));  // a part of the concat's result
  // Rows of 17 floats: the second vector of 16 would read 15 that the first has written.
  const std::string planar =
      "input x 3x20x{}; maxpool 3x3 stride 1 pad 1; batchnorm; maxpool 3x3 stride 1 pad 1";
  CHECK(in_place(fmt::format(planar, 16)));
  CHECK_FALSE(in_place(fmt::format(planar, 17)));
  CHECK(in_place(fmt::format(planar, 20), Isa::sse41));
  CHECK_FALSE(in_place(fmt::format(planar, 20), Isa::avx2));
}

TEST_CASE("with all tensors kept, no two buffers overlap at all") {
  for_all_plans(true, [](const Plan& plan) {
    for (size_t a = 0; a < plan.buffers.size(); ++a)
      for (size_t b = 0; b < a; ++b)
        if (in_workspace(plan.buffers[a]) && in_workspace(plan.buffers[b]) &&
            owner_of(plan, static_cast<int>(a)) != owner_of(plan, static_cast<int>(b)))
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
        if (buffer.whole < 0) CHECK(buffer.offset % 64 == 0);
        end = std::max(end, round_up(buffer.offset + bytes_of(buffer)));
      }
      CHECK(plan.workspace_bytes == end + kMargin);
    });
}

TEST_CASE(
    "the workspace is never larger than its buffers, nor smaller than a step needs, and near its bound") {
  for_all_plans(false, [](const Plan& plan) {
    int64_t touched = 0;
    for (const Step& step : plan.steps) touched = std::max(touched, touched_bytes(plan, step));
    CHECK(plan.workspace_bound >= touched + 2 * kMargin);
    CHECK(plan.workspace_bytes >= plan.workspace_bound);
    CHECK(plan.workspace_bytes <= plan.workspace_bound * 105 / 100);
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
    constexpr int64_t kTensor = 16 * 20 * 20 * sizeof(float);
    CHECK(largest < 30 * kTensor);
    CHECK(plan_of(chain(30), isa, true).workspace_bytes > 30 * kTensor);
  }
}

namespace {

// Tensors of a deep network's kind: most are short-lived, of sizes that fall in powers of two as maps shrink;
// some live long, as what a decoder or a dense block reads later does.
std::vector<Tenant> random_tenants(uint64_t seed) {
  std::mt19937_64 random(seed);
  const int count = 2 + static_cast<int>(random() % 150);
  std::vector<Tenant> tenants;
  for (int i = 0; i < count; ++i) {
    const int last = i + 1 + static_cast<int>(random() % 8 == 0 ? random() % 40 : random() % 3);
    const int64_t channels = 1 + static_cast<int64_t>(random() % 16);
    tenants.push_back({i, last, 64 * channels << (random() % 3 * 2)});
  }
  return tenants;
}

}  // namespace

TEST_CASE("tenants alive together do not overlap, and need at most 5 % more than the most that is alive") {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const std::vector<Tenant> tenants = random_tenants(seed);
    const Storage storage = place_tenants(tenants);
    int64_t end = 0;
    bool overlap = false;
    for (size_t a = 0; a < tenants.size(); ++a) {
      end = std::max(end, storage.offsets[a] + tenants[a].bytes);
      for (size_t b = 0; b < a; ++b)
        overlap |= tenants[a].first <= tenants[b].last && tenants[b].first <= tenants[a].last &&
                   storage.offsets[a] < storage.offsets[b] + tenants[b].bytes &&
                   storage.offsets[b] < storage.offsets[a] + tenants[a].bytes;
    }
    CHECK_FALSE(overlap);
    CHECK(storage.bytes == end);
    CHECK(storage.bytes >= most_bytes_alive(tenants));
    CHECK(storage.bytes * 100 <= most_bytes_alive(tenants) * 105);
    CHECK(place_tenants(tenants).offsets == storage.offsets);
  }
}

TEST_CASE("the most that is alive is the largest sum at one step, ends included") {
  CHECK(most_bytes_alive({}) == 0);
  CHECK(most_bytes_alive({{0, 1, 64}, {1, 2, 128}, {2, 3, 64}, {3, 3, 64}}) == 192);
  CHECK(most_bytes_alive({{0, 0, 64}, {1, 1, 128}}) == 128);
}

TEST_CASE("twenty thousand tenants are placed in seconds") {
  std::vector<Tenant> chain, all;
  for (int i = 0; i < 20'000; ++i) {
    chain.push_back({i, i + 1, 64 * (1 + i % 7)});
    all.push_back({0, 20'000, 64 * (1 + i % 7)});
  }
  CHECK(place_tenants(chain).bytes <= most_bytes_alive(chain) * 105 / 100);
  CHECK(place_tenants(all).bytes == most_bytes_alive(all));
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
