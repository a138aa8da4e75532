// What normalisations that a model writes as arithmetic are made of, as the import may have mapped each node.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace cnnc::onnx {

using Axes = std::vector<int64_t>;

// A graph, and how often the tensors of it are read.
class Reading {
 public:
  explicit Reading(const Graph& graph);
  const cnnc::Node& at(NodeId id) const { return graph_.nodes[static_cast<size_t>(id)]; }
  bool is(NodeId id, std::string_view op) const { return at(id).op == op; }
  NodeId input(NodeId id, size_t index = 0) const { return at(id).inputs.at(index); }
  bool is_read(NodeId id, int times) const { return uses_[static_cast<size_t>(id)] == times; }
  // The one node that reads it and nothing else does; -1: there are others, or none.
  NodeId only_reader(NodeId id) const { return is_read(id, 1) ? reader_[static_cast<size_t>(id)] : -1; }

 private:
  const Graph& graph_;
  std::vector<int> uses_;
  std::vector<NodeId> reader_;  // the last node that reads each; -1: none
};

// A mean over axes.
struct Mean {
  NodeId of = -1;
  Axes axes;
};
std::optional<Mean> mean_at(const Reading& r, NodeId id);

// a - b, or the sum of a and -b.
struct Operands {
  NodeId a, b;
};
std::optional<Operands> difference_at(const Reading& r, NodeId id);
// a / b, or the product of a and 1 / b.
std::optional<Operands> quotient_at(const Reading& r, NodeId id);

// sqrt(mean(c^2) + eps), each node of it read once.
struct Root {
  NodeId of = -1;  // c
  int reads = 0;   // of c: 2 in a product with itself
  Axes axes;
  double eps = 0;
};
std::optional<Root> root_at(const Reading& r, NodeId id);

// A batchnorm that scales and shifts channels, and no more.
bool is_scale_and_shift(const cnnc::Node& node);

bool are_all(const std::vector<float>& values, float value);

}  // namespace cnnc::onnx
