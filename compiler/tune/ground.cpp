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

// All of its bytes, a halo's too: which ones they are matters to no kernel's time.
void fill(const Layout& layout, float* tensor, Random& random) {
  if (layout.type != ElementType::uint8) return fill_interior(layout, tensor, random);
  auto* bytes = reinterpret_cast<uint8_t*>(tensor);
  std::generate_n(bytes, layout.elements(), [&] { return static_cast<uint8_t>(random.generator()); });
}

int64_t floats_for(int64_t bytes) {
  return (bytes + kFloatBytes - 1) / kFloatBytes;
}

int64_t fan_in(const Packing& packing) {
  return packing.kind == Packing::Kind::vector      ? 1
         : packing.kind == Packing::Kind::depthwise ? packing.height * packing.width
                                                    : packing.inputs * packing.height * packing.width;
}

bool is_whole(ElementType type) {
  return type == ElementType::int8 || type == ElementType::int32;
}

// As weights are initialised (weights.h), so that sums are about as large as their terms' root. Whole numbers
// are those of 7 bits; what scales their sums makes bytes of most of them.
Ground::Source source_of(const Packing& packing, bool scales_sums_of_bytes, Random& random) {
  const bool is_vector = packing.kind == Packing::Kind::vector;
  const auto count = static_cast<size_t>(packing.outputs * fan_in(packing));
  Ground::Source source;
  if (is_whole(packing.type)) {
    source.integers.resize(count);
    for (int32_t& number : source.integers) number = static_cast<int32_t>(64 * random());
    return source;
  }
  source.floats.resize(count);
  const float spread = scales_sums_of_bytes ? 2e-3f
                       : is_vector          ? 0.125f
                                            : std::sqrt(6.0f / static_cast<float>(fan_in(packing)));
  for (float& value : source.floats) value = spread * random();
  return source;
}

// The constant at `to`, as its kernels read it.
void store(const Packing& packing, const Ground::Source& source, float* to) {
  if (!is_whole(packing.type)) {
    const std::vector<float> values = pack(packing, source.floats);
    std::copy(values.begin(), values.end(), to);
    return;
  }
  const std::vector<int32_t> numbers = pack(packing, source.integers, 0, packing.tiles());
  if (packing.type == ElementType::int32)
    std::copy(numbers.begin(), numbers.end(), reinterpret_cast<int32_t*>(to));
  else
    std::copy(numbers.begin(), numbers.end(), reinterpret_cast<int8_t*>(to));
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
      result_(floats_for(layout_.bytes_of(layout_.origin())), floats_for(layout_.bytes()),
              standard.kernel.alignments.back()) {
  Random random;
  for (size_t i = 0; i < standard.kernel.inputs.size(); ++i) {
    const Layout& input = standard.kernel.inputs[i];
    inputs_.emplace_back(0, floats_for(input.bytes()), standard.kernel.alignments.at(i));
    fill(input, inputs_.back().data(), random);
  }
  const bool is_of_bytes = std::any_of(standard.constants.begin(), standard.constants.end(),
                                       [](const Packing& packing) { return is_whole(packing.type); });
  for (const Packing& packing : standard.constants)
    sources_.push_back(source_of(packing, is_of_bytes, random));
  magnitudes_.assign(static_cast<size_t>(layout_.channels),
                     static_cast<double>(standard.kernel.inputs.size()));
  for (const Source& source : sources_) {
    const size_t floats = source.floats.size() / magnitudes_.size();
    for (size_t i = 0; i < floats * magnitudes_.size(); ++i)
      magnitudes_[i / floats] += std::fabs(source.floats[i]);
  }
}

std::vector<float> Ground::elements_of(const void* first) const {
  const auto count = static_cast<size_t>(layout_.elements());
  if (layout_.type == ElementType::uint8)
    return {static_cast<const uint8_t*>(first), static_cast<const uint8_t*>(first) + count};
  return {static_cast<const float*>(first), static_cast<const float*>(first) + count};
}

size_t Ground::prepare(const Subject& subject) {
  for (size_t i = 0; i < packed_.size(); ++i)
    if (packed_[i].packings == subject.constants) return i;
  std::vector<int64_t> offsets;
  int64_t floats = 0;
  for (const Packing& packing : subject.constants) {
    offsets.push_back(floats);
    floats += round_up(floats_for(packing.bytes()), kLineFloats);
  }
  const int64_t bytes = std::max<int64_t>(1, floats * kFloatBytes);
  // An odd number: kernels that run in turn then use all of them.
  const int64_t copies = std::max<int64_t>(1, (reuse_bytes_ + bytes - 1) / bytes) | 1;
  Packed packed{subject.constants, AlignedFloats(0, floats * copies, kAlignment), offsets, floats, copies};
  for (size_t i = 0; i < sources_.size(); ++i)
    store(subject.constants[i], sources_[i], packed.floats.data() + offsets[i]);
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
