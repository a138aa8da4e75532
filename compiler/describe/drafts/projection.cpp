#include "describe/drafts/projection.h"

#include "describe/text/layers.h"

namespace cnnc {
namespace {

using Sizes = std::vector<int64_t>;

bool is_layer(const Draft& d, const Graph& graph, const std::string& op, const std::string& number) {
  return d.kind == Draft::Kind::layer && graph.nodes[d.node].op == op && (d.name.empty() || d.name == number);
}

// The 1x1 convolution without bias that makes a map of that shape of the other.
Attributes projection(Attributes attributes, const Shape& from, const Shape& to) {
  const auto stride = [](int64_t in, int64_t out) { return (in - 1) / out + 1; };
  attributes["filter"] = Sizes{1, 1};
  attributes["stride"] = Sizes{stride(from.height(), to.height()), stride(from.width(), to.width())};
  attributes["pad"] = Sizes{0, 0, 0, 0};
  attributes["dilation"] = Sizes{1, 1};
  attributes["groups"] = int64_t{1};
  attributes["bias"] = false;
  return attributes;
}

}  // namespace

bool is_projection(const Graph& graph, const Draft& residual) {
  const Drafts& body = residual.bodies[1];
  if (body.size() != 2 || !is_layer(body[0], graph, "conv", "0") ||
      !is_layer(body[1], graph, "batchnorm", "1"))
    return false;
  const Node &conv = graph.nodes[body[0].node], &norm = graph.nodes[body[1].node];
  const Shape& from = graph.nodes[residual.entry].shape;
  return norm.inputs[0] == body[0].node && from != conv.shape &&
         conv.attributes == projection(conv.attributes, from, conv.shape) &&
         trimmed(layer_of(norm)).arguments.empty();
}

}  // namespace cnnc
