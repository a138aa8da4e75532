#include "driver/run/verify_layers.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "driver/run/verify_outputs.h"
#include "elaborate/elaborate.h"
#include "ops/evaluation/evaluate.h"
#include "syntax/parser.h"
#include "weights/weights.h"

namespace {

using namespace cnnc;

constexpr const char* kText = R"(network tiny
input image 1x4x4
conv 3 3x3 pad 1
relu
flatten
dense 5
)";

Graph tiny_graph() {
  const Source source{"tiny.dsl", kText};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  REQUIRE(file);
  auto graph = elaborate(*file, source, diagnostics);
  REQUIRE(graph);
  bind_random(*graph, 1);
  return *graph;
}

// What a correct library for `tiny` does: relu1 to blocks of four with a halo, a copy of that in plain order,
// dense1.
Plan tiny_plan() {
  Plan plan;
  Layout blocked{3, 4, 4, 4, 1, 1, 1, 1};
  const Layout plain{3, 4, 4};
  plan.workspace_bytes = (blocked.elements() + plain.elements()) * static_cast<int64_t>(sizeof(float));
  const int64_t behind = blocked.elements() * static_cast<int64_t>(sizeof(float));
  plan.buffers = {{Buffer::Place::input, 0, 0, {1, 4, 4}, "image"},
                  {Buffer::Place::workspace, 0, 0, blocked, "relu1"},
                  {Buffer::Place::workspace, 0, behind, plain, "relu1"},
                  {Buffer::Place::output, 0, 0, {5}, "dense1"}};
  plan.kernels.resize(1);  // of all steps; what family it is of matters to the bound alone
  plan.steps = {{"relu1", {"conv1", "relu1"}, 0, {0}, {}, 1},
                {"relu1 as plain", {}, 0, {1}, {}, 2},
                {"dense1", {"flatten1", "dense1"}, 0, {2}, {}, 3}};
  return plan;
}

// A run of that library in which a fault was put into element 7 of a step's result, and then computed with.
struct TinyRun {
  Graph graph = tiny_graph();
  Plan plan = tiny_plan();
  std::vector<float> workspace;
  Run run;

  std::vector<float> reference(const std::string& name, const std::vector<float>& input,
                               const std::string& from) {
    Graph part;
    std::vector<NodeId> place(graph.nodes.size(), -1);
    for (size_t id = 0; id < graph.nodes.size(); ++id) {
      Node node = graph.nodes[id];
      if (place[0] < 0 && node.name != from) continue;
      place[0] = 0;
      place[id] = static_cast<NodeId>(part.nodes.size());
      if (node.name == from) {
        node.op = "input";
        node.inputs.clear();
        node.parameters.clear();
        part.inputs = {0};
      }
      for (NodeId& in : node.inputs) in = place[in];
      part.nodes.push_back(node);
      if (node.name == name) break;
    }
    const Reference result = evaluate(part, {input}).back();
    return {result.values.begin(), result.values.end()};
  }

  void store(int buffer, const std::vector<float>& values) {
    const Buffer& b = plan.buffers[buffer];
    float* memory = workspace.data() + b.offset / static_cast<int64_t>(sizeof(float));
    for (int64_t c = 0, i = 0; c < b.layout.channels; ++c)
      for (int64_t y = 0; y < b.layout.height; ++y)
        for (int64_t x = 0; x < b.layout.width; ++x) memory[b.layout.index(c, y, x)] = values[i++];
  }

  TinyRun(int faulty_step, float fault) {
    workspace.assign(plan.workspace_bytes / sizeof(float), std::numeric_limits<float>::quiet_NaN());
    std::vector<float> image(16);
    for (int i = 0; i < 16; ++i) image[i] = std::sin(static_cast<float>(i));
    std::vector<float> map = reference("relu1", image, "image");
    if (faulty_step == 0) map[7] += fault;
    store(1, map);
    if (faulty_step == 1) map[7] += fault;
    store(2, map);
    std::vector<float> result = reference("dense1", map, "relu1");
    if (faulty_step == 2) result[4] += fault;
    run.inputs = {image};
    run.outputs = {result};
    run.workspace = reinterpret_cast<const std::byte*>(workspace.data());
  }

  std::vector<bool> steps_ok() const {
    std::vector<bool> ok;
    for (const Comparison& c : compare_steps(graph, plan, run)) ok.push_back(c.ok());
    return ok;
  }
  bool output_ok() const { return compare_outputs(graph, plan, run).at(0).ok(); }
};

using Bools = std::vector<bool>;

}  // namespace

TEST_CASE("a right run is right in every step and at its end") {
  const TinyRun tiny(-1, 0);
  CHECK(tiny.steps_ok() == Bools{true, true, true});
  CHECK(tiny.output_ok());
}

TEST_CASE("each step is shown with its shape, its bound and its largest error") {
  const TinyRun tiny(0, 0.5f);
  const auto steps = compare_steps(tiny.graph, tiny.plan, tiny.run);
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].name == "relu1");
  CHECK(steps[0].shape == Shape{3, 4, 4});
  CHECK(steps[0].worst == 7);
  CHECK(steps[0].largest_error == doctest::Approx(0.5));
  CHECK(steps[0].compiled - steps[0].reference == doctest::Approx(0.5));
  CHECK(steps[0].bound > 0);
  CHECK(steps[0].bound < 1e-5);
  CHECK(steps[2].shape == Shape{5});
}

