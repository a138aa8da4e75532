// What all commands share: from a file's name to a graph with weights and a plan, with every error in words.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver/options.h"
#include "driver/standard_streams.h"
#include "graph/graph.h"
#include "plan/plan.h"
#include "support/atomic_file.h"
#include "support/diagnostics.h"
#include "support/source.h"
#include "syntax/ast.h"

namespace cnnc {

// The input is wrong, or a file cannot be read or written: exit code 1. `text` is what the user sees, whole
// lines.
struct InputError {
  std::string text;
};

// "-" reads the standard input. Throws InputError, also for a text of more bytes; `kind` is what it is a text
// of, for the message.
Source read_source(const std::string& path, int64_t most_bytes, const std::string& kind);
Source read_source(const std::string& path);  // a network's text, of at most limits::kSourceBytes

// These throw InputError with all errors rendered.
ast::File parse_source(const Source& source);
Graph elaborate_source(const ast::File& file, const Source& source);
void bind_weights(Graph& graph, const Weights& weights, const Source& source);
Plan plan_network(const Graph& graph, const Target& target, const PlanOptions& options, const Source& source);

// Throws InputError that tells how to give weights if the network has parameters without values and `weights`
// is none.
void require_weights(const Graph& graph, const Weights& weights, const Source& source);

// The chosen instruction set's target; without one, this machine's. Throws UsageError where that has none.
Target target_or_host(std::optional<Isa> isa);

// The same for a command that runs the network: throws UsageError where this machine cannot.
Target target_that_runs_here(std::optional<Isa> isa, std::string_view command);

// Throws InputError with all errors rendered.
[[noreturn]] void fail(const Diagnostics& diagnostics, const Source& source);

// write_files_atomically, with InputError for FileError.
void write_files(const std::vector<std::pair<std::string, Content>>& path_and_content);
void write_file(const std::string& path, std::string_view content);

// The number of elements of all parameters that are trained; of those that are statistics (batch
// normalisation's running mean and variance). Empty beyond 63 bits.
struct ParameterCount {
  std::optional<int64_t> learnable = 0, statistics = 0;
};
ParameterCount count_parameters(const Node& node);
ParameterCount count_parameters(const Graph& graph);

// The shapes that a node reads; its multiply-adds for one image, by its definition.
std::vector<Shape> input_shapes(const Graph& graph, const Node& node);
int64_t macs(const Graph& graph, const Node& node);

// "61,706"; "more than 2^63" if empty.
std::string with_commas(std::optional<int64_t> number);

// "1 layer", "2 layers", with commas.
std::string counted(std::optional<int64_t> number, const std::string& noun);

}  // namespace cnnc
