// From a graph to a plan: layouts, and which kernels, copies and constants each network becomes.
#include "plan/plan.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "plan/layout/layouts.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

using Names = std::vector<std::string>;

// The layouts of a text's tensors, by name.
Layout layout_of(const std::string& text, const std::string& name, Isa isa = Isa::avx512) {
  const Graph graph = graph_of(text);
  const std::vector<Layout> layouts = choose_layouts(graph, target_for(isa), 1, 0);
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (graph.nodes[i].name == name) return layouts[i];
  FAIL("no node ", name);
  return {};
}

std::string layout_text(const std::string& text, const std::string& name, Isa isa = Isa::avx512) {
  return to_string(layout_of(text, name, isa));
}

void for_all_plans(const std::function<void(const Plan&)>& f) {
  for (const std::string& text : kNetworks)
    for (const Isa isa : kIsas) {
      const Plan plan = plan_of(text, isa);
      CAPTURE(to_string(plan));
      f(plan);
    }
}

// What make_plan says of a text that it does not compile, and the words that it points at.
std::pair<std::string, std::string> unsupported(const std::string& text) {
  try {
    plan_of(text);
  } catch (const Unsupported& error) {
    return {error.message, text.substr(error.where.begin, error.where.end - error.where.begin)};
  }
  return {};
}

// Of element (0, 0, 0), in bytes.
int64_t origin_in_workspace(const Buffer& buffer) {
  return buffer.offset + buffer.layout.origin() * static_cast<int64_t>(sizeof(float));
}

}  // namespace

TEST_CASE("an input is plain, as the caller has it") {
  CHECK(layout_text("input x 3x8x8; conv 16 3x3 pad 1", "x") == "3x8x8");
  CHECK(layout_text("input x 32x8x8; relu", "x") == "32x8x8");
  CHECK(layout_text("input x 33; dense 5", "x") == "33x1x1");
}

TEST_CASE("a vector that a kernel writes is padded to whole vectors") {
  CHECK(layout_text("input x 33; relu as r", "r") == "33x1x1/16");
  CHECK(layout_text("input x 33; relu as r", "r", Isa::sse41) == "33x1x1/4");
}

TEST_CASE("a conv's result is blocked by the target's lanes") {
  const std::string text = "input x 3x8x8; conv 32 3x3 pad 1 as c";
  CHECK(layout_text(text, "c", Isa::sse41) == "32x8x8/4");
  CHECK(layout_text(text, "c", Isa::avx2) == "32x8x8/8");
  CHECK(layout_text(text, "c", Isa::avx512) == "32x8x8/16");
}

TEST_CASE("a conv of a planar input to few channels is planar, where its rows fill vectors better") {
  CHECK(layout_of("input x 1x28x28; conv 6 5x5 pad 2 as c", "c").block == 1);
  CHECK(layout_of("input x 1x28x28; conv 16 5x5 pad 2 as c", "c").block == 16);
  CHECK(layout_of("input x 1x28x28; conv 6 5x5 pad 2 stride 2 as c", "c").block == 16);
  CHECK(layout_of("input x 2x28x28; conv 6 5x5 pad 2 groups 2 as c", "c").block == 16);
  CHECK(layout_of("input x 1x28x28; conv 16 1x1; conv 6 5x5 pad 2 as c", "c").block == 16);
  CHECK(layout_of("input x 1x28x2; conv 12 1x1 as c", "c").block == 16);
}

TEST_CASE("a pool, an activation and an add keep their input's block; mixed inputs meet in the blocked one") {
  const std::string planar = "input x 1x28x28; conv 6 5x5 pad 2; ",
                    blocked = "input x 1x28x28; conv 32 5x5 pad 2; ";
  for (const char* op : {"maxpool 2x2 as r", "avgpool 2x2 as r", "maxpool 2x2; relu as r",
                         "global_avgpool as r", "batchnorm; maxpool 2x2; sigmoid as r"}) {
    CAPTURE(op);
    CHECK(layout_of(planar + op, "r").block == 1);
    CHECK(layout_of(blocked + op, "r").block == 16);
  }
  const std::string mixed =
      "input x 6x28x28; maxpool 1x1 as p; from x; conv 6 5x5 pad 2 stride 1x1 groups 6 as c\n"
      "maxpool 1x1; add with p, x as sum";
  CHECK(layout_of(mixed, "p").block == 1);
  CHECK(layout_of(mixed, "sum").block == 16);
}