TEST_CASE("a fault is seen in the step that makes it, and at the end") {
  const TinyRun in_conv(0, 0.5f), in_copy(1, 0.5f), in_dense(2, 0.5f);
  CHECK(in_conv.steps_ok() == Bools{false, true, true});
  CHECK(in_copy.steps_ok() == Bools{true, false, true});
  CHECK(in_dense.steps_ok() == Bools{true, true, false});
  CHECK_FALSE(in_conv.output_ok());
  CHECK_FALSE(in_dense.output_ok());
}

TEST_CASE("a copy must be exact") {
  CHECK(TinyRun(0, 1e-7f).steps_ok() == Bools{true, true, true});
  CHECK(TinyRun(1, 1e-7f).steps_ok() == Bools{true, false, true});
}

TEST_CASE("what the definition makes no number of is right as no number, and as nothing else") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto is_right = [](double compiled, double reference) {
    return compare("x", {2}, {1, static_cast<float>(compiled)}, {{1, reference}, {0, 0}}).ok();
  };
  CHECK(is_right(nan, nan));
  CHECK(!is_right(nan, 1));
  CHECK(!is_right(1, nan));
}

TEST_CASE(
    "where nothing is known of an error any result is right, and an error whose bound is no number is "
    "wrong") {
  const double infinity = std::numeric_limits<double>::infinity(),
               nan = std::numeric_limits<double>::quiet_NaN();
  const auto ratio = [](std::vector<double> bounds) {
    return compare("x", {2}, {std::numeric_limits<float>::infinity(), 1}, {{1, 1}, std::move(bounds)}).ratio;
  };
  CHECK(ratio({infinity, 0}) == 0);
  CHECK(ratio({1, 0}) == infinity);
  CHECK(ratio({nan, 0}) == infinity);
}

TEST_CASE("a result that is no number is wrong, and its error is infinite") {
  const TinyRun tiny(2, std::numeric_limits<float>::quiet_NaN());
  const Comparison dense = compare_steps(tiny.graph, tiny.plan, tiny.run).at(2);
  CHECK_FALSE(dense.ok());
  CHECK(std::isinf(dense.largest_error));
  CHECK(dense.worst == 4);
  CHECK_FALSE(tiny.output_ok());
}

TEST_CASE("no number is right where the reference has none, and open where its bound is infinite") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto ok = [](float compiled, double reference, double bound) {
    const Comparison c = compare("y", {2}, {1, compiled}, {{1, reference}, {0, bound}});
    CHECK(std::isinf(c.largest_error) == !c.ok());
    return c.ok();
  };
  CHECK(ok(NAN, NAN, 0));
  CHECK(ok(INFINITY, inf, 0));
  CHECK(ok(-INFINITY, inf, 0));
  CHECK(ok(NAN, 1, inf));
  CHECK(ok(1, NAN, inf));
  CHECK_FALSE(ok(NAN, 1, 5));
  CHECK_FALSE(ok(1, NAN, 5));
  CHECK_FALSE(ok(1, inf, 5));
  CHECK_FALSE(ok(NAN, inf, 5));
  CHECK_FALSE(ok(INFINITY, NAN, 5));
  CHECK_FALSE(ok(INFINITY, 1, 5));
}

TEST_CASE("an element without a bound hides no other's error, and an infinity makes no room for one") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& bounds :
       {std::vector<double>{1, inf, inf}, {1, NAN, NAN}, {1, NAN, 0.5}, {1, 0.5, NAN}}) {
    const Comparison c = compare("y", {3}, {4, 1, 1}, {{1, 1, 1}, bounds});
    CHECK(c.ratio == 3);
    CHECK(c.worst == 0);
  }
}

TEST_CASE(
    "of a batch's steps that are run image by image the last image is compared, of its outputs each one") {
  for (const int faulty : {-1, 0, 1, 2}) {
    TinyRun tiny(faulty, 0.5f);
    tiny.plan.images = 2;
    tiny.plan.image_steps = 3;
    tiny.plan.buffers[0].layout.images = tiny.plan.buffers[3].layout.images = 2;
    for (auto* tensor : {&tiny.run.inputs[0], &tiny.run.outputs[0]})
      tensor->insert(tensor->begin(), tensor->size(), 0.0f);  // the first image, and a wrong result of it
    CHECK(tiny.steps_ok() == Bools{faulty != 0, faulty != 1, faulty != 2});
    CHECK_FALSE(compare_outputs(tiny.graph, tiny.plan, tiny.run).at(0).ok());
  }
}

TEST_CASE("a step that covers what its inputs do not determine is a fault of the plan") {
  TinyRun tiny(-1, 0);
  tiny.plan.steps[0].inputs.clear();
  CHECK_THROWS_AS(compare_steps(tiny.graph, tiny.plan, tiny.run), std::logic_error);
}

TEST_CASE("a step that covers a node which is not there is a fault of the plan") {
  TinyRun tiny(-1, 0);
  tiny.plan.steps[0].covers = {"conv1", "relu7"};
  CHECK_THROWS_AS(compare_steps(tiny.graph, tiny.plan, tiny.run), std::logic_error);
}

TEST_CASE("a convolution by Winograd's transforms has a wider bound") {
  TinyRun tiny(-1, 0);
  const double direct = compare_steps(tiny.graph, tiny.plan, tiny.run)[0].bound;
  tiny.plan.steps[1].kernel = tiny.plan.steps[2].kernel = 1;
  tiny.plan.kernels.resize(2);
  tiny.plan.kernels[0].family = "conv_winograd";
  tiny.plan.kernels[0].schedule = {{"outputs", 2}};
  const Comparison conv = compare_steps(tiny.graph, tiny.plan, tiny.run)[0];
  CHECK(conv.ok());
  CHECK(conv.bound > 2 * direct);
}
