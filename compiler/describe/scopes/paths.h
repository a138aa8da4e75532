// Where nodes belong: names as paths, and places for the nodes that have none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

// layer1.0.conv1: the scopes layer1 and 0, in which it is called conv1. Every part is a number or a name that
// the language allows.
struct Path {
  std::vector<std::string> scope;
  std::string leaf;  // "": no name
};

bool is_number(std::string_view part);
// Has parameters, and so a name in a weights file.
bool is_named_by_weights(const Node& node);
bool is_join(const Node& node);  // add, multiply, concat

// For each node its path. What stands without a name between others is put where it fits: an activation to
// what it follows, a join to what it joins, all others between their neighbours; and where a numbered scope
// lacks a statement, in its place.
std::vector<Path> paths_of(const Graph& graph);

}  // namespace cnnc
