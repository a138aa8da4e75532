// A network as papers draw LeNet, AlexNet and VGG: blocks from left to right, as high as the maps' resolution
// and as wide as their channels.
#pragma once
#include "picture/drawing.h"
#include "picture/volumes/stages.h"

namespace cnnc::picture {

// `name` is the network's. Rows of at most 640 units; what reaches from one row into another is named at its
// end. Deterministic.
Drawing draw_volumes(const std::string& name, const std::vector<Stage>& stages,
                     const std::vector<Layer>& layers);

}  // namespace cnnc::picture
