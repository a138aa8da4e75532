#include "plan/choose/estimate_winograd_2d.h"

#include <algorithm>
#include <cmath>

#include "support/checked.h"

namespace cnnc {

namespace {

// On the stack of each thread; docs/library.md states the total.
constexpr int64_t kMostStack = 232 << 10;  // bytes: of the products of a block of tiles, and of a chunk
constexpr int64_t kFirstLevel = 36 << 10;  // bytes of it that are sure to be free
constexpr double kMegabyte = 1 << 20;
constexpr int64_t kLeastTasks = 4;  // so many threads can share the work of a group of channels
constexpr int64_t kMostPlanes = 4;
constexpr size_t kSizesOfBlock = 3;  // of each way the best so many are worth a try

int64_t count_tiles(const Layout& result, int64_t m) {
  return ceil_div(result.width, m) * ceil_div(result.height, m) * result.images;
}

int64_t bytes_of_vector(const Target& target) {
  return target.lanes * static_cast<int64_t>(sizeof(float));
}

// Bytes of the filters of a chunk, as they are and a row of their points.
int64_t bytes_of_chunk(const Winograd2d& way, const Target& target) {
  const int64_t vectors = 9 * target.lanes + (way.outputs + 2) * (target.lanes + 1);
  return way.planes * way.chunk * vectors * bytes_of_vector(target);
}

// Of the sums of a block of tiles, whose number the schedule makes odd.
int64_t bytes_of_sums(const Winograd2d& way, const Target& target) {
  return way.points() * (way.tiles | 1) * way.planes * bytes_of_vector(target);
}

// Cycles of one product for all tiles of a block and all planes. Two loads and two multiply-adds a cycle, but
// one where these are two instructions; each 4 cycles until its result can be used. Every few
// products each tile's input is in the next line of the cache: with many of them that is more than the
// processor looks ahead.
double cycles_of_products(const Winograd2d& way, int64_t x, const Target& target) {
  const double passes = static_cast<double>(ceil_div(way.tiles, x));
  const double each = target.parts * (target.has_fma ? 1 : 2);
  const double products = static_cast<double>(x * way.planes) * each,
               loads = static_cast<double>(target.takes_element ? ceil_div(x, target.lanes) : x) +
                       static_cast<double>(way.planes * target.parts);
  const bool many = x > 14 || (way.chunk > 0 && x * way.planes > 14);
  const double least = target.parts > 1 ? 10 : 8;  // measured: with a cycle to spare
  return passes * std::max({products, loads, least}) / 2 * (many ? 1.15 : 1);
}

// Cycles for a vector that is read in order and not in the first-level cache, by the size of what is read
// again and again: all of it stays in any second-level cache, or less and less.
double cycles_of_vector(double bytes, double first, double more_a_megabyte, double from) {
  return std::min(first + std::max(0.0, bytes / kMegabyte - from) * more_a_megabyte, 7.0);
}

// What the ways have in common, as vectors of the target.
struct Sizes {
  double blocks, tiles, points, in, in_planes, out_planes, groups, vector;
  Sizes(const Winograd2d& way, const Layout& input, const Layout& result, const Target& target)
      : blocks(static_cast<double>(ceil_div(count_tiles(result, way.outputs), way.tiles))),
        tiles(static_cast<double>(way.tiles)),
        points(static_cast<double>(way.points())),
        in(static_cast<double>(input.planes() * input.block)),
        in_planes(static_cast<double>(input.planes())),
        out_planes(static_cast<double>(result.planes())),
        groups(out_planes / static_cast<double>(way.planes)),
        vector(static_cast<double>(bytes_of_vector(target))) {}
  double input_bytes() const { return points * tiles * in_planes * vector; }
  double input_vectors() const { return points * tiles * in_planes * groups * blocks; }
  double filters() const { return in * out_planes; }
  double products(const Winograd2d& way, const Target& target) const {
    return points * in * groups * blocks *
           cycles_of_products(way, winograd_2d_register_tiles(way, target), target);
  }
};

// To transform vectors of 6 x 6 points, measured: of the input, the result, a filter that goes to the first
// level, and to the second.
constexpr double kOfInput = 208, kOfResult = 150, kOfFilter = 80, kOfFilterBeyond = 150;

// To load and store a sum, in the first-level cache and beyond.
constexpr double kOfSum = 1, kOfSumBeyond = 1.8;

// The filters of a chunk stay in the first-level cache: only the input and the sums are read from beyond it.
double cycles_in_parts(const Winograd2d& way, const Sizes& s, const Target& target) {
  const double parts = s.in_planes / static_cast<double>(way.chunk);
  const double filters = s.points * s.filters() * s.blocks;
  const double sums = s.points * s.tiles * s.out_planes * s.blocks * (parts + 1);  // once to zero them
  const double spilled = bytes_of_chunk(way, target) <= kFirstLevel ? 0 : filters;
  const double others = filters / 36 * kOfFilter + 1.2 * spilled +
                        sums * (bytes_of_sums(way, target) <= kFirstLevel / 2 ? kOfSum : kOfSumBeyond) +
                        s.input_vectors() * cycles_of_vector(s.input_bytes(), 1, 0.6, 1);
  return s.products(way, target) + others * target.parts;
}

double of_filters(const Sizes& s) {
  return s.filters() * s.points / 36 * kOfFilterBeyond;
}

// All points of the filters of a group are written and read, beside the input, which each group transforms
// anew where there are several blocks of tiles.
double cycles_shared(const Winograd2d& way, const Sizes& s, const Target& target) {
  const double groups = s.groups / static_cast<double>(way.parts);
  const double again = s.blocks > 1 ? groups - 1 : 0;
  const double bytes = s.points * s.filters() / groups * s.vector + s.input_bytes();
  const double read = s.input_vectors() + s.points * s.filters() * s.blocks;
  const double others = of_filters(s) + read * cycles_of_vector(bytes, 2, 1.7, 2) +
                        again * s.blocks * s.tiles * s.in_planes * s.points / 36 * kOfInput;
  return s.products(way, target) + others * target.parts;
}

}  // namespace

bool winograd_2d_fits(const Winograd2d& way, const Layout& input, const Layout& result,
                      const Target& target) {
  const int64_t m = way.outputs, lanes = target.lanes;
  if ((m != 2 && m != 4) || way.tiles < 1 || way.planes < 1 || way.planes > kMostPlanes || way.parts < 1 ||
      way.chunk < 0)
    return false;
  if (result.width < m || result.height < m || input.block != lanes || result.block != lanes) return false;
  if (static_cast<double>(input.channels * result.channels * way.points()) > INT32_MAX / 2) return false;
  if (result.planes() % (way.planes * way.parts) != 0) return false;
  if (way.chunk > 0 && (input.planes() % way.chunk != 0 || way.planes * way.parts != result.planes()))
    return false;
  if (way.chunk == 0)  // an odd number of points
    return (way.points() | 1) * way.tiles * way.planes * bytes_of_vector(target) <= kMostStack;
  const int64_t filters = way.points() * way.chunk * (lanes + 1) * way.planes;
  return bytes_of_sums(way, target) + filters * bytes_of_vector(target) <= kMostStack;
}

double winograd_2d_filter_cycles(const Winograd2d& way, const Layout& input, const Layout& result,
                                 const Target& target) {
  return way.chunk > 0 ? 0 : of_filters(Sizes(way, input, result, target)) * target.parts;
}

double winograd_2d_cycles(const Winograd2d& way, const Layout& input, const Layout& result,
                          const Target& target) {
  const Sizes s(way, input, result, target);
  const double transforms =
      s.blocks * s.tiles * s.points / 36 * (s.in_planes * kOfInput + s.out_planes * kOfResult);
  const double rest = way.chunk > 0 ? cycles_in_parts(way, s, target) : cycles_shared(way, s, target);
  return transforms * target.parts + rest;
}

std::vector<Winograd2dEstimate> winograd_2d_estimates(int64_t outputs, const Layout& input,
                                                      const Layout& result, const Target& target) {
  std::vector<Winograd2dEstimate> all;
  const auto add = [&](Winograd2d way) {
    std::vector<Winograd2dEstimate> sizes;
    const int64_t most = count_tiles(result, outputs);
    for (way.tiles = 1; way.tiles <= most && winograd_2d_fits(way, input, result, target); ++way.tiles)
      sizes.push_back({way, winograd_2d_cycles(way, input, result, target)});
    std::stable_sort(sizes.begin(), sizes.end(),
                     [](const auto& a, const auto& b) { return a.cycles < b.cycles; });
    all.insert(all.end(), sizes.begin(),
               sizes.begin() + static_cast<std::ptrdiff_t>(std::min(sizes.size(), kSizesOfBlock)));
  };
  for (int64_t planes = 1; planes <= std::min(kMostPlanes, result.planes()); ++planes) {
    const int64_t groups = result.planes() / planes;
    for (const int64_t parts : {2, 4, 8})
      if (parts >= std::min(kLeastTasks, groups)) add({outputs, 1, planes, parts, 0});
    if (groups == 1) add({outputs, 1, planes, 1, 0});
    if (planes == 1 || (planes == 2 && groups > 1)) add({outputs, 1, planes, groups, 1});
  }
  return all;
}

namespace {

// Of `vectors` of filters, where a block is several of the machine's: the sums of a register tile, of tiles
// and vectors the fewer, and one of the others are in registers; a product, too, that is to be added.
int64_t most_tiles_of_parts(int64_t vectors, const Target& target) {
  const int64_t registers = target.registers * target.parts - (target.has_fma ? 1 : 2);
  int64_t x = 1;
  while ((x + 1) * vectors + std::min(x + 1, vectors) <= registers) ++x;
  return x;
}

}  // namespace

// Where multiply-adds take an element of a register the vectors that they are taken from are there, too, and
// those of the filter; all but one register are used.
int64_t winograd_2d_most_tiles(int64_t planes, const Target& target) {
  int64_t most = accumulators(target) / planes;
  if (target.parts > 1) most = most_tiles_of_parts(planes * target.parts, target);
  if (target.takes_element) most = (target.registers - 1 - planes) / (planes + 1);
  return std::max<int64_t>(1, most);
}

int64_t winograd_2d_register_tiles(const Winograd2d& way, const Target& target) {
  const int64_t most = winograd_2d_most_tiles(way.planes, target);
  if (way.chunk == 0) return ceil_div(way.tiles, ceil_div(way.tiles, most));
  int64_t best = 1;
  for (int64_t x = 2; x <= std::min(most, way.tiles); ++x)
    if (way.tiles % x == 0 && cycles_of_products(way, x, target) <= cycles_of_products(way, best, target))
      best = x;
  return best;
}

}  // namespace cnnc
