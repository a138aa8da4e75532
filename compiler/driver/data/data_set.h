// Many inputs of a network, from files.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "driver/options/options.h"
#include "graph/graph.h"

namespace cnnc {

struct DataSet {
  int64_t examples = 0;
  // The values of the network's inputs in an example, one tensor each, in the order of graph.inputs. Throws
  // InputError where a picture cannot be read.
  std::function<std::vector<std::vector<float>>(int64_t example)> example;
};

// The files, and those of folders in the order of their names: pictures, which are read when they are asked
// for; arrays (.npy) of an input or of many, one behind the other; or one file of safetensors with a tensor
// for each input, of as many examples each. A network of several inputs has a file for each, in turn. Throws
// InputError where one is none of these or does not fit, or there is none.
DataSet read_data(const std::vector<std::string>& paths, const Graph& graph, const PictureOptions& options);

}  // namespace cnnc
