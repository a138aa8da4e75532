// What a network, or a part of it, computes: every operator in double, with bounds on what floats may differ
// by.
#pragma once
#include <map>
#include <vector>

#include "ops/contraction/winograd_bound.h"
#include "ops/operator.h"

namespace cnnc {

// The reference values of every node of a graph with bound weights, from the values of its inputs (in the
// order of graph.inputs). `bounds` of the inputs are zero. With an epilogue on a node, it is applied too.
std::vector<Reference> evaluate(const Graph& graph, const std::vector<std::vector<float>>& inputs);

// The convs that the compiled network computes by Winograd's transforms, whose bounds are wider.
using WinogradConvs = std::map<NodeId, WinogradTransform>;

// The same of some nodes, in the order of `wanted`: of the others nothing is kept that is not needed any
// more.
std::vector<Reference> evaluate_nodes(const Graph& graph, const std::vector<std::vector<float>>& inputs,
                                      const std::vector<NodeId>& wanted,
                                      const WinogradConvs& by_winograd = {});

// The values of these nodes where others, or they themselves, err: what is given for a node is added to each
// element of its value, and goes on from there.
std::vector<std::vector<double>> evaluate_with_errors(const Graph& graph,
                                                      const std::vector<std::vector<float>>& inputs,
                                                      const std::vector<NodeId>& wanted,
                                                      const std::map<NodeId, std::vector<double>>& errors);

}  // namespace cnnc