TEST_CASE("a map of few channels is planar where its rows fill vectors, but for depthwise convs") {
  const std::string blocked = "input x 3x20x33; conv 32 1x1 as a; ";
  for (const char* ops : {"conv 4 1x1 as r", "conv 1 3x3 pad 1; sigmoid as r", "upconv 3 2x2 stride 2 as r",
                          "conv 4 1x1; softmax as r", "conv 3 1x1; add with x; square as r",
                          "conv 3 1x1; upsample 2 mode bilinear as r", "slice 2 5 as r",
                          "conv 2 1x1 as b; conv 1 1x1; concat with b as r"}) {
    CAPTURE(ops);
    CHECK(layout_of(blocked + ops, "r").block == 1);
  }
  for (const char* ops :
       {"conv 5 1x1 as r", "conv 4 1x1 groups 4 as r", "conv 4 1x1 as r; conv 4 3x3 pad 1 groups 4",
        "conv 4 1x1; conv 4 3x3 pad 1 groups 4; relu as r", "conv 4 1x1 stride 3 as r"}) {
    CAPTURE(ops);
    CHECK(layout_of(blocked + ops, "r").block == 16);
  }
  CHECK(layout_of(blocked + "conv 4 1x1 as r", "r", Isa::avx2).block == 8);
  CHECK(layout_of(blocked + "conv 2 1x1 as r", "r", Isa::avx2).block == 1);
  CHECK(layout_of(blocked + "conv 1 1x1 as r", "r", Isa::sse41).block == 1);
}

TEST_CASE("what is made of few channels on the way is nowhere copied to another layout") {
  const Plan plan = plan_of(
      "input x 3x20x33; conv 32 1x1 as a; conv 3 1x1; tanh as t; add with x; square as s\n"
      "from a; slice 0 3; multiply with s, t; concat with t; slice 2 5; softmax");
  for (const Step& step : plan.steps) CHECK_MESSAGE(kernel_of(plan, step.name).family != "copy", step.name);
}

TEST_CASE("a permuted map and a tensor program's output are planar") {
  const std::string blocked = "input x 3x20x33; conv 32 1x1 as a; ";
  CHECK(layout_of(blocked + "permute 1 2 0 as r; conv 5 1x1", "r").block == 1);
  CHECK(layout_of(blocked + "permute 0 2 1 as r; conv 5 1x1", "r").block == 16);
  CHECK(layout_of(blocked + "crop rows 2 9 as r; conv 5 1x1", "r").block == 16);
  CHECK(names_of(plan_of(blocked + "permute 1 2 0")) == std::vector<std::string>{"a", "permute1"});
  CHECK(layout_of(blocked + "reduce_mean 2 as r", "r").block == 16);  // sums of vectors
  CHECK(names_of(plan_of(blocked + "crop rows 2 9")) == std::vector<std::string>{"a", "crop1"});
}

TEST_CASE("softmax is plain") {
  CHECK(layout_text("input x 33; dense 20; softmax as s", "s") == "20x1x1");
}

TEST_CASE("flatten has its input's layout") {
  const std::string text = "input x 3x8x8; conv 20 3x3 as c; flatten as f; dense 5";
  CHECK(layout_of(text, "f") == layout_of(text, "c"));
}

TEST_CASE("a tensor has a halo as wide as the widest padding of the convs that read it, and no other") {
  const std::string text =
      "input x 3x8x8; conv 32 3x3 pad 1 as c; conv 16 3x3 pad 1 0 2 0 as d; from c; conv 16 3x3 pad 0 3 1 0 "
      "as e\n"
      "from c; maxpool 3x3 pad 1 as p";
  const std::string with_outputs = text + "; output; from d; output as o; from e; output as q";
  CHECK(layout_text(with_outputs, "x") == "3x8x8");
  CHECK(layout_text(with_outputs, "c") == "32x8x8/16 halo 1,3,2,0");
  CHECK(layout_of(with_outputs, "d").has_halo() == false);
  CHECK(layout_of(with_outputs, "p").has_halo() == false);
}

TEST_CASE(
    "a dense layer's outputs are in equal tiles of at most half of the registers, half vectors where they "
    "pad less") {
  CHECK(layout_text("input x 400; dense 40 as d", "d") == "40x1x1/40");     // 5 half vectors
  CHECK(layout_text("input x 400; dense 120 as d", "d") == "120x1x1/128");  // 15 would pad little less
  CHECK(layout_text("input x 400; dense 10 as d", "d") == "10x1x1/16");
  CHECK(layout_text("input x 40; dense 1000 as d", "d") == "1000x1x1/256");  // 63 vectors, 4 tiles of 16
  for (const Isa isa : kIsas)
    for (int64_t outputs = 1; outputs < 700; outputs += 3) {
      const Target target = target_for(isa);
      const Layout l = layout_of(fmt::format("input x 9; dense {} as d", outputs), "d", isa);
      CAPTURE(to_string(l));
      CHECK(l.block % (target.lanes / 2) == 0);
      CHECK(l.block <= target.registers / 2 * target.lanes);
      CHECK(l.elements() >= outputs);
      CHECK(l.elements() - outputs < target.lanes + (l.planes() - 1) * target.lanes);
    }
}

