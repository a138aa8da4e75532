#include "unit/kernels/bytes_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "emit/kernels/kernel_objects.h"
#include "emit/load/loaded_kernel.h"
#include "plan/choose/space.h"
#include "plan/plan.h"
#include "target/host.h"

namespace cnnc {

namespace {

constexpr int kTasks = 6;

// Memory that is aligned as a workspace is.
struct Aligned {
  std::unique_ptr<uint8_t, decltype(&std::free)> memory;

  explicit Aligned(const Bytes& bytes)
      : memory(static_cast<uint8_t*>(
                   std::aligned_alloc(kAlignment, (bytes.size() / kAlignment + 1) * kAlignment)),
               &std::free) {
    std::memcpy(memory.get(), bytes.data(), bytes.size());
  }
  float* at(int64_t byte) const { return reinterpret_cast<float*>(memory.get() + byte); }
};

int64_t alignment_of(int64_t byte) {
  return byte == 0 ? kAlignment : std::min(kAlignment, byte & -byte);
}

LoadedKernel compiled(const Kernel& kernel, Isa isa) {
  Plan plan;
  plan.target = target_for(isa);
  plan.kernels = {kernel};
  const KernelOptions options{1, KernelCache{CNNC_TEST_CACHE, KernelCache::kUnlimited}};
  return LoadedKernel(kernel, kernel_objects(plan, {kKernelSymbol}, options).at(0));
}

}  // namespace

std::vector<Isa> isas_here() {
  std::vector<Isa> isas;
  for (const Target& target : all_targets())
    if (runs_on_host(target.isa)) isas.push_back(target.isa);
  return isas;
}

Bytes run(Kernel kernel, Isa isa, const std::vector<Bytes>& inputs, const std::vector<Bytes>& constants,
          const std::vector<int64_t>& constant_bytes, int threads) {
  const int64_t origin = kernel.output.bytes_of(kernel.output.origin());
  for (size_t i = 0; i < constants.size(); ++i)
    kernel.constants.push_back(static_cast<int64_t>(constants[i].size()) / constant_bytes.at(i));
  kernel.alignments.assign(inputs.size(), kAlignment);
  kernel.alignments.push_back(alignment_of(origin));
  kernel.tasks = threads > 1 ? kTasks : 1;
  REQUIRE(complete_schedule(kernel, target_for(isa)));
  std::vector<Aligned> memory;
  std::vector<float*> pointers;
  for (const std::vector<Bytes>* group : {&inputs, &constants})
    for (const Bytes& bytes : *group) memory.emplace_back(bytes), pointers.push_back(memory.back().at(0));
  Bytes result(static_cast<size_t>(kernel.output.bytes()), kUntouched);
  const Aligned output(result);
  pointers.push_back(output.at(origin));
  if (threads > 1) start_threads(threads);
  compiled(kernel, isa).run(pointers, nullptr, threads);
  std::memcpy(result.data(), output.at(0), result.size());
  return result;
}

int64_t count_touched(const Bytes& bytes, const Layout& layout) {
  Bytes rest = bytes;
  for (int64_t c = 0; c < layout.planes() * layout.block; ++c)
    for (int64_t y = 0; y < layout.height; ++y)
      for (int64_t x = 0; x < layout.width; ++x)
        std::memset(&rest[static_cast<size_t>(layout.bytes_of(layout.index(c, y, x)))], kUntouched,
                    static_cast<size_t>(size_of(layout.type)));
  return static_cast<int64_t>(rest.size()) - std::count(rest.begin(), rest.end(), kUntouched);
}

Map<uint8_t> random_map(int64_t channels, int64_t height, int64_t width, std::mt19937& random) {
  Map<uint8_t> map(channels, height, width);
  for (uint8_t& value : map.values) value = static_cast<uint8_t>(random() >> 24);
  return map;
}

std::vector<int32_t> random_integers(int64_t count, int32_t least, int32_t greatest, std::mt19937& random) {
  std::vector<int32_t> values(static_cast<size_t>(count));
  const auto range = static_cast<uint32_t>(greatest - least) + 1;
  for (int32_t& value : values) value = least + static_cast<int32_t>(random() % range);
  return values;
}

uint8_t quantized_by(float scale, int zero_point, float x) {
  if (std::isnan(x)) return 0;
  const float inverse = static_cast<float>(1 / static_cast<double>(scale));
  const double steps = std::nearbyint(static_cast<double>(x * inverse)) + zero_point;
  return static_cast<uint8_t>(std::clamp(steps, 0.0, 255.0));
}

float dequantized_by(float scale, int zero_point, uint8_t q) {
  return static_cast<float>(q - zero_point) * scale;
}

Attributes quantization(double scale, int64_t zero_point) {
  return {{"scale", scale}, {"zero_point", zero_point}};
}

}  // namespace cnnc
