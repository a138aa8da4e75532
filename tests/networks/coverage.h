// What random networks have drawn: each operator, by how plans computed it.
#pragma once
#include <map>
#include <string>

#include "graph/graph.h"
#include "plan/plan.h"

namespace cnnc {

// How often, by operator and way: "planar" if its kernel reads and writes maps in this layout,
// "planar>blocked" if another one than it reads; so with "blocked" and "vector", which is all that has one
// pixel. "fused": in the kernel of another operator. "none": no kernel, as of a slice that is seen where it
// lies, or of what a pass left out.
using Coverage = std::map<std::string, std::map<std::string, int>, std::less<>>;

// Adds the nodes of an elaborated graph, which the plan computes.
void add_to(Coverage& coverage, const Graph& graph, const Plan& plan);

// A line for each operator that there is, a column for each way that was drawn; 0 is a dot.
std::string table(const Coverage& coverage);

}  // namespace cnnc
