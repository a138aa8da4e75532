// cnnc run: compiles the network, runs it here on files, and prints what it says.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "driver/commands.h"
#include "driver/console/progress.h"
#include "driver/console/standard_streams.h"
#include "driver/data/answers.h"
#include "driver/data/byte_values.h"
#include "driver/data/inputs.h"
#include "driver/data/npy.h"
#include "driver/front/front.h"
#include "driver/front/labels.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "driver/run/compiled_graph.h"

namespace cnnc {
namespace {

namespace fs = std::filesystem;

// "time      0.41 ms a run, the median of 31"
std::string time_line(CompiledGraph& network, const Tensors& inputs) {
  using Clock = std::chrono::steady_clock;
  constexpr size_t kLeastRuns = 11;
  constexpr double kSeconds = 0.3;
  std::vector<double> seconds;
  Tensors outputs = network.run(inputs);
  for (double sum = 0; seconds.size() < kLeastRuns || sum < kSeconds; sum += seconds.back()) {
    const auto start = Clock::now();
    network.run(inputs, outputs);
    seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return fmt::format("  {:.4g} ms a run, the median of {}\n", *middle * 1e3, seconds.size());
}

Tensors inputs_of(const Plan& plan, const RunOptions& options, size_t first) {
  Tensors inputs;
  for (size_t i = 0; i < plan.inputs.size(); ++i)
    inputs.push_back(input_values(options.files[first + i], plan.inputs[i], plan.input_shapes[i],
                                  options.pictures, pixels_of_input(plan, i)));
  return inputs;
}

void check_files(const Plan& plan, const RunOptions& options) {
  const size_t inputs = plan.inputs.size();
  if (options.files.size() % inputs != 0)
    throw UsageError{fmt::format("the network reads {} inputs ({}), a file each; found {}", inputs,
                                 fmt::join(plan.inputs, ", "), options.files.size())};
}

void check_labels(const Plan& plan, const std::vector<std::string>& labels, const RunOptions& options) {
  if (!options.labels) return;  // those of the text were checked
  for (const Shape& shape : plan.output_shapes)
    if (shape.is_vector() && shape.elements() != static_cast<int64_t>(labels.size()))
      throw InputError{fmt::format("{}: error: the labels have {} lines, and the output {} elements\n",
                                   *options.labels, labels.size(), shape.elements())};
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

void check_output(const Plan& plan, const RunOptions& options) {
  if (!options.output || is_folder(*options.output)) return;
  const std::string suffix = fs::path(*options.output).extension().string();
  if (suffix != ".npy" && suffix != ".png")
    throw UsageError{fmt::format("'-o' names a file .npy or .png, or a folder that is there; found '{}'",
                                 *options.output)};
  if (plan.outputs.size() > 1 || options.files.size() > plan.inputs.size())
    throw UsageError{
        fmt::format("'-o {}' is one file for several outputs: name a folder that is there", *options.output)};
}

// In a folder "dog.npy", and with several outputs "dog-boxes.npy".
std::string output_path(const Plan& plan, const RunOptions& options, const std::string& file, size_t output) {
  if (!is_folder(*options.output)) return *options.output;
  const std::string stem = fs::path(file).stem().string();
  const std::string name = plan.outputs.size() == 1 ? stem : stem + "-" + plan.outputs[output].name;
  return (fs::path(*options.output) / (name + ".npy")).string();
}

void write_output(const Plan& plan, const RunOptions& options, const std::string& file, size_t output,
                  const std::vector<float>& values) {
  const std::string path = output_path(plan, options, file, output);
  const Shape& shape = plan.output_shapes[output];
  if (fs::path(path).extension() == ".png")
    write_file(path, png_bytes(picture_of(shape, values, path)));
  else
    write_file(path, npy_bytes({shape.sizes, values}));
}

void run_files(CompiledGraph& network, const RunOptions& options, const std::vector<std::string>& labels,
               const BytePorts& ports) {
  const Plan& plan = network.plan();
  for (size_t first = 0; first < options.files.size(); first += plan.inputs.size()) {
    Tensors inputs = inputs_of(plan, options, first);
    for (const auto& [i, port] : ports.inputs) make_bytes(port, inputs[i]);
    Tensors outputs = network.run(inputs);
    for (const auto& [i, port] : ports.outputs) make_reals(port, outputs[i]);
    std::string text = options.files[first] + "\n";
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (outputs.size() > 1) text += " " + plan.outputs[i].name + "\n";
      text += answer(plan.output_shapes[i], outputs[i], options.top, labels);
      if (options.output) write_output(plan, options, options.files[first], i, outputs[i]);
    }
    print(text + (options.time ? time_line(network, inputs) : ""));
  }
}

}  // namespace

int run(const RunOptions& options) {
  Text text = read_text(options.model, options.onnx);
  const Target target = target_to_run(std::nullopt, std::nullopt, "run",
                                      arithmetic_of(options.quantization, text, options.bfloat16));
  Graph graph = elaborate_text(text);
  const std::vector<std::string> labels =
      options.labels ? read_labels(*options.labels) : labels_of(graph, text.source);
  require_weights(graph, options.weights, text.source);
  bind_weights(graph, options.weights, text.source, options.weights_type);
  PlanOptions plan_options;
  plan_options.threads = options.threads;
  plan_options.weights_type = options.weights_type;
  plan_options.choices = read_schedules({}, target, options.threads, true).choices;
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  const BytePorts ports = ports_of(quantization, graph);
  const Plan plan = plan_network(optimise(std::move(graph), quantization, nullptr, options.bfloat16), target,
                                 plan_options, text.source);
  check_files(plan, options);
  check_labels(plan, labels, options);
  check_output(plan, options);
  inputs_of(plan, options, 0);  // what is wrong with a file is said before the compilation
  CompiledGraph network(plan, {options.jobs, options.cache, progress_line()}, options.threads);
  run_files(network, options, labels, ports);
  return 0;
}

}  // namespace cnnc
