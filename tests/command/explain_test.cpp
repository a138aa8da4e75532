// The stories that `cnnc explain` tells, of kernels of all kinds.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "driver/explain/loops.h"
#include "driver/explain/story.h"
#include "driver/front/front.h"
#include "kernels/family_names.h"
#include "passes/passes.h"
#include "target/target.h"

using namespace cnnc;

namespace {

Graph graph_of(const Source& source) {
  return elaborate_source(parse_source(source), source);
}

// The story of each layer whose kernel no other has had.
void tell_all(const Graph& graph, Isa isa, std::set<std::string>& families) {
  const Plan plan = make_plan(optimise(graph), target_for(isa));
  const Schedules none;
  std::set<int> seen;
  for (size_t node = 0; node < graph.nodes.size(); ++node) {
    const Explained layer{graph, node, plan, none};
    const std::optional<PlanLayer> of_plan = plan_layer_of(layer);
    if (!of_plan || !seen.insert(plan.steps[of_plan->steps.back()].kernel).second) continue;
    CAPTURE(graph.nodes[node].name);
    const std::string story = story_of(layer);
    CHECK(story.find("How: " + of_plan->family) != std::string::npos);
    CHECK(story.find("Registers, caches and memory") != std::string::npos);
    families.insert(of_plan->family);
  }
}

}  // namespace

TEST_CASE("every kernel of these networks has a story, on every kind of target") {
  std::set<std::string> families;
  for (const char* sample : {"lenet5/lenet5.dsl", "mobilenet/mobilenet_v2.dsl", "resnet/resnet18.dsl",
                             "segment/segment.dsl", "densenet/densenet121.dsl", "vit/vit_tiny.dsl"}) {
    CAPTURE(sample);
    const Graph graph = graph_of(read_source(CNNC_SOURCE_DIR "/samples/" + std::string(sample)));
    tell_all(graph, Isa::avx512, families);
    tell_all(graph, Isa::sse41, families);
  }
  for (const char* family : {"conv_blocked", "conv_winograd", "conv_winograd_2d", "conv_depthwise",
                             "conv_and_depthwise", "dense", "maxpool", "tensor"})
    CHECK_MESSAGE(families.count(family) == 1, std::string(family));
}

TEST_CASE("a tile that is computed in pieces needs the registers of one") {
  PlanOptions options;
  options.allow_winograd = false;
  const Graph graph = graph_of({"net.dsl", "input x 16x14x14\nconv 24 1x1\nconv 24 3x3 stride 2 pad 1\n"});
  options.choices["conv 24x14x14/8 -> 24x7x7/8 filter 3x3 stride 2x2 pad 1,1,1,1"] = {
      "conv_blocked", {{"blocks", 3}, {"chunk", 0}, {"rows_outer", 0}, {"x", 7}, {"y", 1}}};
  const Target& target = target_for(Isa::avx2);
  const Plan plan = make_plan(optimise(graph), target, options);
  const auto found = std::find_if(plan.kernels.begin(), plan.kernels.end(), [](const Kernel& k) {
    return k.family == "conv_blocked" && k.output.height == 7;
  });
  REQUIRE(found != plan.kernels.end());
  const Kernel& kernel = *found;
  REQUIRE(number(kernel.schedule, "blocks") == 3);
  CHECK(loops_of(kernel, target).loops.back().text ==
        "for each 4 of these 7, for each of 24 input channels x 3x3 taps: load 3 vectors of weights and 4 "
        "elements of the input, and make 12 multiply-adds of vectors");
  CHECK(register_tile_of(kernel, target)->sums == 12);
}

TEST_CASE("a direct convolution's loops and registers are those of its schedule") {
  PlanOptions options;
  options.allow_winograd = false;
  const Graph graph = graph_of({"net.dsl", "input x 16x28x28\nconv 32 1x1\nconv 64 3x3 pad 1 as it\nrelu\n"});
  options.choices["conv 32x28x28/16 -> 64x28x28/16 filter 3x3 stride 1x1 pad 1,1,1,1"] = {
      "conv_blocked", {{"blocks", 2}, {"chunk", 0}, {"rows_outer", 0}, {"x", 7}, {"y", 2}}};
  const Target& target = target_for(Isa::avx512);
  const Plan plan = make_plan(optimise(graph), target, options);
  const Kernel* kernel = nullptr;
  for (const Kernel& k : plan.kernels)
    if (k.output.channels == 64 && k.family == "conv_blocked") kernel = &k;
  REQUIRE(kernel);
  const LoopNest nest = loops_of(*kernel, target);
  std::vector<std::string> loops;
  for (const LoopLine& line : nest.loops) loops.push_back(line.text);
  CHECK(
      loops ==
      std::vector<std::string>{
          "for each 2 of 4 blocks of 16 channels", "for each 2 of 28 rows",
          "for each 7 of 28 pixels of a row",
          "for each of 32 input channels x 3x3 taps: load 2 vectors of weights and 14 elements of the input, "
          "and make 28 multiply-adds of vectors"});
  CHECK(nest.behind == "apply relu in registers, and store the result");
  CHECK(register_tile_of(*kernel, target)->sums == 28);
  CHECK(register_tile_of(*kernel, target)->words == "7 pixels x 2 rows x 2 vectors of channels");
}

TEST_CASE(
    "what is done once is no loop, and the chosen algorithm's multiply-adds are those of its schedule") {
  const Graph graph =
      graph_of({"net.dsl", "input x 16x64x64\nconv 16 3x3 pad 1 as first\nconv 16 3x3 pad 1 as it\n"});
  const std::string problem = "conv 16x64x64/16 -> 16x64x64/16 filter 3x3 stride 1x1 pad 1,1,1,1";
  Schedules schedules;
  const auto chosen_by = [&](const std::string& place) {
    schedules.choices[problem] = {"conv_winograd_2d",
                                  {{"chunk", 0}, {"outputs", 4}, {"parts", 1}, {"planes", 1}, {"tiles", 64}}};
    schedules.places[problem] = place;
    PlanOptions options;
    options.choices = schedules.choices;
    const Plan plan = make_plan(optimise(graph), target_for(Isa::avx512), options);
    return story_of({graph, 2, plan, schedules});
  };
  const std::string shipped = chosen_by("avx512.txt:3");
  CHECK(shipped.find("  conv_winograd_2d, F(4x4, 3x3)        2,359,296 ") != std::string::npos);
  CHECK(shipped.find("multiply-adds 2,359,296 made") != std::string::npos);
  CHECK(shipped.find("A record of measured schedules has the chosen one (docs/schedules.md).") !=
        std::string::npos);
  CHECK(shipped.find(
            "\n  transform the filters into scratch memory\n  for each 64 of 256 tiles of 4x4 pixels: ") !=
        std::string::npos);
  CHECK(shipped.find("1 vectors") == std::string::npos);
  schedules.files["mine.txt"] = {};
  CHECK(chosen_by("mine.txt:2").find("\n  mine.txt:2, of '--schedule', has the chosen one.\n") !=
        std::string::npos);
}

TEST_CASE("the loops of each family are told") {
  for (const std::string& family : kernel_families()) CHECK_MESSAGE(has_loops_in_words(family), family);
  Kernel kernel;
  kernel.family = "conv_of_tomorrow";
  CHECK_THROWS_WITH(loops_of(kernel, target_for(Isa::avx2)),
                    "nobody tells the loops of the family conv_of_tomorrow");
}
