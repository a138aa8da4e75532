#include "driver/front/front.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "driver/console/numbers.h"
#include "driver/front/counts.h"
#include "elaborate/elaborate.h"
#include "runtime/embedded.h"
#include "support/atomic_file.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "syntax/parser.h"
#include "target/host.h"
#include "weights/foreign.h"
#include "weights/small_weights.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org: present and not empty
  return isatty(STDERR_FILENO) && (!no_color || !*no_color);
}

[[noreturn]] void fail_to_read(const std::string& path, int reason) {
  throw InputError{fmt::format("cnnc: error: cannot read '{}': {}\n", path, std::strerror(reason))};
}

// All that a descriptor gives, but no more than a byte over the limit.
std::string read_bounded(int descriptor, const std::string& path, int64_t most_bytes) {
  std::string text(static_cast<size_t>(most_bytes) + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_to_read(path, errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return text;
}

std::string read_text(const std::string& path, int64_t most_bytes) {
  if (path == "-") return read_bounded(STDIN_FILENO, "<stdin>", most_bytes);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_to_read(path, errno);
  struct Closer {
    int descriptor;
    ~Closer() { close(descriptor); }
  } closer{descriptor};
  return read_bounded(descriptor, path, most_bytes);
}

// At most a byte over the limit.
Source source_of(const std::string& path, int64_t most_bytes) {
  return {path == "-" ? "<stdin>" : path, read_text(path, most_bytes)};
}

void require_bytes(const Source& source, int64_t most_bytes, const std::string& kind) {
  if (static_cast<int64_t>(source.text.size()) > most_bytes)
    throw InputError{fmt::format("{}: error: the text has more than {} bytes, the limit of {}\n", source.name,
                                 most_bytes, kind)};
}

// A model or weights in the place of a text would be an error for each byte.
void refuse_foreign(const Source& source) {
  const auto foreign = recognise_foreign_file(std::string_view(source.text).substr(0, 64));
  if (!foreign || foreign->format == ForeignFile::Format::text) return;
  Diagnostics diagnostics;
  diagnostics.error_in_file(
      source.name, fmt::format("this is no text of a network: it looks like {}", foreign->name),
      foreign->format == ForeignFile::Format::onnx ? "give the file a name that ends in '.onnx'"
                                                   : "weights are given with '--weights FILE.safetensors'");
  fail(diagnostics, source);
}

}  // namespace

void fail(const Diagnostics& diagnostics, const Source& source) {
  throw InputError{render(diagnostics, source, wants_color())};
}

Source read_source(const std::string& path, int64_t most_bytes, const std::string& kind) {
  Source source = source_of(path, most_bytes);
  require_bytes(source, most_bytes, kind);
  return source;
}

Source read_source(const std::string& path) {
  Source source = source_of(path, limits::kSourceBytes);
  refuse_foreign(source);
  require_bytes(source, limits::kSourceBytes, "a network's text");
  return source;
}

ast::File parse_source(const Source& source) {
  Diagnostics diagnostics;
  std::optional<ast::File> file = parse(source, diagnostics);
  if (!file) fail(diagnostics, source);
  return std::move(*file);
}

Graph elaborate_source(const ast::File& file, const Source& source) {
  Diagnostics diagnostics;
  std::optional<Graph> graph = elaborate(file, source, diagnostics);
  if (!graph) fail(diagnostics, source);
  return std::move(*graph);
}

bool has_all_values(const Graph& graph) {
  for (const Node& node : graph.nodes)
    for (const Parameter& parameter : node.parameters)
      if (!parameter.values) return false;
  return true;
}

void require_weights(const Graph& graph, const Weights& weights, const Source& source) {
  const ParameterCount count = count_parameters(graph);
  if (count.learnable == 0 || has_all_values(graph) || !std::holds_alternative<std::monostate>(weights))
    return;
  Diagnostics diagnostics;
  diagnostics.error_in_file(
      source.name,
      fmt::format("the network has {} and no weights are given", counted(count.learnable, "parameter")),
      "write '--weights FILE.safetensors' for trained ones, or '--weights random:1' for "
      "seeded random ones");
  fail(diagnostics, source);
}

void bind_weights(Graph& graph, const Weights& weights, const Source& source, ElementType of_dense_layers) {
  Diagnostics diagnostics;
  if (const auto* random = std::get_if<RandomWeights>(&weights)) bind_random(graph, random->seed);
  if (const auto* file = std::get_if<WeightsFile>(&weights)) {
    const std::optional<NamedTensors> tensors = read_safetensors(file->path, diagnostics);
    if (!tensors || !bind(graph, *tensors, file->path, diagnostics)) fail(diagnostics, source);
  }
  try {
    if (of_dense_layers != ElementType::float32) round_weights(graph, of_dense_layers);
  } catch (const std::range_error& error) {
    diagnostics.error_in_file(source.name, error.what(),
                              of_dense_layers == ElementType::bfloat16
                                  ? "write '--weights-type f32'"
                                  : "write '--weights-type bf16', which holds nearly all magnitudes, or f32");
    fail(diagnostics, source);
  }
}

Plan plan_network(const Graph& graph, const Target& target, const PlanOptions& options,
                  const Source& source) {
  return plan_network(graph, std::vector{target}, {options}, source).of_targets.front();
}

Plans plan_network(const Graph& graph, const std::vector<Target>& targets,
                   const std::vector<PlanOptions>& options, const Source& source) {
  try {
    return make_plans(graph, targets, options);
  } catch (const Unsupported& unsupported) {
    Diagnostics diagnostics;
    diagnostics.error(unsupported.where, unsupported.message);
    fail(diagnostics, source);
  }
}

Target target_or_host(std::optional<Isa> isa, Arithmetic arithmetic) {
  if (!isa) isa = host_isa(arithmetic);
  if (!isa)
    throw UsageError{fmt::format("this machine lacks {}: name the one to compile for, as in '--target avx2'",
                                 least_of_host().extensions)};
  return target_for(*isa);
}

Target target_to_run(std::optional<Isa> isa, const std::optional<std::string>& runner,
                     std::string_view command, Arithmetic arithmetic, const System* system) {
  Target target = target_or_host(isa, arithmetic);
  if (system) target = on_system(target, *system);
  if (runner) require_runtime(target, has_runtime(target));
  if (runner && program_objects(target.architecture->name, target.system->name).empty())
    throw UsageError{
        fmt::format("'--runner' runs a program, and cnnc links none for {}: it makes libraries for it, by "
                    "'cnnc MODEL --system {}'",
                    target.system->title, target.system->name)};
  if (runner || runs_on_host(target.isa)) return target;
  const std::optional<Isa> host = host_isa();
  throw UsageError{
      fmt::format("'{}' runs the network, and this machine cannot run {}; it has {}. "
                  "'--runner COMMAND' runs it on another",
                  command, target.name, host ? to_string(*host) : "none of them")};
}

bool has_runtime(const Target& target) {
  return !runtime_objects(target.architecture->name, target.system->name).empty();
}

void require_runtime(const Target& target, bool has_runtime) {
  if (has_runtime) return;
  const bool is_usual = target.system == &default_system_of(target.architecture->name);
  throw UsageError{fmt::format(
      "this cnnc makes no libraries for {}: their runtime is compiled when cnnc is built, and there "
      "was no {} then. Install it (Debian: {}), and build cnnc anew",
      is_usual ? target.name : target.system->title, compiler_for(target), package_of_compiler_for(target))};
}

namespace {

template <class Choose>
std::vector<Target> choose_targets(const std::vector<Isa>& isas, const Choose& choose) {
  if (isas.empty()) return {choose(std::optional<Isa>())};
  std::vector<Target> targets;
  for (const Isa isa : isas) targets.push_back(choose(std::optional(isa)));
  return targets;
}

}  // namespace

std::vector<Target> targets_or_host(const std::vector<Isa>& isas, Arithmetic arithmetic) {
  return choose_targets(isas, [&](std::optional<Isa> isa) { return target_or_host(isa, arithmetic); });
}

const System& system_of(const LibraryTargets& targets) {
  if (targets.system) return *targets.system;
  return *(targets.isas.empty() ? least_of_host() : target_for(targets.isas.front())).system;
}

std::vector<Target> targets_of_library(const LibraryTargets& targets, Arithmetic arithmetic) {
  std::vector<Target> all = targets_or_host(
      targets.all ? targets_of(*least_of_host().architecture, arithmetic) : targets.isas, arithmetic);
  for (Target& target : all) target = on_system(target, system_of(targets));
  return all;
}

std::vector<Target> targets_to_run(const std::vector<Isa>& isas, const std::optional<std::string>& runner,
                                   std::string_view command, Arithmetic arithmetic, const System* system) {
  return choose_targets(
      isas, [&](std::optional<Isa> isa) { return target_to_run(isa, runner, command, arithmetic, system); });
}

namespace {

template <class Write>
void write_or_tell(const Write& write) {
  try {
    write();
  } catch (const std::runtime_error& error) {
    throw InputError{fmt::format("cnnc: error: {}\n", error.what())};
  }
}

}  // namespace

void write_files(const std::vector<std::pair<std::string, Content>>& path_and_content) {
  write_or_tell([&] { write_files_atomically(path_and_content); });
}

void write_file(const std::string& path, std::string_view content) {
  write_or_tell([&] { write_file_atomically(path, content); });
}

}  // namespace cnnc
