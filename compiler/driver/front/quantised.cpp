#include "driver/front/quantised.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "driver/console/standard_streams.h"
#include "driver/front/front.h"
#include "passes/passes.h"
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

Graph optimise(Graph elaborated, const std::optional<Quantization>& quantization, std::ostream* trace) {
  if (quantization && !has_all_values(elaborated)) bind_random(elaborated, 1);
  Graph graph = optimise(std::move(elaborated), trace);
  return quantization ? apply_quantization(graph, *quantization) : graph;
}

Defined define(Graph elaborated, const std::optional<Quantization>& quantization) {
  if (!quantization) return {elaborated, optimise(elaborated)};
  Graph graph = optimise(std::move(elaborated), quantization);
  for (Node& node : graph.nodes) node.covers = {node.name};
  return {graph, graph};
}

}  // namespace cnnc
