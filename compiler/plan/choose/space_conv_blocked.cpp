// The direct convolution on blocks of channels: a register tile of `x` pixels of `y` rows times `blocks`
// vectors of output channels. `rows_outer` 1: the loop over rows stands outside of that over output blocks,
// so that a large input is read once; 0: inside, so that many weights are. `chunk`: not 0, all pixels of so
// many input blocks are summed before the next are, so that weights stay in the first-level cache meanwhile
// and the next are fetched; the totals are in memory. `y` 0: `x` pixels are counted through the map, whose
// rows do not matter (plan/one_row.h). A tile of more sums than fit is cut along its row (piece_of). With a
// prologue (ConvParameters::prologue) the loop over output blocks is inside of all those over tiles: what a
// tile reads is prepared once, on the stack.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "plan/choose/blocked_tiles.h"
#include "plan/choose/space.h"
#include "plan/choose/tasks.h"
#include "plan/one_row.h"
#include "plan/tilings.h"
#include "support/checked.h"

namespace cnnc {

namespace {

// On the stack of each thread; docs/library.md states the total.
constexpr double kMostStack = 96 << 10;
constexpr int64_t kMostChunk = 36 << 10;  // bytes of weights of a part

struct Tiled : BlockedTiles {
  Tiled(const Kernel& k, const Target& t) : BlockedTiles(blocked_tiling(k.schedule), k, t) {}

