// The tuner's problems, and kernels compiled and timed alone.
#include <doctest/doctest.h>

#include "plan/choose/space.h"
#include "quantize/apply.h"
#include "target/host.h"
#include "tune/problems.h"
#include "tune/stand.h"
#include "unit/plan/plan_fixture.h"
#include "weights/weights.h"

using namespace cnnc;
using namespace cnnc::testing;

namespace {

const std::string kNet =
    "input x 3x14x14; conv 32 3x3 pad 1 as a; relu; conv 32 3x3 pad 1 as b; relu; conv 32 3x3 pad 1 as c; "
    "add with b; "
    "relu; conv 32 3x3 pad 1 groups 32; flatten; dense 10";

Problem find_problem(const std::vector<Problem>& problems, const std::string& begin) {
  for (const Problem& problem : problems)
    if (problem.name.rfind(begin, 0) == 0) return problem;
  FAIL("no problem " << begin);
  return {};
}

}  // namespace

TEST_CASE(
    "a network's problems are distinct, the heaviest first, with the kernel that most of their steps have") {
  const std::vector<Problem> problems = problems_of(graph_of(kNet), target_for(Isa::avx2), {});
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].name == "conv 32x14x14/8 -> 32x14x14/8 filter 3x3 stride 1x1 pad 1,1,1,1");
  CHECK(problems[0].steps == 2);
  for (size_t i = 1; i < problems.size(); ++i) {
    CHECK(problems[i - 1].seconds >= problems[i].seconds);
    CHECK(problems[i].steps == 1);
  }
  for (const Problem& problem : problems) {
    CHECK(problem_of(problem.standard.kernel) == problem.name);
    CHECK(problem.standard.constants.size() == problem.standard.kernel.constants.size());
  }
}

TEST_CASE("each candidate of a problem fits it, and the default is one of them") {
  for (const std::string& network : kNetworks)
    for (const Isa isa : {Isa::sse41, Isa::avx512}) {
      const Graph graph = graph_of(network);
      const Target target = target_for(isa);
      for (const Problem& problem : problems_of(graph, target, {})) {
        const std::vector<Choice> candidates = candidates_of(problem, target);
        const Choice standard = choice_of(problem.standard.kernel);
        CAPTURE(problem.name);
        CHECK(std::count(candidates.begin(), candidates.end(), standard) == 1);
        for (size_t i = 0; i < candidates.size(); i += 1 + candidates.size() / 7) {
          CAPTURE(to_string(candidates[i]));
          const auto subject = subject_of(graph, target, {}, problem, candidates[i]);
          REQUIRE(subject);
          CHECK(choice_of(subject->kernel) == candidates[i]);
          CHECK(subject->kernel.inputs == problem.standard.kernel.inputs);
          CHECK(subject->kernel.output == problem.standard.kernel.output);
        }
      }
    }
}

TEST_CASE("a choice that does not fit has no kernel") {
  const Graph graph = graph_of(kNet);
  const Target target = target_for(Isa::avx2);
  const Problem problem = problems_of(graph, target, {}).front();
  CHECK(!subject_of(graph, target, {}, problem, {"conv_blocked", {{"x", 99}}}));
  CHECK(!subject_of(graph, target, {}, problem, {"conv_planar", {}}));
  CHECK(subject_of(graph, target, {}, problem, {"conv_blocked", {{"x", 2}}}));
}

TEST_CASE("kernels of all families are timed alone, by one thread and by two") {
  const std::optional<Isa> isa = host_isa();
  if (!isa) return;
  const Graph graph = graph_of(kNet);
  const Target target = target_for(*isa);
  for (const int threads : {1, 2}) {
    PlanOptions plan;
    plan.task_seconds = threads == 1 ? 10e-6 : 1e-7;
    for (const Problem& problem : problems_of(graph, target, plan)) {
      CAPTURE(problem.name);
      std::vector<std::optional<Subject>> subjects;
      for (const Choice& algorithm : algorithms_of(problem.standard.kernel, target))
        if (subjects.empty() || algorithm.family != subjects.back()->kernel.family)
          subjects.push_back(subject_of(graph, target, plan, problem, algorithm));
      StandOptions options;
      options.threads = threads;
      options.jobs = 2;
      options.reuse_bytes = 1 << 20;
      options.log = [](const std::string& line) { FAIL_CHECK(line); };
      Stand stand(target, problem.standard, *subjects.front(), options);
      for (const auto& times : stand.measure(subjects, 0.01)) {
        REQUIRE(times);
        CHECK(times->standard > 0);
        CHECK(times->ratio > 0);
        CHECK(times->uncertainty >= 0);
      }
    }
  }
}