TEST_CASE(
    "LeNet's plan: each layer a step with its activation, the image copied once, the result written "
    "directly") {
  const Plan plan = plan_of(kNetworks[0]);
  CHECK(names_of(plan) == Names{"x as 1x28x28 halo 2,2,2,2", "tanh1", "maxpool1", "relu1", "maxpool2",
                                "relu2", "relu3", "dense3", "softmax1"});
  CHECK(families_of(plan) == Names{"copy", "conv_winograd", "maxpool", "conv_winograd", "maxpool", "dense",
                                   "dense", "dense", "softmax"});
  CHECK(plan.steps[1].covers == Names{"conv1", "tanh1"});
  CHECK(plan.buffers[plan.steps.back().output].place == Buffer::Place::output);
}

TEST_CASE("convs in a row that pad need no copies between them") {
  const Plan plan = plan_of(
      "input x 16x9x9; conv 16 3x3 pad 1; conv 16 5x5 pad 2; conv 16 3x3 pad 1; relu; global_avgpool");
  CHECK(names_of(plan) == Names{"x as 16x9x9 halo 1,1,1,1", "conv1", "conv2", "relu1", "global_avgpool1"});
}

TEST_CASE("a result in the caller's order is written to the output directly, any other is copied to it") {
  CHECK(families_of(plan_of("input x 3x8x8; maxpool 2x2")) == Names{"maxpool"});
  CHECK(families_of(plan_of("input x 9; dense 32")) == Names{"dense"});
  CHECK(families_of(plan_of("input x 9; dense 31")) == Names{"dense", "copy"});
  CHECK(names_of(plan_of("input x 3x8x8; conv 16 1x1 as c; output as map")) == Names{"c", "c to map"});
  CHECK(names_of(plan_of("input x 3x8x8; relu as r; output; from x; output as same")) ==
        Names{"r", "x to same"});
}

TEST_CASE("a tensor that is two outputs is computed once and copied once") {
  const Plan plan = plan_of("input x 3x8x8; maxpool 2x2 as p; output as one; output as two");
  CHECK(names_of(plan) == Names{"p", "p to two"});
  CHECK(plan.steps[1].inputs == std::vector<int>{plan.steps[0].output});
}

TEST_CASE("an output that is read further on is read from where the caller gets it") {
  const Plan plan =
      plan_of("input x 3x8x8; maxpool 2x2 as p; output as one; maxpool 2x2 as q; output as two");
  CHECK(names_of(plan) == Names{"p", "q"});
  for (const Buffer& buffer : plan.buffers) CHECK(buffer.place != Buffer::Place::workspace);
}

TEST_CASE("equal kernels are shared, and kernels in a plan are distinct") {
  const Plan plan =
      plan_of("input x 16x12x12; conv 16 1x1; repeat 6 { conv 16 3x3 pad 1; relu }; global_avgpool");
  const auto of_the_body = [&](const std::string& name) { return &kernel_of(plan, name); };
  CHECK(of_the_body("relu1") == of_the_body("relu5"));
  CHECK(of_the_body("relu1") != of_the_body("relu6"));  // its result has no halo
  for_all_plans([](const Plan& p) {
    for (size_t a = 0; a < p.kernels.size(); ++a)
      for (size_t b = 0; b < a; ++b) CHECK_FALSE(p.kernels[a] == p.kernels[b]);
    std::set<int> used;
    for (const Step& step : p.steps) used.insert(step.kernel);
    CHECK(used.size() == p.kernels.size());
  });
}

TEST_CASE("kernels that differ in anything are not equal") {
  const Kernel kernel = kernel_of(plan_of("input x 16x8x8; conv 16 3x3; relu; maxpool 2x2"), "relu1");
  std::vector<Kernel> others(8, kernel);
  others[0].family += "x";
  std::get<ConvParameters>(others[1].parameters).groups = 2;
  others[2].inputs[0].top += 1;
  others[3].constants[0] += 1;
  others[4].output.left += 1;
  others[5].epilogue.clear();
  others[6].epilogue[0].op = "tanh";
  others[7].alignments[0] = 8;
  CHECK(Kernel(kernel) == kernel);
  for (const Kernel& other : others) CHECK_FALSE(other == kernel);
}