  int64_t input_blocks() const { return kernel.inputs[0].planes() / groups(); }
  int64_t taps() const { return conv_of(kernel).window.taps(); }
  // Products that each element of the result is the sum of.
  double depth() const {
    const Layout& input = kernel.inputs[0];
    const bool pads = groups() > 1 || chunk > 0;  // what fills up blocks is multiplied too
    return static_cast<double>((pads ? input_blocks() * input.block : input.channels) * taps());
  }
  int64_t piece() const { return piece_of(*this, stages_pixels(kernel, target), target); }
  // Bytes of weights for one vector of outputs.
  double weights_of_block() const {
    return depth() * static_cast<double>(kernel.output.block) * sizeof(float);
  }
};

int64_t bytes_of_chunk(const Kernel& kernel, int64_t blocks, int64_t chunk) {
  return blocks * chunk * kernel.inputs[0].block * conv_of(kernel).window.taps() * kernel.output.block *
         static_cast<int64_t>(sizeof(float));
}

// No parts, or as many blocks as stay in the first-level cache.
std::vector<int64_t> chunks_of(const Kernel& kernel) {
  std::vector<int64_t> chunks{0};
  const int64_t all = kernel.inputs[0].planes();
  if (conv_of(kernel).groups > 1 || kernel.inputs[0].block == 1) return chunks;
  for (int64_t chunk = 1; chunk <= all; ++chunk)
    if (all % chunk == 0 && bytes_of_chunk(kernel, 1, chunk) <= kMostChunk) chunks.push_back(chunk);
  return chunks;
}

std::vector<Number> numbers(const Kernel& kernel, const Target& target) {
  std::vector<Number> all = numbers_of_tiles(kernel, target);
  if (counts_pixels(kernel)) {
    const Layout& out = kernel.output;
    for (Number& number : all) {
      if (number.name == "y") number.values.push_back(0);
      if (number.name == "x")
        number.values = values_up_to(std::min(out.height * out.width, most_sums(target)));
    }
  }
  all.insert(all.begin(), {"chunk", chunks_of(kernel)});
  return all;
}

bool parts_fit(const Tiled& t) {
  const Layout& out = t.kernel.output;
  const double stack =
      static_cast<double>(out.bytes_of(t.blocks * out.block * out.height * round_up(out.width, t.x)));
  return t.groups() == 1 && !t.rows_outer && t.kernel.inputs[0].block > 1 && t.chunk <= t.input_blocks() &&
         t.input_blocks() % t.chunk == 0 && out.height % t.y == 0 && stack <= kMostStack &&
         bytes_of_chunk(t.kernel, t.blocks, t.chunk) <= kMostChunk;
}

// Bytes of the input's elements for a tile that a prologue prepares before the first block of outputs.
double prepared_bytes(const Tiled& t) {
  const Layout& in = t.kernel.inputs[0];
  return static_cast<double>(in.bytes_of(in.planes() * in.block * t.y * t.x));
}

bool prologue_fits(const Tiled& t) {
  return t.rows_outer && t.chunk == 0 && prepared_bytes(t) <= kMostStack;
}

constexpr int64_t kMostPieces = 3;  // each of which is code of its own

// Only a whole row is cut: other tiles may be smaller.
bool pieces_fit(const Tiled& t) {
  const int64_t sums = t.y * t.blocks, most = most_sums(t.target), piece = t.piece();
  if (t.x * sums <= most) return true;
  return t.x == t.kernel.output.width && !t.counts_pixels && piece * sums <= most &&
         ceil_div(t.x, piece) <= kMostPieces;
}

bool fits(const Tiled& t) {
  if (!tiles_fit(t) || !pieces_fit(t) || (t.chunk > 0 && !parts_fit(t))) return false;
  return !find_prologue(t.kernel) || prologue_fits(t);
}

// Cycles of an iteration, which is one product of every element of the tile, if what it reads is in the
// first-level cache. Two loads and two multiply-adds a cycle, each of which goes on from the sum of the
// iteration before (Target::cycles_of_sum); with more registers than there are, some are stored and loaded
// again. Rows lie far apart.
double cycles_of_piece(const Tiled& t, int64_t x) {
  const double pixels = static_cast<double>(x * t.y),
               vectors = static_cast<double>(t.blocks * t.target.parts);
  const double products = pixels * vectors;
  const bool is_staged = stages_pixels(t.kernel, t.target);
  const double elements = is_staged ? pixels / static_cast<double>(t.kernel.inputs[0].block) : pixels;
  const double loads = vectors + elements,
               instructions = products + vectors + (vectors > 1 || !t.target.folds_broadcast ? elements : 0);
  const int64_t registers = t.target.registers * t.target.parts,
                needed = registers_of(t, x, is_staged, t.target);
  const double spilling = needed > registers ? 1.25 : needed == registers ? 1.06 : 1;
  constexpr double kOfLoad = 0.06;  // measured: what a load costs although another unit does it
  const double cycles =
      std::max({products / 2, loads / 2, t.target.cycles_of_sum, instructions / 4}) + kOfLoad * loads;
  return cycles * spilling * (1 + t.target.cost_of_row * static_cast<double>(t.y - 1));
}

// The same of the whole tile. What the other pieces have summed is in memory meanwhile.
double cycles_of_products(const Tiled& t) {
  const int64_t piece = t.piece(), rest = t.x % piece;
  constexpr double kOfPieces = 1.03;
  return (piece < t.x ? kOfPieces : 1) * (static_cast<double>(t.x / piece) * cycles_of_piece(t, piece) +
                                          (rest > 0 ? cycles_of_piece(t, rest) : 0));
}

// Bytes that are fetched for one channel of a tile's pixels: its rows begin anywhere, and what comes together
// with them is gone when the next tile needs it.
double bytes_of_elements(const Tiled& t) {
  const Layout& in = t.kernel.inputs[0];
  const int64_t row = in.bytes_of(t.x * in.block), fetched = t.target.memory.fetched;
  const int64_t beside = row % fetched == 0 ? 0 : fetched - std::gcd(row, fetched);
  return static_cast<double>(t.y * (row + beside)) / static_cast<double>(in.block);
}

// Cycles that an iteration waits for its weights and input elements, unless they come while it computes.
double cycles_of_reading(const Tiled& t) {
  const Layout &in = t.kernel.inputs[0], &out = t.kernel.output;
  const double pieces = static_cast<double>(ceil_div(t.x, t.piece()));  // each reads the weights
  const double vectors = pieces * static_cast<double>(t.blocks * out.block) * sizeof(float);
  const double tile_weights = t.weights_of_block() * static_cast<double>(t.blocks);
  const double all_weights = t.weights_of_block() * static_cast<double>(t.group_blocks());
  const double input = static_cast<double>(in.bytes_of(in.image_stride()));
  const double band = input / static_cast<double>(in.rows()) *
                      static_cast<double>(t.y + conv_of(t.kernel).window.height.filter - 1);
  const double tiles = static_cast<double>((out.width + t.x - 1) / t.x);
  const double elements = bytes_of_elements(t);
  const auto rate = [&](double bytes) { return bytes_per_cycle(bytes, t.target.memory); };
  if (find_prologue(t.kernel)) return vectors / rate(all_weights) + elements / rate(prepared_bytes(t));
  double weights = vectors / rate(t.chunk > 0 ? 0 : tile_weights);
  if (t.rows_outer)
    weights = vectors / rate(all_weights) / (tile_weights <= t.target.memory.first_level ? tiles : 1);
  return weights + elements / rate(t.rows_outer ? band : input);
}

// Cycles to read weights of so many bytes from memory, less those that come ahead of their use by themselves.
double cycles_of_memory(double bytes, const Tiled& t) {
  constexpr double kBytesAhead = 12 * 64, kBytesPerCycle = 4.3;  // for each vector of outputs; measured
  return std::max(0.0, (bytes - kBytesAhead * static_cast<double>(t.blocks)) / kBytesPerCycle);
}

// Cycles for what is not a product: weights that come from memory, which the first tile hides or, of parts,
// prefetching in part; and adding up the totals of the parts.
double cycles_beside(const Tiled& t, double cycles_of_iteration) {
  const Layout& out = t.kernel.output;
  const double groups_of_blocks = static_cast<double>((out.planes() + t.blocks - 1) / t.blocks);
  const double parts = t.chunk > 0 ? static_cast<double>(t.input_blocks() / t.chunk) : 1;
  const double bytes = t.weights_of_block() * static_cast<double>(t.blocks) / parts;
  const double memory = cycles_of_memory(bytes, t), first_tile = t.depth() * cycles_of_iteration;
  const double vectors = static_cast<double>(out.planes() * out.height * out.width);
  // To load, add and store a total: in the first-level cache, or beyond.
  const double kept =
      bytes + static_cast<double>(out.bytes_of(t.blocks * out.block * out.height * out.width));
  constexpr double kNotPrefetched = 0.4;
  const double of_total = kept <= t.target.memory.first_level ? 1 : 3.5;
  // A tile's loop over the products of a part is short, and its end comes as a surprise.
  constexpr double kOfTile = 12;
  const double tiles = vectors / static_cast<double>(t.x * t.y * t.blocks);
  return t.chunk > 0
             ? parts * (groups_of_blocks * memory * kNotPrefetched + of_total * vectors + kOfTile * tiles)
             : groups_of_blocks * std::max(0.0, memory - first_tile / 2);
}

// Cycles of a prologue: for each vector that it prepares, where these stay in the first-level cache or do
// not. Measured.
double cycles_of_prologue(const Tiled& t) {
  if (!find_prologue(t.kernel)) return 0;
  const Layout& out = t.kernel.output;
  const double of_vector = prepared_bytes(t) <= t.target.memory.first_level ? 2.5 : 4.5;
  return of_vector * static_cast<double>(t.kernel.inputs[0].planes() * out.height * out.width) *
         computed_share(out.height, t.y) * computed_share(out.width, t.x);
}

double cost_by_rows(const Kernel& kernel, const Target& target) {
  const Tiled t(kernel, target);
  if (!fits(t)) return INFINITY;
  const Layout& out = kernel.output;
  constexpr double kNotHidden = 0.3;  // of the time that reading takes
  const double cycles = cycles_of_products(t) + kNotHidden * cycles_of_reading(t);
  const double vectors = static_cast<double>(out.planes() * out.height * out.width);
  constexpr double kTooFewTasks = 4;  // not by default, if there is another way; a record may be so
  const bool too_few = t.kernel.tasks > 1 && tasks_of(t) < kLeastTasks;
  return (too_few ? kTooFewTasks : 1) * vectors * t.depth() * cycles /
             static_cast<double>(t.x * t.y * t.blocks) * computed_share(out.width, t.x) *
             computed_share(out.height, t.y) * computed_share(t.group_blocks(), t.blocks) +
         cycles_beside(t, cycles) + cycles_of_prologue(t);
}

// Pixels that are counted through are those of a single row. Where the rows of the result do not lie so, it
// takes them from totals in memory.
double cost(const Kernel& kernel, const Target& target) {
  const BlockedTiling t = blocked_tiling(kernel.schedule);
  if (!t.counts_pixels) return cost_by_rows(kernel, target);
  const bool has_totals = t.chunk > 0;
  if (!counts_pixels(kernel) || !(has_totals || stores_counted_pixels(kernel)) ||
      (t.rows_outer && !find_prologue(kernel)))
    return INFINITY;
  return cost_by_rows(as_one_row(kernel), target);
}

}  // namespace

const Space conv_blocked_space = {numbers, cost};

}  // namespace cnnc
