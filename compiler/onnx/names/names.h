// Names of nodes: what a model calls its weights and nodes, as paths of the language.
#pragma once
#include <string>

#include "graph/graph.h"
#include "onnx/model.h"

namespace cnnc::onnx {

// Sets the path of every node: what PyTorch 1.13 calls it, "/layer1/layer1.0/conv1/Conv"; else that of a
// weight that it reads ("layer1.0.conv1" of layer1.0.conv1.weight); else what else its name says:
// TensorFlow's "model/stem/Conv2D", or a plain "conv1". "" where nobody has given a name: an exporter's
// number
// ("Conv_12"), or a framework's ("conv2d_3" of Keras, "batch_norm_3.tmp_2" of PaddlePaddle). The parts of a
// path are identifiers or numbers. A scope around all names of TensorFlow is the model's own, and left out.
void find_paths(Model& model);

// The names of the graph made unique, and none that of a scope: a sum in layer1.0 whose path is that of the
// scope is called layer1.0.add, a second relu relu_2. Those without a name are called "%12", after their
// place. `covers` is set to the names.
Graph with_unique_names(Graph graph);

}  // namespace cnnc::onnx
