// How a batch of images is computed: the first nodes of a network image by image, the rest all images
// together.
#pragma once
#include <cstdint>

#include "graph/graph.h"
#include "target/target.h"

namespace cnnc {

// The first node that is computed for all images together; the number of nodes if there is none, 0 if all
// are. Image by image, what a node leaves is still in the caches where it is read, but weights are read anew
// for each image; so it pays as long as maps are large and weights few. The place with the least estimated
// time to read both, of equal ones the first.
NodeId choose_cut(const Graph& graph, int64_t images, const Memory& memory);

}  // namespace cnnc
