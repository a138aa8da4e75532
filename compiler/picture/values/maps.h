// What a network makes of one input: the maps of its stages, its answers, and which part of the input they
// come from.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "graph/shape.h"
#include "picture/drawing.h"
#include "picture/png.h"
#include "picture/volumes/stages.h"

namespace cnnc::picture {

// A stage whose maps are drawn, and the nodes of its last layer, of which the last one with the layer's shape
// has them: a flatten behind it has none. Inputs and joins are left out, but for a join that is an output.
struct Watched {
  std::string name, what;
  Shape shape;
  std::vector<std::string> nodes;
};
std::vector<Watched> watched_stages(const std::vector<Stage>& stages, const std::vector<Layer>& layers);

// A tensor of one image.
struct Activation {
  std::string name, what;
  Shape shape;
  std::vector<float> values;
};

// How much less the winner's score is where a patch of the input is covered, the patch in the middle of each
// cell of a grid (Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", section
// 4.2).
struct Occlusion {
  size_t winner = 0;   // the element of the output
  std::string output;  // its name
  float score = 0;     // without a patch: its value, of a softmax what that reads
  int64_t rows = 0, columns = 0;
  int64_t patch_height = 0, patch_width = 0;  // elements of the input
  std::vector<float> losses;                  // by cell; below 0 where the score is greater
};

struct Activations {
  std::string network;
  Raster input;
  std::vector<Activation> stages, outputs;
  std::vector<std::string> labels;  // of the elements, or the channels, of an output that has as many
  std::optional<Occlusion> occlusion;
};

// Whether it has one number for each channel or class: a vector, or a map of a single pixel.
bool is_like_a_vector(const Shape& shape);

// The strongest channels of a map, at most `count`, in order: those whose values differ most from place to
// place, by their standard deviation.
std::vector<size_t> strongest_channels(const Activation& map, size_t count);

// The input, the outputs as bars or as a mask over it, what the winner comes from; below, a row for each
// stage.
Drawing draw_maps(const Activations& activations);

}  // namespace cnnc::picture
