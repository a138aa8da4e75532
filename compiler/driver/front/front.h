// What all commands share: from a file's name to a graph with weights and a plan, with every error in words.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver/console/input_error.h"
#include "driver/options/options.h"
#include "graph/graph.h"
#include "plan/plans.h"
#include "support/atomic_file.h"
#include "support/diagnostics.h"
#include "support/source.h"
#include "syntax/ast.h"

namespace cnnc {

// "-" reads the standard input. Throws InputError, also for a text of more bytes; `kind` is what it is a text
// of, for the message.
Source read_source(const std::string& path, int64_t most_bytes, const std::string& kind);
Source read_source(const std::string& path);  // a network's text, of at most limits::kSourceBytes

// These throw InputError with all errors rendered.
ast::File parse_source(const Source& source);
Graph elaborate_source(const ast::File& file, const Source& source);
void bind_weights(Graph& graph, const Weights& weights, const Source& source,
                  ElementType of_dense_layers = ElementType::float32);  // which are rounded to it
Plan plan_network(const Graph& graph, const Target& target, const PlanOptions& options, const Source& source);

// Whether weights are bound, or there are none.
bool has_all_values(const Graph& graph);

// Throws InputError that tells how to give weights if the network has parameters without values and `weights`
// is none.
void require_weights(const Graph& graph, const Weights& weights, const Source& source);

// The same for several targets, with the options of each.
Plans plan_network(const Graph& graph, const std::vector<Target>& targets,
                   const std::vector<PlanOptions>& options, const Source& source);

// Where the library runs.
const System& system_of(const LibraryTargets& targets);

// The chosen instruction sets' targets; without one, this machine's for such a network. Throw UsageError, as
// below.
std::vector<Target> targets_or_host(const std::vector<Isa>& isas, Arithmetic arithmetic = Arithmetic::floats);
std::vector<Target> targets_of_library(const LibraryTargets& targets, Arithmetic arithmetic);
std::vector<Target> targets_to_run(const std::vector<Isa>& isas, const std::optional<std::string>& runner,
                                   std::string_view command, Arithmetic arithmetic = Arithmetic::floats);

// The chosen instruction set's target; without one, this machine's. Throws UsageError where that has none.
Target target_or_host(std::optional<Isa> isa, Arithmetic arithmetic = Arithmetic::floats);

// The same for a command that runs the network, by --runner's command if there is one: throws UsageError
// where that is none and this machine cannot, or where the program cannot be made.
Target target_to_run(std::optional<Isa> isa, const std::optional<std::string>& runner,
                     std::string_view command, Arithmetic arithmetic = Arithmetic::floats);

// For a command that makes a library: throws UsageError where this cnnc has no runtime for the target's
// architecture and system. The second says whether it has one (runtime/embedded.h).
bool has_runtime(const Target& target);
void require_runtime(const Target& target, bool has_runtime);

// Throws InputError with all errors rendered.
[[noreturn]] void fail(const Diagnostics& diagnostics, const Source& source);

// write_files_atomically, with InputError for FileError.
void write_files(const std::vector<std::pair<std::string, Content>>& path_and_content);
void write_file(const std::string& path, std::string_view content);

}  // namespace cnnc
