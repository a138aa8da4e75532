#include "driver/front/quantised.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "passes/passes.h"
#include "passes/use_bfloat16.h"
#include "quantize/apply.h"
#include "quantize/byte_tensors.h"
#include "quantize/check_names.h"
#include "support/limits.h"
#include "weights/weights.h"

namespace cnnc {
namespace {

// Asked of the graph behind the passes, which takes time.
bool has_requests(const Quantization& quantization) {
  return !quantization.equalised.empty() || !quantization.byte_inputs.empty() ||
         !quantization.byte_outputs.empty();
}

bool check_requests_of(const Quantization& quantization, const Graph& elaborated, Diagnostics& diagnostics) {
  return !has_requests(quantization) || check_requests(quantization, optimise(elaborated), diagnostics);
}

}  // namespace

std::optional<Quantization> read_quantization(const std::optional<std::string>& path, const Text& text,
                                              const Graph& elaborated) {
  if (!path) return text.quantization;
  const Source source = read_source(*path, limits::kQuantizationBytes, "a quantisation");
  Diagnostics diagnostics;
  std::optional<Quantization> quantization = parse_quantization(source, diagnostics);
  if (!quantization || !check_names(*quantization, elaborated, diagnostics) ||
      !check_requests_of(*quantization, elaborated, diagnostics))
    fail(diagnostics, source);
  return quantization;
}

BytePorts ports_of(const std::optional<Quantization>& quantization, const Graph& elaborated) {
  BytePorts ports;
  if (!quantization || (quantization->byte_inputs.empty() && quantization->byte_outputs.empty()))
    return ports;
  const Graph graph = optimise(elaborated);
  const ByteTensors bytes = choose_bytes(graph, *quantization);
  const auto add = [&](std::map<size_t, BytePort>& to, size_t number, NodeId id, const std::string& name,
                       const std::vector<Quantization::Port>& lines) {
    for (const auto& line : lines)
      if (line.name == name) {
        const ByteScale& scale = *bytes.scales[static_cast<size_t>(id)];
        to[number] = {line.has_sign, scale.scale, scale.zero_point - (line.has_sign ? 128 : 0)};
      }
  };
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    add(ports.inputs, i, graph.inputs[i], graph.nodes[static_cast<size_t>(graph.inputs[i])].name,
        quantization->byte_inputs);
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    add(ports.outputs, i, graph.outputs[i].node, graph.outputs[i].name, quantization->byte_outputs);
  return ports;
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
