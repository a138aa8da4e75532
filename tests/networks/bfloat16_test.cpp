// Random networks with convolutions of bfloat16: each step is within the bound of its definition, on each
// instruction set. CNNC_QUANTIZED_NETWORKS is their number for each of these; CNNC_SEED the first one's seed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "emit/kernels/kernel_code.h"
#include "networks/fault.h"
#include "networks/generator.h"
#include "networks/random_options.h"
#include "networks/thorough.h"
#include "ops/registry.h"

namespace {

using namespace cnnc;

bool has_bfloat16(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [](const Node& node) { return node.op == "bfloat16_conv"; });
}

// Of the random networks those that have such a convolution, some every ten.
void check_networks_of_bfloat16(Isa isa) {
  if (!runs_here(isa)) return;
  const uint64_t count = number_from_environment("CNNC_QUANTIZED_NETWORKS", 4);
  const uint64_t first = number_from_environment("CNNC_SEED", 1);
  uint64_t tried = 0;
  for (uint64_t seed = first; tried < count && seed < first + 50 * count; ++seed) {
    const std::string text = joined(with_moderate_arguments(random_network(seed)));
    const PlanOptions options = options_of(seed);
    const Graph graph = in_bfloat16(text, options);
    if (!has_bfloat16(graph)) continue;
    ++tried;
    const std::string fault = fault_in_bytes(graph, isa, options);
    CHECK_MESSAGE(fault.empty(), "seed ", seed, ", ", to_string(isa), ": ", fault, "\n", text);
  }
  CHECK(tried == count);
}

std::string fault_on(const std::string& layers, Isa isa) {
  return fault_in_bytes(in_bfloat16("network n\n" + layers), isa);
}

}  // namespace

TEST_CASE("random networks with convolutions of bfloat16 are right (avx512bf16)") {
  check_networks_of_bfloat16(Isa::avx512bf16);
}
TEST_CASE("random networks with convolutions of bfloat16 are right (avx512)") {
  check_networks_of_bfloat16(Isa::avx512);
}
TEST_CASE("random networks with convolutions of bfloat16 are right (avx2)") {
  check_networks_of_bfloat16(Isa::avx2);
}
TEST_CASE("random networks with convolutions of bfloat16 are right (sse41)") {
  check_networks_of_bfloat16(Isa::sse41);
}

TEST_CASE("convolutions of bfloat16 are right in all their forms") {
  const std::string forms[] = {
      "input x 8x9x9\nconv 16 1x1\n",                                          // an input of the network
      "input x 24x9x9\nrelu\nconv 40 3x3 stride 2 pad 1\nrelu\nconv 8 1x1\n",  // with a halo
      "input x 9x7x7\nconv 16 1x1 as a\nconv 16 1x1\nadd with a\nrelu\nconv 16 1x1\n",  // a sum of bfloat16
      "input x 16x20x20\nconv 16 3x3 pad 1\nrelu\nconv 16 1x1\n",                       // behind Winograd's
      "input x 16x9x9\nconv 16 3x3 pad 1 groups 16\nconv 8 1x1\nrelu\nmaxpool 2x2\n",   // a depthwise one
      "input x 3x4x9\nconv 16 1x1\nrelu\nreshape 32x6x3\nconv 8 3x3 dilation 2 pad 2\n"};
  for (const std::string& form : forms)
    for (const Isa isa : {Isa::avx512bf16, Isa::avx2, Isa::sse41})
      if (runs_here(isa)) CHECK_MESSAGE(fault_on(form, isa) == "", form);
}

TEST_CASE("products of bfloat16 are what the target has for them") {
  const Graph graph = in_bfloat16("network n\ninput x 16x9x9\nconv 16 1x1\n");
  const auto has = [&](Isa isa, const char* instruction) {
    for (const Kernel& kernel : make_plan(graph, target_for(isa)).kernels)
      if (kernel.family == "conv_bfloat16")
        return kernel_code(kernel, target_for(isa), "kernel", KernelForm::assembly).find(instruction) !=
               std::string::npos;
    return false;
  };
  CHECK(has(Isa::avx512bf16, "vdpbf16ps"));
  CHECK(!has(Isa::avx512, "vdpbf16ps"));
  CHECK(has(Isa::avx512, "vfmadd"));
  CHECK(has(Isa::avx2, "vfmadd"));
  CHECK(has(Isa::sse41, "mulps"));
}