TEST_CASE("kernels of bytes are timed alone, and their results are equal bit by bit") {
  const std::optional<Isa> isa = host_isa(Arithmetic::bytes);
  if (!isa) return;
  Graph floats = graph_of(
      "input x 16x9x9; conv 32 3x3 pad 1 as a; relu; conv 32 3x3 pad 1 groups 32; relu; conv 32 1x1 as b; "
      "add with a; relu; flatten; dense 10");
  bind_random(floats, 1);
  Quantization quantization;
  for (const Node& node : floats.nodes) quantization.tensors.push_back({node.name, {0.05f, 100}, {}});
  const Graph graph = apply_quantization(floats, quantization);
  const Target target = target_for(*isa);
  int of_bytes = 0;
  for (const Problem& problem : problems_of(graph, target, {})) {
    CAPTURE(problem.name);
    std::vector<Choice> choices = candidates_of(problem, target);
    std::vector<std::optional<Subject>> subjects{
        subject_of(graph, target, {}, problem, choices.front()),
        subject_of(graph, target, {}, problem, choices[choices.size() / 2])};
    StandOptions options;
    options.reuse_bytes = 1 << 20;
    options.log = [](const std::string& line) { FAIL_CHECK(line); };
    Stand stand(target, problem.standard, problem.standard, options);
    for (const auto& times : stand.measure(subjects, 0.01)) CHECK(times);
    const std::string& family = problem.standard.kernel.family;
    CHECK((tolerance_of(problem.standard.kernel) == 0) == (family.find("_u8") != std::string::npos));
    of_bytes += family.find("_u8") != std::string::npos;
  }
  CHECK(of_bytes == 4);
}

TEST_CASE("a kernel that computes something else, and one that cannot be compiled, are lines of the log") {
  const std::optional<Isa> isa = host_isa();
  if (!isa) return;
  const Graph graph = graph_of(kNet);
  const Target target = target_for(*isa);
  const Problem problem = find_problem(problems_of(graph, target, {}), "dense");
  Subject wrong = problem.standard, broken = problem.standard;
  wrong.kernel.epilogue.push_back({"sigmoid", {}, -1});
  wrong.kernel.schedule["ways"] = 2;
  broken.kernel.schedule = {{"ways", 1}};
  std::vector<std::string> log;
  StandOptions options;
  options.log = [&](const std::string& line) { log.push_back(line); };
  Stand stand(target, problem.standard, problem.standard, options);
  const auto times = stand.measure({wrong, broken, std::nullopt, problem.standard}, 0.01);
  REQUIRE(times.size() == 4);
  CHECK(!times[0]);
  CHECK(!times[1]);
  CHECK(!times[2]);
  CHECK(times[3]);
  REQUIRE(log.size() == 2);
  CHECK(log[0] == "dense ways 1 cannot be compiled: the schedule has no number 'images'");
  CHECK(log[1].rfind("dense images 1 ways 2 is wrong: channel 0, row 0, column 0 is ", 0) == 0);
}

TEST_CASE("a kernel that takes too long is ended") {
  const std::optional<Isa> isa = host_isa();
  if (!isa) return;
  const Graph graph = graph_of("input x 64x64x64; conv 64 3x3 pad 1");
  const Target target = target_for(*isa);
  const Problem problem = problems_of(graph, target, {}).front();
  std::vector<std::string> log;
  StandOptions options;
  options.trial_seconds = 0.05;
  options.log = [&](const std::string& line) { log.push_back(line); };
  const Subject direct = *subject_of(graph, target, {}, problem, {"conv_blocked", {}});
  Stand stand(target, problem.standard, direct, options);
  CHECK(!stand.measure({problem.standard}, 3600).front());
  REQUIRE(log.size() == 1);
  CHECK(log[0] == to_string(choice_of(problem.standard.kernel)) + " took more than 0.05 s");
}
