// From the graph of a text to what is planned: passes, and operators on bytes where a quantisation says so.
#pragma once
#include <iosfwd>
#include <optional>
#include <string>

#include "driver/front/text.h"
#include "emit/header/byte_ports.h"
#include "graph/graph.h"
#include "quantize/quantization.h"
#include "target/target.h"

namespace cnnc {

// Of --quantize; without it that of an ONNX model that has one, if the text is such. Throws InputError with
// all errors rendered, also for names that the elaborated graph lacks and for what it cannot do, and for a
// file beyond limits::kQuantizationBytes.
std::optional<Quantization> read_quantization(const std::optional<std::string>& path, const Text& text,
                                              const Graph& elaborated);

// Which inputs and outputs of the library are bytes, and what these stand for.
BytePorts ports_of(const std::optional<Quantization>& quantization, const Graph& elaborated);

// What a network with that quantisation is computed in; and one with --quantize, or that brings its own.
inline Arithmetic arithmetic_of(const std::optional<Quantization>& quantization) {
  return quantization ? Arithmetic::bytes : Arithmetic::floats;
}
// Throw InputError of a quantised network with --precision bf16 (`bfloat16`).
Arithmetic arithmetic_of(const std::optional<Quantization>& quantization, const Text& text, bool bfloat16);
Arithmetic arithmetic_of(const std::optional<std::string>& path, const Text& text, bool bfloat16 = false);

// The elaborated graph behind all passes and, if there is a quantisation, with operators on bytes; or with
// convolutions of bfloat16. Weights
// that are not bound become random ones then: of kernels on bytes only values say how many bits they have.
Graph optimise(Graph elaborated, const std::optional<Quantization>& quantization,
               std::ostream* trace = nullptr, bool bfloat16 = false);

// A graph to plan, and the one that says what its steps compute (Step::covers). Of a quantised network both
// are that of operators on bytes, each of whose nodes covers itself alone: bytes are defined there only; and
// so it is of bfloat16.
struct Defined {
  Graph definition, planned;
};
Defined define(Graph elaborated, const std::optional<Quantization>& quantization, bool bfloat16 = false);

}  // namespace cnnc
