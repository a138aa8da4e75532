// What is wrong has no time: kernels of a strategy that are tampered with, or that do not get done.
#include "driver/bench/bench_compile.h"

#include <doctest/doctest.h>
#include <elf.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "driver/bench/bench_layers.h"
#include "elaborate/elaborate.h"
#include "emit/library/symbols.h"
#include "passes/passes.h"
#include "syntax/parser.h"
#include "weights/small_weights.h"
#include "weights/weights.h"

using namespace cnnc;

namespace {

Graph graph_of(const std::string& text) {
  const Source source{"net.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  REQUIRE(file);
  auto graph = elaborate(*file, source, diagnostics);
  REQUIRE(graph);
  bind_random(*graph, 1);
  return *graph;
}

constexpr const char* kText =
    "network net; input x 3x6x5; conv 9 3x3 pad 1 as c; relu; maxpool 2x2; conv 5 1x1 as d; sigmoid";

using Tamper = std::function<void(Kernel&)>;

// Compiles each kernel that has the strategy, or any if it is empty, with a change.
CompileKernels tampering(const std::string& strategy, const Tamper& tamper) {
  return [=](const Plan& plan, const std::vector<size_t>& which, double seconds) {
    Plan changed = plan;
    for (Kernel& kernel : changed.kernels)
      if (kernel.strategy == strategy) tamper(kernel);
    return try_kernels(changed, which, symbols_of(changed).kernels, {2}, seconds);
  };
}

CompiledSchedule compile(const std::string& strategy, const CompileKernels& compile_kernels,
                         double seconds = 60) {
  const Graph graph = graph_of(kText);
  PlanOptions options;
  options.strategy = strategy;
  const Target target = target_for(Isa::sse41);
  const Plan plan = make_plan(optimise(graph), target, options);
  options.keep_all_tensors = true;
  return compile_schedule(graph, plan, make_plan(optimise(graph), target, options), compile_kernels, seconds);
}

// The layers that fail, by name.
std::vector<std::string> failing(const CompiledSchedule& compiled) {
  std::vector<std::string> names;
  size_t layer = 0;
  for (const Step& step : compiled.plan.steps) {
    if (step.partial) continue;
    if (compiled.failures[layer++]) names.push_back(step.name);
  }
  return names;
}

const Failure& failure_of(const CompiledSchedule& compiled) {
  const auto found = std::find_if(compiled.failures.begin(), compiled.failures.end(),
                                  [](const auto& failure) { return failure.has_value(); });
  REQUIRE(found != compiled.failures.end());
  return **found;
}

// Two runs of a second each, and as many a layer.
TimedSchedule timed(const CompiledSchedule& compiled) {
  Samples samples;
  samples.runs = samples.rounds = {1, 1};
  samples.layers.assign(compiled.failures.size(), {0.1, 0.1});
  const LayerGroups groups = layer_groups(compiled.plan, compiled.plan);
  return timed_schedule("naive", false, compiled, groups, samples, samples);
}

using Names = std::vector<std::string>;

const Tamper nothing = [](Kernel&) {};
const Tamper drop_sigmoid = [](Kernel& kernel) {
  if (!kernel.epilogue.empty() && kernel.epilogue.front().op == "sigmoid") kernel.epilogue.clear();
};

// Makes all code of an object jumps to themselves.
void loop_for_ever(std::string& object) {
  Elf64_Ehdr head;
  std::memcpy(&head, object.data(), sizeof head);
  for (size_t i = 0; i < head.e_shnum; ++i) {
    Elf64_Shdr section;
    std::memcpy(&section, object.data() + head.e_shoff + i * sizeof section, sizeof section);
    if (!(section.sh_flags & SHF_EXECINSTR)) continue;
    for (size_t at = 0; at + 1 < section.sh_size; at += 2)
      object.replace(section.sh_offset + at, 2, "\xeb\xfe");
  }
}

}  // namespace

TEST_CASE("kernels that are right have a time, and so has the whole") {
  const CompiledSchedule compiled = compile("naive", tampering("naive", nothing));
  CHECK(failing(compiled) == Names{});
  CHECK(std::count_if(compiled.plan.kernels.begin(), compiled.plan.kernels.end(),
                      [](const Kernel& kernel) { return kernel.strategy == "naive"; }) == 2);
  CHECK(timed(compiled).total);
  CHECK(timed(compiled).is_complete);
}

TEST_CASE("what one schedule computes as one layer has in another the time of all its layers") {
  CompiledSchedule fine;
  for (const char* name : {"x as planar", "c", "d", "e"}) {
    Step step;
    step.name = name;
    if (step.name != "x as planar") step.covers = {step.name};
    fine.plan.steps.push_back(step);
  }
  fine.plan.kernels.resize(1);
  fine.plan.kernels[0].family = "copy";
  fine.failures.resize(4);
  Plan coarse = fine.plan;
  coarse.steps[2].covers = {"c", "d"};
  coarse.steps.erase(coarse.steps.begin() + 1);
  const LayerGroups groups = layer_groups(fine.plan, coarse);
  CHECK(groups == LayerGroups{{0}, {1, 2}, {3}});
  Samples samples;
  samples.runs = samples.rounds = {10, 10};
  samples.layers = {{1, 1}, {2, 3}, {4, 5}, {1, 1}};
  const TimedSchedule timed = timed_schedule("naive", false, fine, groups, samples, samples);
  REQUIRE(timed.layers.size() == 3);
  CHECK(timed.layers[1].seconds->best == 6);
  CHECK(timed.layers[2].seconds->best == 1);
  CHECK_THROWS_AS(layer_groups(coarse, fine.plan), std::logic_error);
}

TEST_CASE("what a layer moves counts in the bytes that are stored") {
  Graph graph = optimise(graph_of("network net; input x 8; dense 3 as fc"));
  PlanOptions options;
  const Target target = target_for(Isa::sse41);
  CHECK(bench_layers(graph, graph, make_plan(graph, target, options)).at(0).bytes == 4 * (8 + 3 + 24 + 3));
  options.weights_type = ElementType::float16;
  round_weights(graph, options.weights_type);
  CHECK(bench_layers(graph, graph, make_plan(graph, target, options)).at(0).bytes ==
        4 * (8 + 3 + 3) + 2 * 24);
}

TEST_CASE("a kernel of a strategy that is wrong has no time, nor has the whole; our own stands in") {
  const CompiledSchedule compiled = compile("naive", tampering("naive", drop_sigmoid));
  REQUIRE(failing(compiled) == Names{"sigmoid1"});
  CHECK(failure_of(compiled).wrong);
  CHECK(failure_of(compiled).reason.substr(0, 18) == "is wrong: element ");
  for (const Kernel& kernel : compiled.plan.kernels)
    if (!kernel.epilogue.empty() && kernel.epilogue.front().op == "sigmoid") CHECK(kernel.strategy.empty());
  const TimedSchedule result = timed(compiled);
  CHECK_FALSE(result.total);
  CHECK_FALSE(result.ratio);
  CHECK(std::count_if(result.layers.begin(), result.layers.end(),
                      [](const TimedLayer& layer) { return !layer.seconds; }) == 1);
}

TEST_CASE("a kernel of ours that is wrong has no time either, nor has the whole") {
  const CompiledSchedule compiled = compile("", tampering("", drop_sigmoid));
  CHECK(failing(compiled) == Names{"sigmoid1"});
  CHECK(failure_of(compiled).wrong);
  CHECK_FALSE(timed(compiled).total);
}

TEST_CASE("a kernel that is not done in time has none; the whole is incomplete") {
  const CompiledSchedule compiled = compile("naive", tampering("naive", nothing), 0);
  CHECK(failing(compiled) == Names{"relu1", "sigmoid1"});
  CHECK(failure_of(compiled).reason == "took more than 0 s");
  const TimedSchedule result = timed(compiled);
  CHECK(result.total);
  CHECK_FALSE(result.is_complete);
}

TEST_CASE("a strategy that throws, or kills its process, fails in a line") {
  const auto fail_with = [](const Outcome& outcome) {
    return [outcome](const Plan& plan, const std::vector<size_t>& which, double seconds) {
      std::vector<Outcome> outcomes = try_kernels(plan, which, symbols_of(plan).kernels, {2}, seconds);
      for (size_t i = 0; i < which.size(); ++i)
        if (!plan.kernels[which[i]].strategy.empty()) outcomes[i] = outcome;
      return outcomes;
    };
  };
  CHECK(failure_of(compile("naive", fail_with({Outcome::Kind::error, "Error: too deep\nmore\n"}))).reason ==
        "failed: too deep");
  CHECK(failure_of(compile("naive", fail_with({Outcome::Kind::death, "was killed by signal 9 (Killed)"})))
            .reason == "crashed: it was killed by signal 9 (Killed)");
}

TEST_CASE("a kernel that crashes when it runs has no time, and is told from the others") {
  for (const int crash : {SIGSEGV, SIGBUS})
    signal(crash, SIG_DFL);  // those of the test framework are its own
  const CompiledSchedule compiled = compile("naive", tampering("naive", [](Kernel& kernel) {
                                              if (kernel.epilogue.front().op == "sigmoid")
                                                kernel.output.right = 1 << 26;
                                            }));
  REQUIRE(failing(compiled) == Names{"sigmoid1"});
  CHECK(failure_of(compiled).reason == "crashed: it was killed by signal 11 (Segmentation fault)");
  CHECK_FALSE(failure_of(compiled).wrong);
}

TEST_CASE("a kernel that never ends has no time, and is told from the others") {
  const auto without_end = [](const Plan& plan, const std::vector<size_t>& which, double) {
    std::vector<Outcome> outcomes = try_kernels(plan, which, symbols_of(plan).kernels, {2}, INFINITY);
    for (size_t i = 0; i < which.size(); ++i)
      if (!plan.kernels[which[i]].strategy.empty()) loop_for_ever(outcomes[i].text);
    return outcomes;
  };
  const CompiledSchedule compiled = compile("naive", without_end, 0.2);
  CHECK(failing(compiled) == Names{"relu1", "sigmoid1"});
  CHECK(failure_of(compiled).reason == "ran for more than 0.2 s");
  CHECK_FALSE(failure_of(compiled).wrong);
}

TEST_CASE("a kernel of ours that cannot be compiled, or crashes, is a fault of cnnc") {
  for (const int crash : {SIGSEGV, SIGBUS}) signal(crash, SIG_DFL);
  const Tamper far_away = [](Kernel& kernel) {
    if (!kernel.epilogue.empty()) kernel.output.right = 1 << 26;
  };
  CHECK_THROWS_WITH(compile("", tampering("", far_away)),
                    "layer 'relu1' (conv_winograd) crashed: it was killed by signal 11 (Segmentation fault)");
  const auto fail = [](const Plan&, const std::vector<size_t>& which, double) {
    return std::vector<Outcome>(which.size(), {Outcome::Kind::error, "no"});
  };
  CHECK_THROWS_WITH(compile("", fail), "a kernel cannot be compiled: no");
}
