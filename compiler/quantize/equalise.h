// Channels of a tensor brought to like ranges, so that one scale of bytes suits them all (Nagel et al. 2019,
// "Data-Free Quantization Through Weight Equalization and Bias Correction", section 4.1): what makes the
// tensor has its weights divided by a factor for each channel, and what reads it has them multiplied.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantization.h"

namespace cnnc {

// What changes together, for the network to compute the same, in the order of the nodes.
struct EqualisedRegion {
  std::vector<NodeId> tensors;  // whose channels are divided: all between which they stay themselves
  std::vector<NodeId> makers;   // the convs and dense layers among them
  std::vector<NodeId> readers;  // convs and dense layers that read one of them
  // The least magnitude at which relu6 or clip cut one of them; infinite without such. Factors are up to 1
  // and limits stay as they are, so a channel is cut at its factor times that.
  double limit = 0;
};

// Around a tensor of the graph; else why not, as an error's message. On the way may stand what takes each
// channel for itself and a positive factor out: relu, leaky_relu, prelu, pools, sums, resize, flatten. Not an
// input or output of the network.
std::variant<EqualisedRegion, std::string> equalised_region(const Graph& graph, NodeId tensor);

// Which of so many factors is that of a channel of the shape: flatten makes features, in turn, of a channel.
size_t factor_of_channel(size_t factors, const Shape& shape, size_t channel);

// The graph, as it was elaborated or as the passes left it, with the weights that the quantisation's lines
// divide and multiply; weights that are not bound stay so. Throws Fault (support/pieces.h) at a line that
// cannot be followed.
Graph equalised(Graph graph, const Quantization& quantization);

}  // namespace cnnc
