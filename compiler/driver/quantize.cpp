// cnnc quantize: runs the network on inputs, chooses what bytes stand for, and says what that costs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "driver/calibrate/compare_networks.h"
#include "driver/calibrate/find_adjustments.h"
#include "driver/calibrate/find_ranges.h"
#include "driver/calibrate/keep_floats.h"
#include "driver/commands.h"
#include "driver/console/progress.h"
#include "driver/console/standard_streams.h"
#include "driver/console/table.h"
#include "driver/data/data_set.h"
#include "driver/front/front.h"
#include "driver/front/outputs.h"
#include "driver/front/schedule_files.h"
#include "driver/front/text.h"
#include "ops/registry.h"
#include "passes/passes.h"
#include "quantize/equalise.h"
#include "quantize/list_tensors.h"

namespace cnnc {
namespace {

namespace fs = std::filesystem;

Compile compiler_of(const QuantizeOptions& options, const Source& source, const Target& target) {
  PlanOptions plan;
  plan.threads = options.threads;
  plan.choices = read_schedules({}, target, options.threads, true).choices;
  return [=, &options, &source](const Graph& graph) {
    return std::make_unique<CompiledGraph>(plan_network(graph, target, plan, source),
                                           KernelOptions{options.jobs, options.cache, progress_line()},
                                           options.threads);
  };
}

std::string in_decibels(const Noise& noise) {
  return fmt::format("{:.1f}", decibels(noise));
}

std::string layer_table(const NetworkNoise& noise, const std::vector<Quantization::Name>& kept) {
  std::vector<Row> rows = {{"layer", "operator", "alone", "in the network", ""}};
  for (const LayerNoise& layer : in_order_of_harm(noise.layers)) {
    const bool is_kept = std::any_of(kept.begin(), kept.end(),
                                     [&](const Quantization::Name& name) { return name.name == layer.name; });
    rows.push_back({layer.name, layer.op, in_decibels(layer.alone), in_decibels(layer.together),
                    is_kept ? "stays in floats" : ""});
  }
  return "signal to noise of each layer's result, in dB, the worst first\n" + table(rows, "llrrl");
}

// "softmax1: 38.2 dB, the largest error 0.0013; the greatest element is the same in 998 of 1000 (99.80 %)"
std::string output_lines(const NetworkNoise& noise) {
  std::string text;
  for (const OutputNoise& output : noise.outputs) {
    text += fmt::format("output {}: {} dB, the largest error {:.2g}", output.name, in_decibels(output.noise),
                        output.largest_error);
    if (output.answers > 0)
      text += fmt::format("; the greatest element is the same in {} of {} ({:.2f} %)", output.agree,
                          output.answers,
                          100 * static_cast<double>(output.agree) / static_cast<double>(output.answers));
    if (output.not_finite > 0)
      text += fmt::format("; elements that are no finite numbers as floats, and count for nothing: {}",
                          output.not_finite);
    text += "\n";
  }
  return text;
}

// From what the network computes on the examples to the lines of its quantisation.
struct Calibration {
  const Graph &elaborated, &graph;  // before the passes and behind them
  const DataSet& data;
  const Compile& compile;
  const QuantizeOptions& options;

  Quantization quantization(std::vector<Quantization::Name> floats) const {
    Quantization q = settings();
    q.floats = std::move(floats);
    if (options.equalise) q.equalised = find_equalisation(graph, q, data, compile);
    const Graph balanced = equalised(graph, q);
    const std::vector<NodeId> watched = tensors_to_watch(balanced, q);
    q = list_tensors(balanced, find_ranges(balanced, watched, data, options.method, compile), std::move(q));
    if (options.correct_bias) q.corrections = find_corrections(elaborated, graph, q, data, compile);
    return q;
  }

 private:
  void add_port(const char* option, ElementType type, const std::string& name, NodeId id,
                std::vector<Quantization::Port>& ports) const {
    if (type == ElementType::float32) return;
    const Shape& shape = graph.nodes[static_cast<size_t>(id)].shape;
    if (element_types(graph)[static_cast<size_t>(id)] != ElementType::float32 ||
        (!shape.is_map() && !shape.is_vector()))
      throw UsageError{fmt::format(
          "'{} {}' is for maps and vectors of floats, which '{}' is none of; write lines of the others "
          "into the quantisation",
          option, to_string(type), name)};
    ports.push_back({name, type == ElementType::int8, {}});
  }

  Quantization settings() const {
    Quantization q;
    q.network = graph.name;
    q.weight_bits = options.weight_bits;
    q.method = options.method;
    q.inputs = data.examples;
    for (const NodeId id : graph.inputs)
      add_port("--input-type", options.inputs, graph.nodes[static_cast<size_t>(id)].name, id, q.byte_inputs);
    for (const GraphOutput& output : graph.outputs)
      add_port("--output-type", options.outputs, output.name, output.node, q.byte_outputs);
    return q;
  }
};

// What to do where so much is lost that answers will suffer.
void print_hint(const std::string& path, const NetworkNoise& noise, const QuantizeOptions& options) {
  constexpr double kLeast = 20;
  if (options.least_sqnr || noise.layers.empty() || least_decibels(noise) >= kLeast) return;
  say(
      fmt::format("{}: note: an output has only {:.1f} dB; '--least-sqnr {}' leaves layers in floats until "
                  "all have so much\n",
                  path, least_decibels(noise), kLeast));
}

}  // namespace

int run(const QuantizeOptions& options) {
  const Target target = target_to_run(std::nullopt, std::nullopt, "quantize", Arithmetic::bytes);
  const std::string path = choose_quantization(options);
  Text text = read_text(options.model, options.onnx);
  Graph elaborated = elaborate_text(text);
  require_weights(elaborated, options.weights, text.source);
  bind_weights(elaborated, options.weights, text.source);
  const Graph graph = optimise(elaborated);
  const DataSet data = read_data(options.data, graph, options.pictures),
                tests = options.test.empty() ? data : read_data(options.test, graph, options.pictures);
  const Compile compile = compiler_of(options, text.source, target);
  const Calibration calibration{elaborated, graph, data, compile, options};
  const Measure measure = [&](const std::vector<Quantization::Name>& floats) {
    const Quantization q = calibration.quantization(floats);
    return Quantised{q, compare_networks(graph, q, tests, compile)};
  };
  const Quantised all = measure({}),
                  chosen = with_floats(graph, all, {options.keep_float, options.least_sqnr}, measure);
  if (!all.noise.layers.empty()) print(layer_table(all.noise, chosen.quantization.floats) + "\n");
  print(output_lines(chosen.noise));
  write_file(path, to_string(chosen.quantization));
  if (chosen.noise.layers.empty())
    say(fmt::format("{}: note: by this quantisation no layer computes with bytes\n", path));
  print_hint(path, chosen.noise, options);
  print_notes(text);
  return 0;
}

}  // namespace cnnc
