#include "networks/fault.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "driver/run/verify_layers.h"
#include "driver/run/verify_outputs.h"
#include "elaborate/elaborate.h"
#include "emit/kernels/workers.h"
#include "emit/library/symbols.h"
#include "emit/load/loaded_library.h"
#include "emit/load/remote_library.h"
#include "networks/guarded_memory.h"
#include "networks/kernel_options.h"
#include "ops/evaluation/evaluate.h"
#include "ops/registry.h"
#include "passes/passes.h"
#include "passes/use_bfloat16.h"
#include "quantize/apply.h"
#include "quantize/list_tensors.h"
#include "syntax/parser.h"
#include "target/host.h"
#include "weights/small_weights.h"
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

Values random_inputs(const Plan& plan, const InputRange& range) {
  std::mt19937_64 generator(1);
  Values inputs;
  for (const Shape& shape : plan.input_shapes) {
    inputs.emplace_back(plan.images * shape.elements());
    for (float& value : inputs.back())
      value = range.middle + range.reach * (static_cast<float>(generator() >> 40) * 0x1p-23f - 1);
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

std::string fault_of_comparisons(const std::string& what, const std::vector<Comparison>& comparisons) {
  for (const Comparison& c : comparisons)
    if (!c.ok())
      return fmt::format("{} {}: element {} is {:.9g}; the reference is {:.9g}, give or take {:.2g}", what,
                         c.name, c.worst, c.compiled, c.reference, c.bound);
  return "";
}

std::string fault_of_bits(const Values& expected, const Values& outputs, const std::string& where) {
  for (size_t o = 0; o < expected.size(); ++o)
    for (size_t i = 0; i < expected[o].size(); ++i)
      if (std::memcmp(&expected[o][i], &outputs[o][i], sizeof(float)) != 0)
        return fmt::format("output {}: element {} is {:.9g}, and {:.9g} {}", o, i, expected[o][i],
                           outputs[o][i], where);
  return "";
}

// Makes the batchnorm bring numbers of that range to [-1, 1), as a network's first layer does: x s - t.
void normalise(Node& batchnorm, const InputRange& range) {
  const auto all = [&](float value) {
    return std::make_shared<const std::vector<float>>(batchnorm.shape.sizes[0], value);
  };
  batchnorm.parameters = {
      {"weight", {batchnorm.shape.sizes[0]}, all(1)},
      {"bias", {batchnorm.shape.sizes[0]}, all(0)},
      {"running_mean", {batchnorm.shape.sizes[0]}, all(range.mean)},
      {"running_var", {batchnorm.shape.sizes[0]}, all(range.deviation * range.deviation)}};
}

// Makes every third value of a constant tensor minus infinity, as a mask has it, and the others 0.
void mask(Parameter& parameter) {
  std::vector<float> values(static_cast<size_t>(parameter.shape.elements()));
  for (size_t i = 1; i < values.size(); i += 3) values[i] = -HUGE_VALF;
  parameter.values = std::make_shared<const std::vector<float>>(std::move(values));
}

// Whether a tensor leaves the range of float for such inputs, as products of products may: then nothing can
// be said of what follows. Of a batch's images, which are of one range, one is looked at.
bool overflows(const Graph& graph, const Plan& plan, const Values& inputs) {
  Values image;
  for (const std::vector<float>& input : inputs)
    image.emplace_back(input.end() - static_cast<std::ptrdiff_t>(input.size()) / plan.images, input.end());
  for (const Reference& reference : evaluate(graph, image))
    for (const double value : reference.values)
      if (!(std::fabs(value) < 1e34)) return true;
  return false;
}

bool is_there(const std::string& command) {
  return std::system(("command -v " + command + " >/dev/null").c_str()) == 0;
}

// On the system that CNNC_SYSTEM names; without, on the target's own.
Target target_of(Isa isa) {
  const char* name = std::getenv("CNNC_SYSTEM");
  const System* system = name ? system_named(name) : nullptr;
  const Target& target = target_for(isa);
  return system && goes_with(*system, target.architecture->name) ? on_system(target, *system) : target;
}

bool runs_in_process(const Target& target) {
  return runs_on_host(target.isa) && target.system == least_of_host().system;
}

// The command that runs code that this process cannot run; "" if there is none.
std::string emulator_of(const Target& target) {
  if (target.system == system_named("windows"))
    return runs_on_host(target.isa) && is_there(compiler_for(target)) && is_there("wine") ? "wine" : "";
  if (target.system->is_bare) return is_there("node") ? "node" : "";
  const std::string architecture = target.architecture->name, emulator = "qemu-" + architecture;
  const bool can_link = is_there(architecture + "-linux-gnu-gcc");
  return target.architecture == target_for(Isa::neon).architecture && can_link && is_there(emulator)
             ? emulator
             : "";
}

// What does not hold of runs by that command, of one thread and of several.
std::string fault_by_emulator(const Graph& graph, const Plan& plan, const Values& inputs,
                              const std::string& emulator) {
  const KernelObjects kernels{kernel_objects(plan, symbols_of(plan).kernels, kernel_options())};
  Workspace workspace = workspace_for(plan);
  const auto run_by = [&](int threads) {
    RemoteLibrary library(plan, kernels, emulator, threads);
    std::vector<const float*> from;
    std::vector<float*> to;
    Values outputs;
    for (const std::vector<float>& input : inputs) from.push_back(input.data());
    for (const Shape& shape : plan.output_shapes) outputs.emplace_back(plan.images * shape.elements());
    for (std::vector<float>& output : outputs) to.push_back(output.data());
    int32_t layer = -1;
    if (const int error = library.run(from, to, workspace.data(), &layer))
      throw std::runtime_error(fmt::format("the run returned error {}", error));
    return outputs;
  };
  Run run;
  run.inputs = inputs;
  run.outputs = run_by(1);
  run.workspace = workspace.front().bytes;
  std::string fault = fault_of_comparisons("step", compare_steps(graph, plan, run));
  if (fault.empty()) fault = fault_of_comparisons("output", compare_outputs(graph, plan, run));
  if (!fault.empty() || plan.target.system->is_bare) return fault;
  return fault_of_bits(run.outputs, run_by(3), "on several threads");
}

// `optimised` is what a library is made of, and is compared with the definition of `graph`.
std::string fault_of_graph(const Graph& graph, const Graph& optimised, const Target& target,
                           PlanOptions options, const InputRange& range) {
  options.keep_all_tensors = true;
  Plan followed;
  if (options.sharing) {
    followed = make_plan(optimised, options.sharing->best, options);
    options.sharing->plan = &followed;
  }
  const Plan plan = make_plan(optimised, target, options);
  Values inputs = random_inputs(plan, range);
  if (overflows(graph, plan, inputs)) inputs = random_inputs(plan, {});
  if (!runs_in_process(target)) return fault_by_emulator(graph, plan, inputs, emulator_of(target));
  const LoadedLibrary library(plan, kernel_options());
  const Memory memory(plan, inputs, Guard::behind), elsewhere(plan, inputs, Guard::before);
  Run run;
  run.inputs = inputs;
  run.workspace = static_cast<const std::byte*>(memory.workspace.data());
  std::string fault = run_in(library, plan, inputs, memory, run.outputs, kAlone);
  if (fault.empty()) fault = fault_of_comparisons("step", compare_steps(graph, plan, run));
  if (fault.empty()) fault = fault_of_comparisons("output", compare_outputs(graph, plan, run));

  Values outputs;
  if (fault.empty()) fault = run_in(library, plan, inputs, elsewhere, outputs, kBackwards);
  if (fault.empty()) fault = fault_of_bits(run.outputs, outputs, "with tasks backwards at other addresses");

  options.keep_all_tensors = false;
  const Plan shared_plan = make_plan(optimised, target, options);
  if (!fault.empty() || shared_plan.steps.size() < 2) return fault;
  const LoadedLibrary shared(shared_plan, kernel_options());
  const Memory shared_memory(shared_plan, inputs, Guard::behind);
  fault = run_in(shared, shared_plan, inputs, shared_memory, outputs, kThreads);
  if (fault.empty())
    fault = fault_of_bits(run.outputs, outputs, "on several threads where tensors share memory");
  return fault;
}

// Ranges by one run of the definition, on an input of the test.
Quantization quantization_of(const Graph& optimised, int weight_bits, const InputRange& range) {
  Quantization quantization;
  quantization.network = optimised.name;
  quantization.weight_bits = weight_bits;
  const Plan plan = make_plan(optimised, target_for(Isa::sse41));
  const std::vector<Reference> values = evaluate(optimised, random_inputs(plan, range));
  std::vector<std::optional<Range>> ranges(optimised.nodes.size());
  for (const NodeId id : tensors_to_watch(optimised, quantization))
    ranges[id] = with(Range(), {values[id].values.begin(), values[id].values.end()});
  return list_tensors(optimised, ranges, quantization);
}

// In a process of its own, so that a crash is one network's fault.
std::string in_process(const std::function<std::string()>& fault) {
  const auto in_time = [&](size_t) {
    // Also of the processes that compile its kernels.
    const rlimit limit = {kProcessorSeconds, kProcessorSeconds};
    setrlimit(RLIMIT_CPU, &limit);
    try {
      return fault();
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

// With random weights, those of dense layers rounded to the type, but for those that have a meaning.
Graph with_weights(Graph graph, ElementType type, const InputRange& range) {
  bind_random(graph, 1);
  if (type != ElementType::float32) round_weights(graph, type);
  for (Node& node : graph.nodes)
    if (node.name == kNormalised)
      normalise(node, range);
    else if (node.name.rfind(kMask, 0) == 0)
      mask(node.parameters.at(0));
  return graph;
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
  options.threads = 4;
  return options;
}

std::string fault_of(const std::string& text, Isa isa, const PlanOptions& options, const InputRange& range) {
  const std::optional<Graph> valid = graph_of(text);
  if (!valid) return "the text is not valid";
  const Graph graph = with_weights(*valid, options.weights_type, range);
  return in_process([&] { return fault_of_graph(graph, optimise(graph), target_of(isa), options, range); });
}

Graph in_bytes(const std::string& text, int weight_bits, const PlanOptions& options,
               const InputRange& range) {
  const Graph optimised = optimise(with_weights(graph_of(text).value(), options.weights_type, range));
  Graph graph = apply_quantization(optimised, quantization_of(optimised, weight_bits, range));
  for (Node& node : graph.nodes) node.covers = {node.name};  // this graph is the definition
  return graph;
}

Graph in_bfloat16(const std::string& text, const PlanOptions& options, const InputRange& range) {
  Graph graph = use_bfloat16(optimise(with_weights(graph_of(text).value(), options.weights_type, range)));
  for (Node& node : graph.nodes) node.covers = {node.name};
  return graph;
}

std::string fault_in_bytes(const Graph& graph, Isa isa, const PlanOptions& options, const InputRange& range) {
  return in_process([&] { return fault_of_graph(graph, graph, target_of(isa), options, range); });
}

bool runs_here(Isa isa) {
  if (runs_in_process(target_of(isa)) || !emulator_of(target_of(isa)).empty()) return true;
  std::printf("SKIPPED: this machine does not run %s\n", to_string(isa).c_str());
  return false;
}

}  // namespace cnnc
