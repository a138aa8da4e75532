// A network as papers draw it: stages, each of which is a block in the picture. Layers of one scope that are
// at one resolution are a stage, and equal stages that follow each other are one with a count.
#pragma once
#include <string>
#include <vector>

#include "picture/layers.h"
#include "syntax/ast.h"

namespace cnnc::picture {

// What a stage reads. `says` is what it is to it: "identity", "projection", "gate", "concat", or nothing.
struct Link {
  int from = 0;  // a stage before this one
  std::string says;
};

struct Stage {
  std::string name;  // "layer1", "features.10–14"
  std::string what;  // of one of `times`: "basic", "conv 3x3", "5 layers"
  int64_t times = 1;
  Kind kind = Kind::other;
  Shape shape;
  std::vector<Link> inputs;
  std::vector<std::string> within;  // the roles of the shortcuts inside, each once
  int first = 0, count = 1;         // layers
  bool is_output = false;
};

struct StageOptions {
  bool expand = false;  // every layer is a stage of its own
};

// `file` is the text that the layers come from: it knows the blocks' names.
std::vector<Stage> stages_of(const std::vector<Layer>& layers, const ast::File& file,
                             const StageOptions& options);

}  // namespace cnnc::picture
