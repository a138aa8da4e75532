// What several passes need to rewrite a graph.
#pragma once
#include <functional>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// How often each node's value is used: once for each input of a node that it is, and once for each output of
// the graph. So a node with one use, which is an input of some other node, can be merged into that one.
std::vector<int> count_uses(const Graph& graph);

// The graph of those nodes alone. Inputs and outputs of the graph, and the inputs of what stays, must be
// kept.
Graph keep_nodes(Graph graph, const std::vector<bool>& keep);

// The graph without the nodes that others stand for: stands_for[id] has the value of node id, stands for
// itself, and is used in its place. It covers what that covered, too, unless it is an input of the graph.
Graph replace_nodes(Graph graph, const std::vector<NodeId>& stands_for);

// Each node as `rewrite` makes it, which may put nodes before it behind those that are there already: the
// inputs of what it is given are numbers of those, and so are the inputs of what it returns.
Graph rewrite_nodes(Graph graph, const std::function<Node(Node, std::vector<Node>& before)>& rewrite);

// The producer, renamed: its value will be that of the consumer, whose `covers` are joined to its own.
Node take_over(Node producer, const Node& consumer);

}  // namespace cnnc
