// The convolutions of bytes and of bfloat16: a register tile of `x` pixels of `y` rows times `blocks` vectors
// of output channels, in which four input channels are summed at a time, or two. `rows_outer` 1: the loop
// over rows stands outside of that over output blocks, so that a large input is read once; 0: inside, so that
// many weights are.
#include <algorithm>
#include <cmath>

#include "plan/choose/blocked_tiles.h"
#include "plan/choose/space.h"
#include "plan/choose/tasks.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// What a dot product is made of where it is not one instruction: of bytes as words two products and two sums,
// and each operand is two; of bytes that cannot saturate three instructions.
struct Dots {
  double instructions = 1;
  int64_t of_operand = 1, temporaries = 0;  // registers
};

bool is_of_halves(const Kernel& kernel) {
  return kernel.inputs[0].type == ElementType::bfloat16;
}

Dots dots_of(const Kernel& kernel, const Target& target) {
  if (is_of_halves(kernel)) return target.has_bf16_products ? Dots{1, 1, 0} : Dots{2, 2, 1};
  if (target.dot_product == DotProduct::instruction || target.dot_product == DotProduct::of_signed) return {};
  return conv_of(kernel).weight_bits < 8 ? Dots{3, 1, 1} : Dots{4, 2, 1};
}

struct Tiled : BlockedTiles {
  Tiled(const Kernel& k, const Target& t) : BlockedTiles(u8_tiling(k.schedule), k, t) {}

  // Dot products that each element of the result is the sum of.
  double depth() const {
    const Layout& input = kernel.inputs[0];
    const int64_t channels = groups() > 1 ? input.planes() / groups() * input.block : input.channels;
    return static_cast<double>(ceil_div(channels, channels_of_dot(kernel)) * conv_of(kernel).window.taps());
  }
  // Bytes of weights for one vector of outputs: a dot product reads as many as a float has.
  double weights_of_block() const { return depth() * static_cast<double>(kernel.output.block * kDotBytes); }
};

// Cycles of an iteration, which is one dot product of every element of the tile, if what it reads is in the
// first-level cache. Two loads and two dot products a cycle, each 4 cycles until its result can be used, with
// a cycle to spare; with more registers than there are, some are stored and loaded again. Rows lie far apart.
double cycles_of_products(const Tiled& t) {
  const Dots dots = dots_of(t.kernel, t.target);
  const auto pixels = static_cast<double>(t.x * t.y),
             vectors = static_cast<double>(t.blocks * t.target.parts);
  const double products = pixels * vectors * dots.instructions;
  const double loads = vectors + pixels;
  const auto of_operands = static_cast<double>(dots.of_operand);
  const double instructions = products + of_operands * vectors +
                              (vectors > 1 || !t.target.folds_broadcast ? of_operands * pixels : 0);
  const int64_t registers = t.target.registers * t.target.parts;
  const int64_t needed = (t.x * t.y * t.blocks + t.blocks * dots.of_operand) * t.target.parts +
                         (t.target.folds_broadcast && t.blocks == 1 ? 0 : dots.of_operand) + dots.temporaries;
  const double spilling = needed > registers ? 1.25 : needed == registers ? 1.06 : 1;
  constexpr double kOfLoad = 0.06;  // measured: what a load costs although another unit does it
  constexpr double kOfRow = 0.02;
  const double cycles = std::max({products / 2, loads / 2, 5.0, instructions / 4}) + kOfLoad * loads;
  return cycles * spilling * (1 + kOfRow * static_cast<double>(t.y - 1));
}

// Cycles that an iteration waits for its weights and input elements, unless they come while it computes.
double cycles_of_reading(const Tiled& t) {
  const Layout &in = t.kernel.inputs[0], &out = t.kernel.output;
  const auto vectors = static_cast<double>(t.blocks * out.block * kDotBytes);  // bytes
  const double tile_weights = t.weights_of_block() * static_cast<double>(t.blocks);
  const double all_weights = t.weights_of_block() * static_cast<double>(t.group_blocks());
  const auto input = static_cast<double>(in.bytes_of(in.image_stride()));
  const double band = input / static_cast<double>(in.rows()) *
                      static_cast<double>(t.y + conv_of(t.kernel).window.height.filter - 1);
  const auto tiles = static_cast<double>((out.width + t.x - 1) / t.x);
  const auto elements = static_cast<double>(t.x * t.y * kDotBytes);
  const auto rate = [&](double bytes) { return bytes_per_cycle(bytes, t.target.memory); };
  double weights = vectors / rate(tile_weights);
  if (t.rows_outer)
    weights = vectors / rate(all_weights) / (tile_weights <= t.target.memory.first_level ? tiles : 1);
  return weights + elements / rate(t.rows_outer ? band : input);
}

// Cycles to read the weights of a group of blocks from memory, less those that are hidden: half of the first
// tile's or, where they are fetched ahead, all of the group before.
double cycles_of_memory(const Tiled& t, double cycles_of_iteration) {
  constexpr double kBytesAhead = 12 * 64, kBytesPerCycle = 4.3;  // for each vector of outputs; measured
  const Layout& out = t.kernel.output;
  const auto blocks = static_cast<double>(t.blocks);
  const double groups = static_cast<double>((out.planes() + t.blocks - 1) / t.blocks);
  const double memory = std::max(0.0, (t.weights_of_block() - kBytesAhead) * blocks / kBytesPerCycle);
  const double of_tile = t.depth() * cycles_of_iteration;
  const auto tiles = static_cast<double>(ceil_div(out.height, t.y) * ceil_div(out.width, t.x) * out.images);
  const double first = std::max(0.0, memory - of_tile / 2);
  if (!fetches_next_blocks(t.kernel, t.target)) return groups * first;
  return first + (groups - 1) * std::max(0.0, memory - tiles * of_tile);
}

// Cycles to begin a tile and to make its results of its sums, which other tiles' products hide the less, the
// larger it is. Bytes of four vectors of the machine are stored at once (emit/kernels/pack_bytes.h), those
// that are left over each alone. Measured.
double cycles_of_ends(const Tiled& t) {
  constexpr double kOfVector = 0.5, kOfTile = 1.0 / 24, kAlone = 0.33;
  const auto vectors = static_cast<double>(t.x * t.y * t.blocks * t.target.parts);
  const int64_t together = std::max<int64_t>(1, 4 / t.target.parts);
  const double alone = static_cast<double>(t.x % together) / static_cast<double>(t.x);
  return vectors * (kOfVector + kOfTile * vectors + kAlone * alone);
}

double cost(const Kernel& kernel, const Target& target) {
  const Tiled t(kernel, target);
  if (!tiles_fit(t) || t.x * t.y * t.blocks > most_sums(target)) return INFINITY;
  const Layout& out = kernel.output;
  constexpr double kNotHidden = 0.3;  // of the time that reading takes
  constexpr double kTooFewTasks = 4;  // not by default, if there is another way; a record may be so
  const double cycles = cycles_of_products(t) + kNotHidden * cycles_of_reading(t);
  const auto vectors = static_cast<double>(out.planes() * out.height * out.width);
  const bool too_few = t.kernel.tasks > 1 && tasks_of(t) < kLeastTasks;
  return (too_few ? kTooFewTasks : 1) * vectors * (t.depth() * cycles + cycles_of_ends(t)) /
             static_cast<double>(t.x * t.y * t.blocks) * computed_share(out.width, t.x) *
             computed_share(out.height, t.y) * computed_share(t.group_blocks(), t.blocks) +
         cycles_of_memory(t, cycles);
}

}  // namespace

const Space conv_u8_space = {numbers_of_tiles, cost};

}  // namespace cnnc