TEST_CASE("every kernel fits its step: layouts, constants, alignments of where the tensors really lie") {
  for_all_plans([](const Plan& plan) {
    for (const Step& step : plan.steps) {
      CAPTURE(step.name);
      const Kernel& kernel = plan.kernels[step.kernel];
      REQUIRE(kernel.inputs.size() == step.inputs.size());
      REQUIRE(kernel.constants.size() == step.constants.size());
      REQUIRE(kernel.alignments.size() == step.inputs.size() + 1);
      CHECK(kernel.output == plan.buffers[step.output].layout);
      for (size_t i = 0; i < step.inputs.size(); ++i) {
        const Buffer& buffer = plan.buffers[step.inputs[i]];
        CHECK(kernel.inputs[i].elements() <= buffer.layout.elements());
        if (buffer.place == Buffer::Place::workspace)
          CHECK(buffer.offset % kernel.alignments[i] == 0);  // the kernel reads from the start of the halo
        else
          CHECK(kernel.alignments[i] == 4);
      }
      for (size_t i = 0; i < step.constants.size(); ++i)
        CHECK(kernel.constants[i] == plan.constants[step.constants[i]].packing.elements());
      const Buffer& output = plan.buffers[step.output];
      if (output.place == Buffer::Place::workspace)
        CHECK(origin_in_workspace(output) % kernel.alignments.back() == 0);
      else
        CHECK(kernel.alignments.back() == 4);
    }
  });
}

TEST_CASE("every step reads what is there, and every output is written in the caller's order, once") {
  for_all_plans([](const Plan& plan) {
    std::set<int> written;
    std::vector<int> outputs(plan.outputs.size());
    for (size_t b = 0; b < plan.buffers.size(); ++b)
      if (plan.buffers[b].place == Buffer::Place::input) written.insert(static_cast<int>(b));
    for (const Step& step : plan.steps) {
      for (const int input : step.inputs)
        CHECK((written.count(input) || written.count(plan.buffers[input].whole)));
      CHECK(written.insert(step.output).second);
      const Buffer& output = plan.buffers[step.output];
      if (output.whole >= 0) written.insert(output.whole);
      CHECK(output.place != Buffer::Place::input);
      if (output.place != Buffer::Place::output) continue;
      ++outputs.at(static_cast<size_t>(output.index));
      CHECK(output.layout.is_plain());
      CHECK(output.layout.elements() == plan.output_shapes[output.index].elements());
    }
    CHECK(outputs == std::vector<int>(outputs.size(), 1));
  });
}

TEST_CASE("a dense layer on a flattened map takes its weights in the order in which the map is stored") {
  const Plan plan = plan_of("input x 3x4x5; conv 18 1x1 stride 2 as c; flatten; dense 7 as d");
  const Layout map = plan.buffers[plan.steps[0].output].layout;  // 18x2x3/16
  const std::vector<int64_t>& positions = packing_of(plan, "d.weight").positions;
  REQUIRE(static_cast<int64_t>(positions.size()) == map.elements());
  for (int64_t c = 0; c < 18; ++c)
    for (int64_t y = 0; y < 2; ++y)
      for (int64_t x = 0; x < 3; ++x) CHECK(positions[map.index(c, y, x)] == (c * 2 + y) * 3 + x);
  CHECK(std::count(positions.begin(), positions.end(), -1) == map.elements() - 18 * 2 * 3);
  CHECK(to_string(plan.kernels[plan.steps[1].kernel].inputs[0]) == "192x1x1");
}

TEST_CASE("a tensor that takes more than 2147418112 floats with its padding is refused by name and place") {
  const auto [message, words] = unsupported("input x 1x46340x46340\nconv 1 3x3 pad 1 as c\nrelu");
  CHECK(message ==
        "'x' is too large to compile: with its padding it takes 2147580964 floats; at most 2147418112 are "
        "possible");
  CHECK(words == "conv 1 3x3 pad 1 as c");
  CHECK(plan_of("input x 1x46340x46340; relu").steps.size() == 1);
  CHECK(unsupported("input x 1x1x1\nconv 1 1x1\nconv 1 1x1 pad 2147483647 stride 2147483647").first ==
        "'conv1' is too large to compile: with its padding it takes more than 2^63 floats; at most "
        "2147418112 are "
        "possible");
}

TEST_CASE("a tensor that a kernel of any rank cannot count is refused by name and place") {
  const auto [message, words] = unsupported("input x 600000000x2\nreduce_max 1");
  CHECK(message ==
        "'reduce_max1' is too large to compile: it has 600000000 elements; at most 536870912 are possible");
  CHECK(words == "reduce_max 1");
}

TEST_CASE("the names and shapes of inputs and outputs stand in the plan, in order") {
  const Plan plan = plan_of(
      "network two\ninput a 3x4x5; input b 7; relu as r; output as rectified; from a; output as picture");
  CHECK(plan.name == "two");
  CHECK(plan.inputs == Names{"a", "b"});
  CHECK(plan.input_shapes == std::vector<Shape>{Shape{3, 4, 5}, Shape{7}});
  REQUIRE(plan.outputs.size() == 2);
  CHECK(plan.outputs[0].name == "rectified");
  CHECK(plan.outputs[1].name == "picture");
  CHECK(plan.output_shapes == std::vector<Shape>{Shape{7}, Shape{3, 4, 5}});
}
