// What must hold of the plans of random networks, many more than are compiled.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "networks/coverage.h"
#include "networks/fault.h"
#include "networks/generator.h"
#include "networks/random_options.h"
#include "networks/thorough.h"
#include "ops/registry.h"
#include "passes/passes.h"

namespace {

using namespace cnnc;

// The first half of the seeds have each way too.
const uint64_t kSeeds = is_thorough() ? 8000 : 4000;
constexpr auto kFloat = static_cast<int64_t>(sizeof(float));

// Each with the seeds that random_test.cpp has for it.
template <class Check>
void for_all_plans(Isa isa, Check check) {
  for (uint64_t seed = static_cast<uint64_t>(isa); seed < kSeeds; seed += 3) {
    const Graph graph = *graph_of(joined(random_network(seed)));
    check(graph, make_plan(optimise(graph), target_for(isa), options_of(seed)));
  }
}

// Whether that float of a buffer is where the promise says, of each image that a step is run for. The
// workspace is aligned to 64 bytes, and a caller's tensor to a float.
bool is_aligned(const Plan& plan, size_t step, const Buffer& buffer, int64_t floats, int64_t promised) {
  if (buffer.place != Buffer::Place::workspace) return promised == kFloat;
  const bool each_image = static_cast<int>(step) < plan.image_steps;
  for (int64_t image = 0; image < (each_image ? buffer.layout.images : 1); ++image)
    if ((buffer.offset + (floats + image * buffer.layout.image_stride()) * kFloat) % promised != 0)
      return false;
  return true;
}

void check_alignments(const Plan& plan) {
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    const Step& step = plan.steps[s];
    const std::vector<int64_t>& promised = plan.kernels[static_cast<size_t>(step.kernel)].alignments;
    const auto buffer = [&](int index) -> const Buffer& { return plan.buffers[static_cast<size_t>(index)]; };
    for (size_t i = 0; i < step.inputs.size(); ++i)
      CHECK_MESSAGE(is_aligned(plan, s, buffer(step.inputs[i]), 0, promised[i]), step.name);
    const Buffer& output = buffer(step.output);
    CHECK_MESSAGE(
        is_aligned(plan, s, output, output.layout.origin() + step.first_byte / kFloat, promised.back()),
        step.name);
  }
}

// How an operator can be computed, but for what is rare: one pixel becoming several, or several one.
std::vector<std::string> ways_of(const Operator& op) {
  static const std::map<std::string_view, std::vector<std::string>> particular = {
      {"conv", {"planar", "planar>blocked", "blocked", "vector"}},
      {"upconv", {"planar>blocked", "blocked", "vector"}},
      {"dense", {"vector"}},
      {"global_avgpool", {"planar>vector", "blocked>vector"}},
      {"global_maxpool", {"planar>vector", "blocked>vector"}},
      {"prelu", {"planar", "blocked", "vector"}},  // its slopes make it no epilogue
      {"softmax", {"planar", "blocked", "vector"}},
      {"log_softmax", {"planar", "blocked", "vector"}},
      {"groupnorm", {"planar", "vector"}},  // groups are rows of a matrix
      {"int32", {"planar", "vector"}},      // an output
      {"matmul", {"planar"}},
      {"grid_sample", {"planar", "blocked"}},  // of a vector it is none
      {"grid_sample_constant", {"planar", "blocked"}},
      {"conv3d", {"planar"}},  // volumes are plain
      {"upconv3d", {"planar"}},
      {"maxpool3d", {"planar"}},
      {"avgpool3d", {"planar"}},
      {"concat", {"none", "blocked"}},  // planar channels are stored, or seen, where they belong
      {"slice", {"none", "blocked"}},
      {"split", {"none", "blocked"}},
      {"channel_shuffle", {"planar", "blocked", "vector"}}};
  if (const auto found = particular.find(op.name); found != particular.end()) return found->second;
  if (op.facts.is_of_any_rank) return {"planar", "blocked", "vector"};
  if (op.facts.is_alias) return {"none"};
  if (op.facts.is_elementwise) return {"planar", "blocked", "vector", "fused"};
  return {"planar", "blocked"};
}

}  // namespace

TEST_CASE(
    "random networks have each operator in every layout that it can have, and no plan promises its kernels "
    "more than how tensors are aligned") {
  for (const Isa isa : {Isa::sse41, Isa::avx2, Isa::avx512}) {
    Coverage coverage;
    for_all_plans(isa, [&](const Graph& graph, const Plan& plan) {
      check_alignments(plan);
      add_to(coverage, graph, plan);
    });
    CAPTURE(to_string(isa));
    CAPTURE(table(coverage));
    for (const Operator* op : operators())
      for (const std::string& way : ways_of(*op))
        CHECK_MESSAGE(coverage[std::string(op->name)][way] > 0, op->name, ": ", way);
  }
}
