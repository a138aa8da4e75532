// The memory that the kernels of one problem run on, so that all of them compute the same layer.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "tune/problems.h"

namespace cnnc {

// Room for so many floats, of whatever is stored there, before and after a pointer that is aligned to so many
// bytes, and to no more; with room on both sides, since a kernel may read a vector too much.
class AlignedFloats {
 public:
  AlignedFloats(int64_t before, int64_t after, int64_t alignment);
  float* data() const { return first_; }

 private:
  std::unique_ptr<float[]> memory_;
  float* first_ = nullptr;
};

class Ground {
 public:
  // Between two uses of a weight a network reads `reuse_bytes` of others: there are as many copies of the
  // weights as that takes, and each run reads the next.
  Ground(const Subject& standard, int64_t reuse_bytes);

  // Packs the weights as the subject wants them, unless that was done before; their number. Processes that
  // are forked afterwards share them.
  size_t prepare(const Subject& subject);

  // The pointers for the next run with these weights, as LoadedKernel takes them.
  const std::vector<float*>& pointers_for_next_run(size_t weights);

  // The result's element (0, 0, 0), and how it lies.
  float* result() const { return result_.data(); }
  const Layout& layout() const { return layout_; }

  // The stored elements of an input.
  const float* input(size_t number) const { return inputs_.at(number).data(); }

  // The stored elements of the result, from the first of its halo on, as numbers; and what no kernel stores:
  // NaN, or the greatest byte.
  std::vector<float> elements_of(const void* first) const;
  static constexpr int kNothing = 0xff;  // each byte of it

  // What a constant is packed from: one of these.
  struct Source {
    std::vector<float> floats;
    std::vector<int32_t> integers;
  };

  // Weights as prepare() has packed them.
  struct Packed {
    std::vector<Packing> packings;
    AlignedFloats floats;          // copies, each with all constants
    std::vector<int64_t> offsets;  // of the constants in a copy
    int64_t copy_floats = 0, copies = 1, next = 0;
  };
  const Packed& packed(size_t weights) const { return packed_.at(weights); }

  // By output channel a bound on what the absolute values of all terms of its sums come to; of two
  // convolutions by one kernel, the sum of both's.
  const std::vector<double>& magnitudes() const { return magnitudes_; }

 private:
  Layout layout_;
  int64_t reuse_bytes_;
  std::vector<AlignedFloats> inputs_;
  AlignedFloats result_;
  std::vector<Source> sources_;  // of the constants
  std::vector<double> magnitudes_;
  std::vector<Packed> packed_;
  std::vector<float*> pointers_;
};

}  // namespace cnnc
