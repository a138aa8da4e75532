// Trained constants rearranged into the order in which a kernel reads them.
#pragma once
#include <cstdint>
#include <vector>

#include "graph/element_type.h"

namespace cnnc {

// How a kernel's constant is made from a parameter. Places of the packed constant that no element of the
// source falls on hold 0: the padding of blocks, and the channels of other groups.
struct Packing {
  // Source layout → packed layout, the last index running fastest.
  enum class Kind {
    vector,  // n values, padded to a multiple of ot
    conv,    // OIHW → [o / ot][i / ib][h][w][i % ib / ip][o % ot][i % ip], i counted in the packed (merged)
             // group
    winograd,   // OIHW → [o / ot][i][w][p][o % ot], each column of a filter transformed to points p (see
                // winograd.h)
    depthwise,  // (C,1,H,W) → [c / ot][h][w][c % ot]
    dense  // out×in → [o / ot][k / ip][o % ot][k % ip], k running over the stored elements of the input's
           // layout, padded to a multiple of ip
  };
  Kind kind = Kind::vector;
  int64_t outputs = 0, inputs = 0;  // of the source: O and I of one group; of a vector: n and 0
  int64_t height = 1, width = 1;    // of the filter
  int64_t groups = 1;               // of the source
  int64_t merged_groups = 1;        // so many groups are packed as one, with zeros between
  int64_t output_tile = 1;          // ot: o is blocked by it
  int64_t input_block = 1;          // ib
  int64_t input_pair = 1;        // ip: so many inputs of an output stand next to each other; of conv, dense
  int64_t winograd_outputs = 0;  // m of F(m, height)
  std::vector<int64_t>
      positions;  // dense: source index of each stored input element, -1 for padding; empty: identity
  ElementType type = ElementType::float32;  // of the packed constant; int8 and int32 are packed from integers

  // Elements of the packed constant: its tiles of outputs one after the other.
  int64_t elements() const;
  int64_t tiles() const;
  int64_t tile_elements() const;
  int64_t bytes() const { return elements() * size_of(type); }
  int64_t tile_bytes() const { return tile_elements() * size_of(type); }
  friend bool operator==(const Packing& a, const Packing& b);
};

std::vector<float> pack(const Packing& packing, const std::vector<float>& source);

// The tiles [begin, end) of it.
std::vector<float> pack(const Packing& packing, const std::vector<float>& source, int64_t begin, int64_t end);

// The same of whole numbers, which no Winograd transform takes. Throws std::logic_error for that.
std::vector<int32_t> pack(const Packing& packing, const std::vector<int32_t>& source, int64_t begin,
                          int64_t end);

}  // namespace cnnc
