// Trained constants rearranged into the order in which a kernel reads them.
#pragma once
#include <cstdint>
#include <vector>

namespace cnnc {

// A packed constant of a kernel, described by the sizes that its index is made of, innermost first: each size is a
// stride into the source. Packed element (i0, i1, …) is source[sum of i_k * source_stride_k] if each of its source
// coordinates is in range, else 0 (padding of blocks, and channels of other groups).
struct Packing {
  // The kinds of source coordinate that a packed dimension counts.
  enum class Kind {
    vector,     // a vector of n values, padded to `padded`
    conv,       // OIHW → [o / ot][i / ib][h][w][i % ib][o % ot]
    depthwise,  // (C,1,H,W) → [c / ot][h][w][c % ot]
    dense       // out×in → [o / ot][k][o % ot], k running over the stored elements of the input's layout
  };
  Kind kind = Kind::vector;
  int64_t outputs = 0, inputs = 0;  // of the source: O and I of one group; of a vector: n and 0
  int64_t height = 1, width = 1;    // of the filter
  int64_t groups = 1;               // of the source
  int64_t merged_groups = 1;        // so many groups are packed as one, with zeros between (see plan/lower_conv.h)
  int64_t output_tile = 1;          // ot: a multiple of the lanes
  int64_t input_block = 1;          // ib
  std::vector<int64_t> positions;   // dense: source index of each stored input element, -1 for padding; empty: identity

  // Floats of the packed constant.
  int64_t elements() const;
  friend bool operator==(const Packing& a, const Packing& b);
};

std::vector<float> pack(const Packing& packing, const std::vector<float>& source);

}  // namespace cnnc
