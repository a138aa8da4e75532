// Batches: which steps are run image by image, and where what they compute lies.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "plan/layout/batch.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Names = std::vector<std::string>;

Plan batch_plan(const std::string& text, int64_t images, int64_t cut = -1, Isa isa = Isa::avx512) {
  PlanOptions options;
  options.images = images;
  options.cut = cut;
  return plan_of(text, isa, options);
}

const Buffer& buffer_of(const Plan& plan, std::string_view name) {
  const auto found = std::find_if(plan.buffers.begin(), plan.buffers.end(),
                                  [&](const Buffer& buffer) { return buffer.name == name; });
  REQUIRE(found != plan.buffers.end());
  return *found;
}

// The steps that are run image by image.
Names image_steps(const Plan& plan) {
  const Names all = names_of(plan);
  return {all.begin(), all.begin() + plan.image_steps};
}

constexpr const char* kChain =
    "input x 16x8x8\nconv 16 3x3 pad 1 as a\nconv 32 1x1 as b\nconv 16 1x1 as c\nglobal_maxpool as "
    "d\nflatten\n"
    "dense 10 as e";

}  // namespace

TEST_CASE("large maps are computed image by image, many weights for all images, and one image has no parts") {
  const std::string text =
      "input x 3x128x128\nconv 64 3x3 pad 1 as a\nconv 64 3x3 pad 1 as b\nglobal_avgpool as "
      "p\nflatten\ndense "
      "4000 as d\ndense 4000 as e";
  CHECK(image_steps(batch_plan(text, 8)) == Names{"x as 3x128x128 halo 1,1,1,1", "a", "b", "p"});
  CHECK(batch_plan(text, 1).image_steps == 0);
}

TEST_CASE("a batch whose activations stay in a core's caches is computed all together") {
  CHECK(batch_plan(kChain, 8).image_steps == 0);
  CHECK(
      batch_plan("input x 1x28x28; conv 6 5x5 pad 2; tanh; maxpool 2x2; flatten; dense 120", 8).image_steps ==
      0);
}

TEST_CASE("tensors of bytes of a batch that stay in a core's caches are computed all together") {
  const auto cut_behind = [](const std::string& first) {
    Graph graph;
    for (const std::string& op : {std::string("input"), first, std::string("maxpool")}) {
      Node node;
      node.name = node.op = op;
      node.shape = {1, 64, 64};
      if (!graph.nodes.empty()) node.inputs = {static_cast<NodeId>(graph.nodes.size()) - 1};
      graph.nodes.push_back(node);
    }
    Memory memory;
    memory.own = 96 << 10;  // what maxpool reads and writes: 32 KiB of floats, or 8 of bytes, an image
    memory.shared = INFINITY;
    memory.from_beyond = 10;
    return choose_cut(graph, 8, memory);
  };
  CHECK(cut_behind("relu") == 3);
  CHECK(cut_behind("quantize") == 2);
}

TEST_CASE("what is read image by image alone is stored for one image, what crosses the cut for all of them") {
  const Plan plan = batch_plan(kChain, 3, 3);
  CHECK(image_steps(plan) == Names{"x as 16x8x8 halo 1,1,1,1", "a", "b"});
  CHECK(to_string(buffer_of(plan, "x").layout) == "3 x 16x8x8");
  CHECK(to_string(buffer_of(plan, "a").layout) == "16x8x8/16");
  CHECK(to_string(buffer_of(plan, "b").layout) == "3 x 32x8x8/16");
  CHECK(to_string(buffer_of(plan, "c").layout) == "3 x 16x8x8/16");
  CHECK(to_string(kernel_of(plan, "b").output) == "32x8x8/16");
  CHECK(to_string(kernel_of(plan, "c").inputs[0]) == "3 x 32x8x8/16");
  CHECK(batch_plan(kChain, 3, 100).workspace_bytes < batch_plan(kChain, 3, 0).workspace_bytes);
}

TEST_CASE("kernels that are run image by image are those of a network without a batch") {
  const Plan one = plan_of(kChain), batch = batch_plan(kChain, 3, 100);
  CHECK(batch.image_steps == static_cast<int>(batch.steps.size()));
  for (const char* step : {"a", "b", "c", "d"}) CHECK(kernel_of(batch, step) == kernel_of(one, step));
}

TEST_CASE("what holds all images is alive from the first step to the last that is run image by image") {
  const Plan plan = batch_plan(kChain, 3, 3);
  CHECK(buffer_of(plan, "b").first == 0);
  CHECK(buffer_of(plan, "b").last == 3);
  const Plan early =
      batch_plan(std::string(kChain) + "\noutput\nfrom a\nconv 8 1x1 as f\noutput as side", 3, 3);
  CHECK(to_string(buffer_of(early, "a").layout) == "3 x 16x8x8/16");
  CHECK(buffer_of(early, "a").first == 0);
}

TEST_CASE("a concat that holds all images has parts that do, too, whichever side of the cut computes them") {
  const std::string text =
      "input x 3x4x4\nconv 16 1x1 as a\nconv 32 1x1 as b\nconcat with a as c\nconv 16 1x1 as d\nconcat with "
      "c as "
      "e\nconv 8 3x3 pad 1 as f\noutput";
  for (const int64_t cut : {3, 4, 5}) {
    const Plan plan = batch_plan(text, 3, cut);
    CHECK(to_string(buffer_of(plan, "e").layout) == "3 x 64x4x4/16 halo 1,1,1,1");
    CHECK(to_string(buffer_of(plan, "b").layout) == "3 x 32x4x4/16 halo 1,1,1,1 of 64");
    CHECK(to_string(kernel_of(plan, "b").output) == "32x4x4/16 halo 1,1,1,1");
  }
}

TEST_CASE("a kernel that is run image by image trusts no alignment that only the first image has") {
  const std::string text = "input x 1x7x7\nconv 3 3x3 as a\nconv 3 1x1 as b";
  const Plan plan = batch_plan(text, 2, 2, Isa::avx2);
  CHECK(to_string(buffer_of(plan, "a").layout) == "2 x 3x5x5");
  CHECK(kernel_of(plan, "a").alignments.back() == 4);
  CHECK(kernel_of(plan, "b").alignments.front() == 64);
}

TEST_CASE("outputs of the first part are written image by image, whatever their place among the outputs") {
  const Plan plan = batch_plan(std::string(kChain) + "\noutput\nfrom a\noutput as side", 3, 3);
  CHECK(image_steps(plan) == Names{"x as 16x8x8 halo 1,1,1,1", "a", "b", "a to side"});
  REQUIRE(plan.outputs.size() == 2);
  CHECK(plan.outputs[1].name == "side");
  CHECK(to_string(plan.buffers[plan.steps[3].output].layout) == "3 x 16x8x8");
  CHECK(plan.buffers[plan.steps[3].output].index == 1);
}
