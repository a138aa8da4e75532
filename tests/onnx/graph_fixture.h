// Networks for the tests of what is written.
#pragma once
#include <string>

#include "graph/graph.h"
#include "onnx/file/write.h"
#include "onnx/model.h"

namespace cnnc::onnx::test {

// The network of a text, with random weights; its errors fail the test.
Graph graph_of(const std::string& text, const std::string& name = "test.dsl");

// All bytes of a file.
std::string bytes_of(const Content& content);

// The network as a model, written to a file's bytes and read again.
Model through_file(const Graph& graph);

// What makes two networks differ, of those nodes that reach their outputs: operators, attributes, shapes,
// weights (bit for bit), epilogues, and how they are joined; "" where nothing does. Names of nodes do not
// count.
std::string difference(const Graph& a, const Graph& b);

}  // namespace cnnc::onnx::test
