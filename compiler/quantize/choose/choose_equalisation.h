// Which tensors' channels to divide by what: quantize/equalise.h.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantization.h"
#include "quantize/ranges.h"

namespace cnnc {

// What values the channels of a tensor have, over all examples.
struct ChannelValues {
  std::vector<Range> ranges;
  std::vector<double> squares;  // sums of the values' squares
  int64_t count = 0;            // of values in a channel
};
void add(const std::vector<float>& values, size_t channels, ChannelValues& seen);

// A line for each tensor by which the estimated noise of the layers that read it falls by half a decibel or
// more. Noise is that of the tensor's bytes and of the weights' roundings, each even over a step, by the
// layer's signal; where channels differ much in range the scale of all is too coarse for the small ones. Of
// the factors a^p / w^(1-p), a being a channel's greatest magnitude and w that of the weights that read it,
// those of the p of 1/4, 1/2, 3/4 and 1 are taken that make least of it (p as in Xiao et al. 2023,
// "SmoothQuant"; 1/2 is Nagel's). `values`: by node of a graph that the passes have made, of those of
// tensors_to_watch.
std::vector<Quantization::Channels> choose_equalisation(
    const Graph& graph, const std::vector<std::optional<ChannelValues>>& values,
    const Quantization& quantization);

}  // namespace cnnc
