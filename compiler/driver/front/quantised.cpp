#include "driver/front/quantised.h"

#include <fmt/format.h>

#include <utility>

#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "passes/passes.h"
#include "passes/use_bfloat16.h"
#include "quantize/apply.h"
#include "quantize/check_names.h"
#include "support/limits.h"
#include "weights/weights.h"

namespace cnnc {

std::optional<Quantization> read_quantization(const std::optional<std::string>& path, const Text& text,
                                              const Graph& elaborated) {
  if (!path) return text.quantization;
  const Source source = read_source(*path, limits::kQuantizationBytes, "a quantisation");
  Diagnostics diagnostics;
  std::optional<Quantization> quantization = parse_quantization(source, diagnostics);
  if (!quantization || !check_names(*quantization, elaborated, diagnostics)) fail(diagnostics, source);
  return quantization;
}

void print_notes(const Quantization& quantization, const std::string& path) {
  for (const auto* names : {&quantization.byte_inputs, &quantization.byte_outputs})
    for (const auto& port : *names)
      say(fmt::format(
          "{}: note: the library has '{}' as floats; bytes as inputs and outputs are not made yet\n", path,
          port.name));
}

namespace {

Arithmetic arithmetic(bool of_bytes, const Text& text, bool bfloat16) {
  if (of_bytes && bfloat16)
    throw InputError{
        fmt::format("{}: error: the model is quantised; '--precision bf16' is for networks of floats\n",
                    text.source.name)};
  return of_bytes ? Arithmetic::bytes : bfloat16 ? Arithmetic::bf16 : Arithmetic::floats;
}

}  // namespace

Arithmetic arithmetic_of(const std::optional<Quantization>& quantization, const Text& text, bool bfloat16) {
  return arithmetic(quantization.has_value(), text, bfloat16);
}

Arithmetic arithmetic_of(const std::optional<std::string>& path, const Text& text, bool bfloat16) {
  return arithmetic(path || text.of_model, text, bfloat16);
}

Graph optimise(Graph elaborated, const std::optional<Quantization>& quantization, std::ostream* trace,
               bool bfloat16) {
  if (quantization && !has_all_values(elaborated)) bind_random(elaborated, 1);
  Graph graph = optimise(std::move(elaborated), trace);
  if (bfloat16) return use_bfloat16(std::move(graph));
  return quantization ? apply_quantization(graph, *quantization) : graph;
}

Defined define(Graph elaborated, const std::optional<Quantization>& quantization, bool bfloat16) {
  if (!quantization && !bfloat16) return {elaborated, optimise(elaborated)};
  Graph graph = optimise(std::move(elaborated), quantization, nullptr, bfloat16);
  for (Node& node : graph.nodes) node.covers = {node.name};
  return {graph, graph};
}

}  // namespace cnnc
