#include "networks/fault.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include "driver/verify_layers.h"
#include "elaborate/elaborate.h"
#include "emit/emit.h"
#include "emit/workers.h"
#include "networks/guarded_memory.h"
#include "ops/registry.h"
#include "passes/passes.h"
#include "plan/choose_winograd.h"
#include "syntax/parser.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

constexpr rlim_t kProcessorSeconds = 60;

// The tasks of a kernel one by one from the last to the first: an order in which threads may do them.
void do_backwards(void*, int count, void (*task)(void*, int), void* data) {
  for (int i = count - 1; i >= 0; --i) task(data, i);
}

constexpr cnnc_rt_threads kAlone = {1, nullptr, nullptr};
constexpr cnnc_rt_threads kThreads = {3, nullptr, nullptr};
constexpr cnnc_rt_threads kBackwards = {1, do_backwards, nullptr};

using Values = std::vector<std::vector<float>>;

// Uniform in [-1, 1), in steps of 2^-23.
Values random_inputs(const Plan& plan) {
  std::mt19937_64 generator(1);
  Values inputs;
  for (const Shape& shape : plan.input_shapes) {
    inputs.emplace_back(plan.images * shape.elements());
    for (float& value : inputs.back()) value = static_cast<float>(generator() >> 40) * 0x1p-23f - 1;
  }
  return inputs;
}

// The tensors and the workspace of one run.
struct Memory {
  std::vector<GuardedMemory> inputs, outputs;
  GuardedMemory workspace;

  Memory(const Plan& plan, const Values& values, Guard guard)
      : workspace(static_cast<size_t>(plan.workspace_bytes), guard) {
    for (const std::vector<float>& input : values) {
      inputs.emplace_back(input.size() * sizeof(float), guard);
      std::memcpy(inputs.back().data(), input.data(), input.size() * sizeof(float));
    }
    for (const Shape& shape : plan.output_shapes)
      outputs.emplace_back(static_cast<size_t>(plan.images * shape.elements()) * sizeof(float), guard);
  }
};

bool same_bits(const std::vector<float>& values, const float* other) {
  return std::memcmp(values.data(), other, values.size() * sizeof(float)) == 0;
}

// Runs the library in that memory; the outputs, or a fault.
std::string run_in(const LoadedLibrary& library, const Plan& plan, const Values& inputs, const Memory& memory,
                   Values& outputs, const cnnc_rt_threads& threads) {
  std::vector<const float*> from;
  std::vector<float*> to;
  for (const GuardedMemory& input : memory.inputs) from.push_back(input.floats());
  for (const GuardedMemory& output : memory.outputs) to.push_back(output.floats());
  if (const int error = library.run(from, to, memory.workspace.data(), threads))
    return fmt::format("the run returned error {}", error);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!same_bits(inputs[i], from[i])) return fmt::format("the run has written to input {}", i);
  outputs.clear();
  for (size_t i = 0; i < to.size(); ++i)
    outputs.emplace_back(to[i], to[i] + plan.images * plan.output_shapes[i].elements());
  return "";
}

std::string fault_of_steps(const Graph& graph, const Plan& plan, const Run& run) {
  for (const Comparison& c : compare_steps(graph, plan, run))
    if (!c.ok())
      return fmt::format(
          "step {}: element {} is {:.9g}; the reference is "
          "{:.9g}, give or take {:.2g}",
          c.name, c.worst, c.compiled, c.reference, c.bound);
  return "";
}

// The graph with the convs marked that the plan computes by Winograd's transforms: their bound is another.
Graph as_computed(Graph graph, const Plan& plan) {
  for (const Step& step : plan.steps) {
    const Kernel& kernel = plan.kernels[static_cast<size_t>(step.kernel)];
    const WinogradMark mark = winograd_mark(kernel);
    if (mark.attribute.empty()) continue;
    for (Node& node : graph.nodes)
      if (node.op == "conv" && std::count(step.covers.begin(), step.covers.end(), node.name))
        node.attributes[mark.attribute] = mark.outputs;
  }
  return graph;
}

// One image of a tensor.
std::vector<float> image_of(const std::vector<float>& values, int64_t images, int64_t image) {
  const auto elements = static_cast<std::ptrdiff_t>(values.size()) / images;
  return {values.begin() + image * elements, values.begin() + (image + 1) * elements};
}

