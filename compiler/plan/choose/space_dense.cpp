// A matrix-vector product in tiles of outputs: `ways` sums of each output kept apart until the end, so that
// enough of them are under way at once to hide the latency of each; `images` images at a time, for which each
// weight is read once.
#include <algorithm>
#include <cmath>

#include "plan/choose/space.h"
#include "plan/tilings.h"

namespace cnnc {

namespace {

int64_t vectors_of(const Kernel& kernel, const Target& target) {
  const int64_t tile = dense_of(kernel).tile;
  return tile / (tile % target.lanes == 0 ? target.lanes : target.lanes / 2);
}

// What is added up for each output: products of inputs, or of bytes their dot products.
int64_t terms_of(const Kernel& kernel) {
  const bool is_of_bytes = kernel.inputs[0].type == ElementType::uint8;
  return std::max<int64_t>(1, kernel.inputs[0].channels / (is_of_bytes ? kDotBytes : 1));
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  const int64_t most = std::max<int64_t>(1, target.registers * 3 / 4 / vectors_of(kernel, target));
  return {{"images", values_up_to(std::min(most, kernel.output.images))},
          {"ways", values_up_to(std::min<int64_t>(8, terms_of(kernel)))}};
}

// Images in equal tiles; of one image 8 sums in all.
double cost(const Kernel& kernel, const Target& target) {
  const auto [images, ways] = dense_tiling(kernel.schedule);
  const int64_t vectors = vectors_of(kernel, target), all = kernel.output.images;
  if (images < 1 || ways < 1 || images > all || ways > terms_of(kernel)) return INFINITY;
  if (images * vectors > std::max<int64_t>(vectors, target.registers * 3 / 4)) return INFINITY;
  const int64_t tiles = (all + images - 1) / images;
  const int64_t wanted = images > 1 ? 1 : (8 + vectors - 1) / vectors;
  return static_cast<double>(tiles) + 1e-3 * static_cast<double>(images) +
         1e-5 * std::fabs(static_cast<double>(ways - wanted));
}

}  // namespace

const Space dense_space = {numbers, cost};

}  // namespace cnnc
