#include "tune/ground.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <stdexcept>

#include "support/checked.h"

namespace cnnc {

namespace {

constexpr int64_t kFloatBytes = sizeof(float), kLineFloats = kAlignment / kFloatBytes;
constexpr int64_t kRoom = 8 * kLineFloats;  // floats on each side
constexpr int64_t kMostReuse = 256 << 20;   // bytes; more than a core has of any cache

// Uniform in [-1, 1), in steps of 2^-23.
struct Random {
  std::mt19937 generator{1};
  float operator()() { return static_cast<float>(generator() >> 8) * 0x1p-23f - 1; }
};

void fill_interior(const Layout& layout, float* tensor, Random& random) {
  for (int64_t image = 0; image < layout.images; ++image)
    for (int64_t plane = 0; plane < layout.planes(); ++plane)
      for (int64_t y = 0; y < layout.height; ++y)
        for (int64_t x = 0; x < layout.width; ++x) {
          float* pixel = tensor + layout.index(plane * layout.block, y, x, image);
          std::generate_n(pixel, layout.block, std::ref(random));
        }
}

int64_t fan_in(const Packing& packing) {
  return packing.kind == Packing::Kind::vector      ? 1
         : packing.kind == Packing::Kind::depthwise ? packing.height * packing.width
                                                    : packing.inputs * packing.height * packing.width;
}

// As weights are initialised (weights.h), so that sums are about as large as their terms' root.
std::vector<float> source_of(const Packing& packing, Random& random) {
  const bool is_vector = packing.kind == Packing::Kind::vector;
  std::vector<float> source(static_cast<size_t>(packing.outputs * fan_in(packing)));
  const float spread = is_vector ? 0.125f : std::sqrt(6.0f / static_cast<float>(fan_in(packing)));
  for (float& value : source) value = spread * random();
  return source;
}

}  // namespace

AlignedFloats::AlignedFloats(int64_t before, int64_t after, int64_t alignment)
    : memory_(new float[static_cast<size_t>(before + after + 2 * kRoom + 2 * kLineFloats)]()) {
  const auto address = reinterpret_cast<uintptr_t>(memory_.get() + kRoom + before);
  const int64_t past = static_cast<int64_t>(address % kAlignment) / kFloatBytes;
  first_ = memory_.get() + kRoom + before + (kLineFloats - past) % kLineFloats;
  if (alignment < kAlignment) first_ += alignment / kFloatBytes;
}

Ground::Ground(const Subject& standard, int64_t reuse_bytes)
    : layout_(standard.kernel.output),
      reuse_bytes_(std::min(reuse_bytes, kMostReuse)),
      result_(layout_.origin(), layout_.elements() - layout_.origin(), standard.kernel.alignments.back()) {
  Random random;
  for (size_t i = 0; i < standard.kernel.inputs.size(); ++i) {
    const Layout& input = standard.kernel.inputs[i];
    inputs_.emplace_back(0, input.elements(), standard.kernel.alignments.at(i));
    fill_interior(input, inputs_.back().data(), random);
  }
  for (const Packing& packing : standard.constants) sources_.push_back(source_of(packing, random));
  magnitudes_.assign(static_cast<size_t>(layout_.channels),
                     static_cast<double>(standard.kernel.inputs.size()));
  for (const std::vector<float>& source : sources_) {
    const size_t floats = source.size() / magnitudes_.size();
    for (size_t i = 0; i < floats * magnitudes_.size(); ++i) magnitudes_[i / floats] += std::fabs(source[i]);
  }
}

size_t Ground::prepare(const Subject& subject) {
  for (size_t i = 0; i < packed_.size(); ++i)
    if (packed_[i].packings == subject.constants) return i;
  std::vector<int64_t> offsets;
  int64_t floats = 0;
  for (const Packing& packing : subject.constants) {
    offsets.push_back(floats);
    floats += round_up(packing.elements(), kLineFloats);
  }
  const int64_t bytes = std::max<int64_t>(1, floats * kFloatBytes);
  // An odd number: kernels that run in turn then use all of them.
  const int64_t copies = std::max<int64_t>(1, (reuse_bytes_ + bytes - 1) / bytes) | 1;
  Packed packed{subject.constants, AlignedFloats(0, floats * copies, kAlignment), offsets, floats, copies};
  for (size_t i = 0; i < sources_.size(); ++i) {
    const std::vector<float> values = pack(subject.constants[i], sources_[i]);
    std::copy(values.begin(), values.end(), packed.floats.data() + offsets[i]);
  }
  for (int64_t copy = 1; copy < copies; ++copy)
    std::memcpy(packed.floats.data() + copy * floats, packed.floats.data(),
                static_cast<size_t>(floats * kFloatBytes));
  packed_.push_back(std::move(packed));
  return packed_.size() - 1;
}

const std::vector<float*>& Ground::pointers_for_next_run(size_t number) {
  Packed& weights = packed_.at(number);
  pointers_.clear();
  for (const AlignedFloats& input : inputs_) pointers_.push_back(input.data());
  float* copy = weights.floats.data() + weights.next * weights.copy_floats;
  for (const int64_t offset : weights.offsets) pointers_.push_back(copy + offset);
  weights.next = (weights.next + 1) % weights.copies;
  pointers_.push_back(result_.data());
  return pointers_;
}

}  // namespace cnnc
