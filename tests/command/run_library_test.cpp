// Compiled code that crashes ends a child process, and the layer is named: kernels whose code is overwritten.
#include "driver/run/run_library.h"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "driver/bench/bench_measure.h"
#include "elaborate/elaborate.h"
#include "emit/library/symbols.h"
#include "emit/load/runner_error.h"
#include "passes/passes.h"
#include "syntax/parser.h"
#include "weights/weights.h"

using namespace cnnc;

namespace {

// By sse41, so that each step has a family that does not depend on the machine.
Plan plan_of(const std::string& text, int64_t images = 1) {
  const Source source{"net.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  REQUIRE(file);
  auto graph = elaborate(*file, source, diagnostics);
  REQUIRE(graph);
  bind_random(*graph, 1);
  PlanOptions options;
  options.keep_all_tensors = true;
  options.images = images;
  options.cut = 2;  // of a batch two nodes image by image
  return make_plan(optimise(*graph), target_for(Isa::sse41), options);
}

constexpr const char* kText = "network net; input x 3x6x6; softmax; maxpool 2x2; lrn 3";

KernelObjects objects_of(const Plan& plan) {
  std::vector<size_t> all;
  for (size_t k = 0; k < plan.kernels.size(); ++k) all.push_back(k);
  KernelObjects kernels;
  for (Outcome& outcome : try_kernels(plan, all, symbols_of(plan).kernels, {2}, 600)) {
    REQUIRE(outcome.ok());
    kernels.objects.push_back(std::move(outcome.text));
  }
  return kernels;
}

// Makes all code of an object that instruction, again and again.
void overwrite(std::string& object, std::string_view instruction) {
  Elf64_Ehdr head;
  std::memcpy(&head, object.data(), sizeof head);
  for (size_t i = 0; i < head.e_shnum; ++i) {
    Elf64_Shdr section;
    std::memcpy(&section, object.data() + head.e_shoff + i * sizeof section, sizeof section);
    if (!(section.sh_flags & SHF_EXECINSTR)) continue;
    for (size_t at = 0; at + instruction.size() <= section.sh_size; at += instruction.size())
      object.replace(section.sh_offset + at, instruction.size(), instruction);
  }
}

constexpr std::string_view kNoInstruction = "\x0f\x0b",  // ud2
    kReadsNull = {"\x31\xc0\x8b\x00", 4},                // xor eax, eax; mov eax, [rax]
    kDividesByZero = {"\x31\xc9\xf7\xf1", 4};            // xor ecx, ecx; div ecx

KernelObjects with_crash(const Plan& plan, const std::string& family, std::string_view instruction) {
  KernelObjects kernels = objects_of(plan);
  for (size_t k = 0; k < plan.kernels.size(); ++k)
    if (plan.kernels[k].family == family) overwrite(kernels.objects[k], instruction);
  return kernels;
}

std::string error_of_run(const Plan& plan, const KernelObjects& kernels) {
  try {
    SharedMemory workspace(static_cast<size_t>(plan.workspace_bytes));
    run_in_child(plan, LoadedLibrary(plan, kernels), 1, workspace, {1, nullptr, nullptr});
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a run in a child gives the tensors of a run in this process") {
  const Plan plan = plan_of(kText);
  const LoadedLibrary library(plan, objects_of(plan));
  const cnnc_rt_threads alone = {1, nullptr, nullptr};
  Workspace workspace = workspace_for(plan);
  SharedMemory shared(static_cast<size_t>(plan.workspace_bytes));
  int32_t layer = 0;
  const Run here = run_library(plan, library, 5, workspace.front().bytes, alone, &layer);
  const Run there = run_in_child(plan, library, 5, shared, alone);
  CHECK(here.inputs == there.inputs);
  CHECK(here.outputs == there.outputs);
  CHECK(std::memcmp(here.workspace, there.workspace, static_cast<size_t>(plan.workspace_bytes)) == 0);
  CHECK(layer == count_layers(plan) - 1);
}

TEST_CASE("the layer that crashes is named, and how") {
  const Plan plan = plan_of(kText);
  CHECK(error_of_run(plan, with_crash(plan, "maxpool", kReadsNull)) ==
        "layer 'maxpool1' (maxpool) crashed: it was killed by signal 11 (Segmentation fault)");
  CHECK(error_of_run(plan, with_crash(plan, "softmax", kNoInstruction)) ==
        "layer 'softmax1' (softmax) crashed: it was killed by signal 4 (Illegal instruction)");
  CHECK(error_of_run(plan, with_crash(plan, "lrn", kDividesByZero)) ==
        "layer 'lrn1' (lrn) crashed: it was killed by signal 8 (Floating point exception)");
}

TEST_CASE("of a batch the layer that crashes is named, too, image by image and behind") {
  const Plan plan = plan_of(kText, 3);
  REQUIRE(plan.image_steps > 0);
  for (const std::string family : {"softmax", "maxpool", "lrn"})
    CHECK(error_of_run(plan, with_crash(plan, family, kReadsNull)) ==
          "layer '" + family + "1' (" + family +
              ") crashed: it was killed by signal 11 (Segmentation fault)");
}

TEST_CASE("a run by a runner gives the tensors of a run here, and names the layer that crashes") {
  for (const int threads : {1, 2}) {
    const Plan plan = plan_of(kText, threads);  // also of a batch
    const LoadedLibrary library(plan, objects_of(plan));
    Workspace workspace = workspace_for(plan), elsewhere = workspace;
    int32_t layer = 0;
    const Run here =
        run_library(plan, library, 5, workspace.front().bytes, {threads, nullptr, nullptr}, &layer);
    RemoteLibrary remote(plan, objects_of(plan), "env", threads);
    const Run there = run_elsewhere(plan, remote, 5, elsewhere.front().bytes);
    CHECK(here.inputs == there.inputs);
    CHECK(here.outputs == there.outputs);
    CHECK(std::memcmp(here.workspace, there.workspace, static_cast<size_t>(plan.workspace_bytes)) == 0);
  }
  const Plan plan = plan_of(kText);
  RemoteLibrary remote(plan, with_crash(plan, "maxpool", kReadsNull), "env", 1);
  Workspace workspace = workspace_for(plan);
  CHECK_THROWS_WITH(run_elsewhere(plan, remote, 1, workspace.front().bytes),
                    "layer 'maxpool1' (maxpool) crashed: it was killed by signal 11 (Segmentation fault)");
}

TEST_CASE("a program that ends in the middle of its work is told from code that crashes") {
  const Plan plan = plan_of(kText);
  // Of what is said to it some requests come through.
  CHECK_THROWS_WITH_AS(
      RemoteLibrary(plan, objects_of(plan), "sh -c 'dd bs=1 count=100 2>/dev/null | \"$0\"'", 1),
      "'--runner': 'sh -c 'dd bs=1 count=100 2>/dev/null | \"$0\"' PROGRAM' exited with 0 before it had "
      "answered",
      RunnerError);
}

TEST_CASE("a crash while schedules are timed names the schedule") {
  const Plan plan = plan_of(kText);
  const auto measure = [&](const KernelObjects& kernels, const std::optional<std::string>& runner = {}) {
    std::vector<CompiledSchedule> compiled(2);
    compiled[0] = {plan, objects_of(plan), {}};
    compiled[1] = {plan, kernels, {}};
    return measure_in_child(compiled, {"default", "naive"}, 1, 0.01, runner);
  };
  for (const std::optional<std::string>& runner :
       {std::optional<std::string>(), std::optional<std::string>("env")}) {
    const Measurement measurement = measure(objects_of(plan), runner);
    REQUIRE(measurement.schedules.size() == 2);
    CHECK(measurement.peak > 1e8);
    for (const Samples& samples : measurement.schedules) {
      CHECK(samples.rounds.size() >= 3);
      REQUIRE(samples.layers.size() == static_cast<size_t>(count_layers(plan)));
      for (const std::vector<double>& layer : samples.layers) CHECK(layer.size() == samples.runs.size());
    }
  }
  CHECK_THROWS_WITH(
      measure(with_crash(plan, "maxpool", kReadsNull), "env"),
      "by 'naive', while it was timed: the compiled network crashed: it was killed by signal 11 "
      "(Segmentation fault)");
  CHECK_THROWS_WITH(
      measure(with_crash(plan, "maxpool", kReadsNull)),
      "by 'naive', while it was timed: the compiled network crashed: it was killed by signal 11 "
      "(Segmentation fault)");
}
