// The plans of a library for several targets: what they share.
#include "plan/plans.h"

#include <doctest/doctest.h>

#include <map>

#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

Plans plans_for(const std::string& text,
                const std::vector<Isa>& isas = {Isa::avx512, Isa::avx2, Isa::sse41}) {
  std::vector<Target> targets;
  for (const Isa isa : isas) targets.push_back(target_for(isa));
  return make_plans(graph_of(text), targets, std::vector<PlanOptions>(isas.size()));
}

// Bytes that lie in the weights more often than once: those of constants beyond the first of a name.
int64_t bytes_stored_again(const Plans& plans) {
  std::map<std::string, int> seen;
  int64_t bytes = 0;
  for (const Constant& constant : plans.constants)
    if (seen[constant.name]++ > 0) bytes += constant.packing.bytes();
  return bytes;
}

// The layers of a convolutional network: strided, pointwise, depthwise, grouped, with channels that fill no
// block.
constexpr const char* kLayers =
    "input x 3x64x64; conv 32 3x3 stride 2 pad 1; relu; conv 32 3x3 pad 1 groups 32; conv 96 1x1; batchnorm; "
    "relu; "
    "conv 64 3x3 pad 1; relu; conv 64 3x3 pad 1 groups 4; conv 200 1x1; maxpool 2x2; conv 48 5x5 pad 2; "
    "global_avgpool; flatten; dense 8000; relu; dense 1000; softmax";

}  // namespace

TEST_CASE("of one target the plans are its plan") {
  for (const Isa isa : kIsas) {
    const Plans plans = plans_for(kLayers, {isa});
    REQUIRE(plans.of_targets.size() == 1);
    CHECK(to_string(plans.best()) == to_string(plan_of(kLayers, isa)));
    CHECK(plans.weights_bytes == plans.best().weights_bytes);
    CHECK(plans.constants.size() == plans.best().constants.size());
    CHECK(workspace_bytes(plans) == plans.best().workspace_bytes);
    CHECK(count_layers(plans) == count_layers(plans.best()));
  }
}

TEST_CASE("every target has the layouts of the best one") {
  const Plans plans = plans_for(kLayers);
  REQUIRE(plans.of_targets.size() == 3);
  for (const Plan& plan : plans.of_targets)
    for (const Kernel& kernel : plan.kernels) {
      CAPTURE(to_string(kernel));
      if (kernel.family.substr(0, 4) == "conv") CHECK(kernel.output.block == 16);
    }
}

TEST_CASE("weights that are packed alike lie in one place") {
  const Plans plans = plans_for(kLayers);
  CHECK(bytes_stored_again(plans) == 0);
  CHECK(plans.weights_bytes == plans.best().weights_bytes);
  for (const Plan& plan : plans.of_targets)
    for (const Constant& constant : plan.constants) {
      const auto stored = std::find_if(
          plans.constants.begin(), plans.constants.end(),
          [&](const Constant& c) { return c.name == constant.name && c.offset == constant.offset; });
      REQUIRE(stored != plans.constants.end());
      CHECK(stored->packing == constant.packing);
    }
}

TEST_CASE("weights with the name and the packing of others, and other values, lie beside them") {
  Graph graph = graph_of("input x 16x4x4; conv 16 1x1");
  std::vector<float> values(256);
  graph.nodes[1].parameters[0].values = std::make_shared<const std::vector<float>>(values);
  graph.nodes[1].parameters[1].values = std::make_shared<const std::vector<float>>(16);
  const std::vector<Target> targets = {target_for(Isa::avx512), target_for(Isa::avx2)};
  const Plans same = make_plans(graph, targets, std::vector<PlanOptions>(2));
  CHECK(same.constants.size() == 2);
}

TEST_CASE("weights of a dense layer are packed once, in tiles that fit all registers, with little padding") {
  for (const auto& [outputs, tile] : {std::pair{10, 16}, {120, 32}, {84, 48}, {100, 32}, {500, 32}}) {
    CAPTURE(outputs);
    const Plans few = plans_for("input x 40; dense " + std::to_string(outputs));
    CHECK(bytes_stored_again(few) == 0);
    for (const Plan& plan : few.of_targets) CHECK(dense_of(kernel_of(plan, "dense1")).tile == tile);
  }
  const Plans many = plans_for("input x 4096; dense 4096");
  CHECK(bytes_stored_again(many) == 0);
  for (const Plan& plan : many.of_targets) CHECK(dense_of(kernel_of(plan, "dense1")).tile <= 48);
  CHECK(dense_of(kernel_of(plan_of("input x 4096; dense 4096"), "dense1")).tile > 48);
}

TEST_CASE(
    "of many weights the algorithm that packs them in its own way is followed, and another is not begun") {
  const std::pair<std::string, std::string> convs[] = {
      {"input x 16x20x20; conv 48 1x1; conv 48 5x5 pad 2", "conv_winograd"},
      {"input x 40x20x20; conv 40 1x1; conv 24 5x5 pad 2 stride 2", "conv_pairs"},
      {"input x 64x20x20; conv 256 1x1; conv 3 7x7 pad 3", "conv_few_outputs"},
      {"input x 64x14x14; conv 256 1x1; conv 256 3x3 pad 1", "conv_winograd_2d"}};
  for (const auto& [text, family] : convs) {
    CAPTURE(text);
    const Plans plans = plans_for(text, {Isa::avx512, Isa::avx2});
    CHECK(kernel_of(plans.best(), "conv2").family == family);
    CHECK(bytes_stored_again(plans) == 0);
  }
}

TEST_CASE("a choice that would want the weights packed otherwise than the best target's is ignored") {
  const std::string text = "input x 64x14x14; conv 256 1x1; conv 256 3x3 pad 1";
  const std::string problem = "conv 256x14x14/16 -> 256x14x14/16 filter 3x3 stride 1x1 pad 1,1,1,1";
  const auto plans_by = [&](const Choice& choice) {
    std::vector<PlanOptions> options(2);
    options[1].choices[problem] = choice;
    return make_plans(graph_of(text), {target_for(Isa::avx512), target_for(Isa::avx2)}, options);
  };
  const Plans alike = plans_by({"conv_blocked", {{"x", 7}, {"y", 1}, {"blocks", 1}}});
  CHECK(kernel_of(alike.of_targets[1], "conv2").family == "conv_blocked");
  CHECK(alike.of_targets[1].ignored_choices.empty());
  CHECK(bytes_stored_again(alike) == 0);
  const Plans otherwise = plans_by({"conv_winograd", {{"outputs", 2}}});
  CHECK(kernel_of(otherwise.of_targets[1], "conv2").family == "conv_winograd_2d");
  CHECK(otherwise.of_targets[1].ignored_choices == std::vector<std::string>{problem});
  CHECK(bytes_stored_again(otherwise) == 0);
}

TEST_CASE("no target's kernel asks for more registers than it has") {
  CHECK(with_vectors(target_for(Isa::avx512), 16).registers == 32);
  const Target wide = with_vectors(target_for(Isa::avx2), 16);
  CHECK(wide.lanes == 16);
  CHECK(wide.registers == 8);
  CHECK(wide.parts == 2);
  CHECK(with_vectors(wide, 16).registers == 8);
  CHECK(with_vectors(target_for(Isa::sse41), 16).registers == 4);
}
