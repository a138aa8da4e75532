// Arcs above rows of blocks: what a network reads again further on, each on a level on which it meets no
// other.
#pragma once
#include <string>
#include <vector>

#include "picture/drawing.h"

namespace cnnc::picture {

struct Arc {
  int from = 0, to = 0;  // places
  std::string says;      // "concat"
  std::string source;    // the name of what it comes from
};

// Where arcs begin and end: above the middle of a block, which is that high. `within` are the shortcuts
// inside of it, drawn as a loop with their words.
struct ArcPlace {
  double x = 0;
  size_t row = 0;
  double top = 0;
  std::vector<std::string> within;
};

// How high a place is with its loop.
double crown_of(const ArcPlace& place);

struct ArcLevels {
  std::vector<int> of_arcs;     // from 0, the lowest
  std::vector<double> heights;  // of all arcs above a row
};

ArcLevels levels_of(const std::vector<Arc>& arcs, const std::vector<ArcPlace>& places);

// `ground` is the lower edge of each row's blocks, and `heights` how high the highest are. An arc into
// another row is drawn at its end, with its source's name.
std::vector<Part> draw_arcs(const std::vector<Arc>& arcs, const std::vector<ArcPlace>& places,
                            const ArcLevels& levels, const std::vector<double>& ground,
                            const std::vector<double>& heights);

}  // namespace cnnc::picture
