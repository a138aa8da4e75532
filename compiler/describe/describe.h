// Networks to texts: what a person would have written whose elaboration is this network.
#pragma once
#include <vector>

#include "graph/graph.h"
#include "syntax/ast.h"

namespace cnnc {

// The text of a graph as elaboration or a translation makes it (no epilogues). Sums, products and concats of
// what branches off a tensor and comes together again are residuals, gates and concats with bodies; tensors
// that are used further down are named; what is repeated stands in a `repeat`, or in a block where only
// numbers differ. Attributes at their defaults are left out, and padding that only `pad same` gives is called
// that.
//
// A node's name is kept where the language can give it: its path becomes groups, and numbers stand where
// counting gives them. Names that begin with '%' stand for none. Others are changed as little as it takes;
// node names of the text's elaboration are the ones that count, see match().
ast::File describe(const Graph& graph);

// For each node of `graph`, the node of `elaborated`, which describe's text of it gives, that computes the
// same: same operators, attributes (reals as floats), shapes, and inputs that match, outputs of the same
// names. The two operands of a sum or product may change places, and concat(a, b, c) may be concat(concat(a,
// b), c) where the inner one exists as well: neither changes a bit of the result. Throws std::logic_error
// where the two are not the same network.
std::vector<NodeId> match(const Graph& graph, const Graph& elaborated);

// `elaborated`, with the weights that the matching nodes of `graph` have.
Graph with_weights_of(Graph elaborated, const Graph& graph);

}  // namespace cnnc
