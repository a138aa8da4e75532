// cnnc MODEL.dsl -o MODEL.a: the whole pipeline, from text, or ONNX model, to library.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "driver/commands.h"
#include "driver/console/numbers.h"
#include "driver/console/progress.h"
#include "driver/console/standard_streams.h"
#include "driver/front/counts.h"
#include "driver/front/front.h"
#include "driver/front/labels.h"
#include "driver/front/outputs.h"
#include "driver/front/quantised.h"
#include "driver/front/schedule_files.h"
#include "driver/front/size_limits.h"
#include "driver/front/text.h"
#include "emit/library/library.h"
#include "runtime/embedded.h"
#include "support/checked.h"
#include "syntax/formatter.h"

namespace cnnc {
namespace {

// Prints what --emit asks for, or writes it to the file of -o.
int deliver(const std::string& text, const CompileOptions& options) {
  if (options.output) write_file(*options.output, text);
  if (!options.output) print(text);
  return 0;
}

PlanOptions plan_options(const CompileOptions& options, const Text& text) {
  PlanOptions plan;
  plan.images = options.images.value_or(text.images);
  plan.threads = options.threads;
  plan.weights_type = options.weights_type;
  plan.allow_winograd = options.allow_winograd;
  return plan;
}

std::string text_of_plans(const Plans& plans) {
  std::string text;
  for (const Plan& plan : plans.of_targets) text += to_string(plan);
  return text;
}

Records records_of(const Plans& plans, int threads) {
  Records records;
  for (const Plan& plan : plans.of_targets) records = merge(std::move(records), records_of(plan, threads));
  return records;
}

KernelText kernel_text(Emit emit) {
  return emit == Emit::stmt ? KernelText::stmt : emit == Emit::llvm ? KernelText::llvm : KernelText::assembly;
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

// "wrote lenet5.a (312,456 bytes) and lenet5.h; for x86-64 with AVX2 and FMA, workspace 31,488 bytes": what
// the least of its targets needs.
std::string report(const Outputs& outputs, const Plans& plans) {
  const Target& least = plans.of_targets.back().target;
  return fmt::format("{}; for {} with {}, workspace {} bytes\n", what_was_written(outputs),
                     least.architecture->processor, least.extensions, with_commas(workspace_bytes(plans)));
}

std::optional<int64_t> bytes_of_parameters(const Graph& graph) {
  const std::optional<int64_t> floats = count_parameters(graph).learnable;
  return floats ? checked_multiply(*floats, sizeof(float)) : std::nullopt;
}

}  // namespace

int run(const CompileOptions& options) {
  const Outputs outputs = choose_outputs(options);
  Text text = read_text(options.model, options.onnx);
  const Source& source = text.source;
  if (options.emit == Emit::ast) return deliver(format(text.file), options);
  Graph graph = elaborate_text(text);
  if (options.emit == Emit::graph) return deliver(to_string(graph), options);
  const std::vector<std::string> labels = labels_of(graph, source);
  if (!labels.empty()) text.files.push_back(labels_path(graph, source));
  if (!options.emit) require_weights(graph, options.weights, source);
  const System& system = system_of(options.targets);
  const bool have_file = outputs.weights.has_value();
  if (!options.emit) require_place_for_weights(bytes_of_parameters(graph), have_file, system, source);
  bind_weights(graph, options.weights, source, options.weights_type);
  const std::optional<Quantization> quantization = read_quantization(options.quantization, text, graph);
  const BytePorts ports = ports_of(quantization, graph);
  graph = optimise(std::move(graph), quantization, options.trace ? &std::cerr : nullptr, options.bfloat16);
  if (options.emit == Emit::passes) return deliver(to_string(graph), options);
  const std::vector<Target> targets =
      targets_of_library(options.targets, arithmetic_of(quantization, text, options.bfloat16));
  if (!options.emit) require_runtime(targets.front(), has_runtime(targets.front()));
  const std::vector<Schedules> schedules =
      read_schedules(options.schedules, targets, options.threads, options.allow_winograd);
  const Plans plans =
      plan_network(graph, targets, options_of_plans(plan_options(options, text), schedules), source);
  print_ignored(plans, schedules);
  if (options.emit == Emit::schedule) return deliver(to_string(records_of(plans, options.threads)), options);
  if (options.emit == Emit::plan) return deliver(text_of_plans(plans), options);
  if (options.emit) return deliver(emit_text(plans, kernel_text(*options.emit), options.jobs), options);
  require_place_for_weights(plans.weights_bytes, have_file, system, source);
  require_memory(plans, source);
  EmitOptions emit_options;
  emit_options.kernels = {options.jobs, options.cache, progress_line()};
  emit_options.weights_file = have_file;
  emit_options.check_finite = options.check_finite;
  emit_options.labels = labels;
  emit_options.ports = ports;
  if (outputs.script)
    emit_options.script =
        ScriptFiles{file_name(outputs.library), file_name(*outputs.script), file_name(*outputs.types),
                    outputs.weights ? file_name(*outputs.weights) : ""};
  if (outputs.python) emit_options.python_loads = file_name(outputs.library);
  const Library library = emit_library(plans, emit_options);
  write_outputs(outputs, library, files_read(options, text.files), plans.best().name, plans.best().target);
  if (is_watched()) say(report(outputs, plans));
  if (const auto note = outputs.weights ? std::nullopt : note_of_size(plans.weights_bytes, source.name))
    say(*note);
  print_notes(text);
  return 0;
}

}  // namespace cnnc
