#include "describe/scopes/forks.h"

namespace cnnc {
namespace {

NodeId common(const Forks& f, NodeId a, NodeId b) {
  const auto depth = [&](NodeId n) { return n == Forks::kNone ? -1 : f.depth[n]; };
  while (depth(a) != depth(b)) {
    NodeId& deeper = depth(a) > depth(b) ? a : b;
    const int other = std::min(depth(a), depth(b));
    deeper = depth(f.jump[deeper]) >= other ? f.jump[deeper] : f.above[deeper];
  }
  while (a != b) {
    const bool far = f.jump[a] != f.jump[b];
    a = far ? f.jump[a] : f.above[a];
    b = far ? f.jump[b] : f.above[b];
  }
  return a;
}

// Jumps of the lengths of a skew-binary number (Myers 1983, "An applicative random-access stack").
void hang(Forks& f, NodeId above) {
  if (above == Forks::kNone) {
    f.above.push_back(above);
    f.depth.push_back(0);
    f.jump.push_back(Forks::kNone);
    return;
  }
  const auto depth = [&](NodeId n) { return n == Forks::kNone ? -1 : f.depth[n]; };
  const NodeId near = f.jump[above], far = near == Forks::kNone ? near : f.jump[near];
  const bool equal = near != Forks::kNone && depth(above) - depth(near) == depth(near) - depth(far);
  f.above.push_back(above);
  f.depth.push_back(f.depth[above] + 1);
  f.jump.push_back(equal ? far : above);
}

}  // namespace

Forks forks_of(const Graph& graph) {
  Forks f;
  for (const Node& node : graph.nodes) {
    NodeId above = node.inputs.empty() ? Forks::kNone : node.inputs[0];
    for (const NodeId input : node.inputs) above = common(f, above, input);
    hang(f, above);
  }
  return f;
}

}  // namespace cnnc