std::string fault_of_output(const std::string& name, const std::vector<float>& values,
                            const Reference& reference) {
  if (reference.values.size() != values.size())
    return fmt::format("output {} has {} elements; its reference has {}", name, values.size(),
                       reference.values.size());
  for (size_t i = 0; i < values.size(); ++i)
    if (!(std::fabs(values[i] - reference.values[i]) <= reference.bounds[i]))
      return fmt::format("output {}: element {} is {:.9g}; the reference is {:.9g}, give or take {:.2g}",
                         name, i, values[i], reference.values[i], reference.bounds[i]);
  return "";
}

// Every output against the whole network in double, within the bound that the operators' own ones add up to.
std::string fault_of_outputs(const Graph& graph, int64_t images, const Run& run) {
  std::string fault;
  for (int64_t image = 0; image < images; ++image) {
    Values inputs;
    for (const std::vector<float>& input : run.inputs) inputs.push_back(image_of(input, images, image));
    const std::vector<Reference> references = evaluate(graph, inputs);
    for (size_t o = 0; o < graph.outputs.size() && fault.empty(); ++o)
      fault = fault_of_output(graph.outputs[o].name, image_of(run.outputs[o], images, image),
                              references[static_cast<size_t>(graph.outputs[o].node)]);
  }
  return fault;
}

std::string fault_of_bits(const Values& expected, const Values& outputs, const std::string& where) {
  for (size_t o = 0; o < expected.size(); ++o)
    for (size_t i = 0; i < expected[o].size(); ++i)
      if (std::memcmp(&expected[o][i], &outputs[o][i], sizeof(float)) != 0)
        return fmt::format("output {}: element {} is {:.9g}, and {:.9g} {}", o, i, expected[o][i],
                           outputs[o][i], where);
  return "";
}

std::string fault_of_graph(const Graph& graph, const Target& target, PlanOptions options) {
  const Graph optimised = optimise(graph);
  options.keep_all_tensors = true;
  const Plan plan = make_plan(optimised, target, options);
  const LoadedLibrary library(plan, {1});
  const Values inputs = random_inputs(plan);
  const Memory memory(plan, inputs, Guard::behind), elsewhere(plan, inputs, Guard::before);
  Run run;
  run.inputs = inputs;
  run.workspace = static_cast<const std::byte*>(memory.workspace.data());
  std::string fault = run_in(library, plan, inputs, memory, run.outputs, kAlone);
  if (fault.empty()) fault = fault_of_steps(graph, plan, run);
  if (fault.empty()) fault = fault_of_outputs(as_computed(graph, plan), plan.images, run);

  Values outputs;
  if (fault.empty()) fault = run_in(library, plan, inputs, elsewhere, outputs, kBackwards);
  if (fault.empty()) fault = fault_of_bits(run.outputs, outputs, "with tasks backwards at other addresses");

  options.keep_all_tensors = false;
  const Plan shared_plan = make_plan(optimised, target, options);
  if (!fault.empty() || shared_plan.steps.size() < 2) return fault;
  const LoadedLibrary shared(shared_plan, {1});
  const Memory shared_memory(shared_plan, inputs, Guard::behind);
  fault = run_in(shared, shared_plan, inputs, shared_memory, outputs, kThreads);
  if (fault.empty())
    fault = fault_of_bits(run.outputs, outputs, "on several threads where tensors share memory");
  return fault;
}

}  // namespace

std::optional<Graph> graph_of(const std::string& text) {
  const Source source{"network.dsl", text};
  Diagnostics diagnostics;
  const std::optional<ast::File> file = parse(source, diagnostics);
  return file ? elaborate(*file, source, diagnostics) : std::nullopt;
}

PlanOptions many_tasks() {
  PlanOptions options;
  options.task_seconds = 1e-9;
  return options;
}

std::string fault_of(const std::string& text, Isa isa, const PlanOptions& options) {
  std::optional<Graph> graph = graph_of(text);
  if (!graph) return "the text is not valid";
  bind_random(*graph, 1);
  // In a process of its own, so that a crash is one network's fault.
  const auto in_time = [&](size_t) {
    // A crash ends it at once: the test framework's handlers are for the test's own process.
    for (const int crash : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) signal(crash, SIG_DFL);
    const rlimit limit = {kProcessorSeconds, kProcessorSeconds};
    setrlimit(RLIMIT_CPU,
              &limit);  // also of the processes that compile its kernels
    try {
      return fault_of_graph(*graph, target_for(isa), options);
    } catch (const Unsupported& unsupported) {
      return unsupported.message;
    }
  };
  try {
    return run_in_children(1, 1, in_time).front();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

bool runs_here(Isa isa) {
  const std::optional<Isa> host = host_isa();
  if (host && isa <= *host) return true;
  std::printf("SKIPPED: this machine does not run %s\n", to_string(isa).c_str());
  return false;
}

}  // namespace cnnc
