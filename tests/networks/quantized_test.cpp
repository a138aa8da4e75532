// Random networks in bytes: each step of whole numbers has the bits of its definition, on each instruction
// set. CNNC_QUANTIZED_NETWORKS is their number for each of these; CNNC_SEED the first one's seed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "emit/kernels/kernel_code.h"
#include "networks/fault.h"
#include "networks/generator.h"
#include "networks/random_options.h"
#include "networks/thorough.h"
#include "ops/registry.h"
#include "passes/passes.h"
#include "quantize/apply.h"
#include "target/host.h"
#include "weights/weights.h"

namespace {

using namespace cnnc;

// An emulator takes ten times as long.
uint64_t share_of(uint64_t count, Isa isa) {
  return runs_on_host(isa) ? count : count / 6;
}

// Before a change is merged a network is tried on two of the four instruction sets, where all are here; in
// the campaign on all.
bool is_for(Isa isa, uint64_t seed) {
  const auto turn = static_cast<uint64_t>(isa);
  return is_thorough() || !runs_on_host(isa) || !runs_on_host(Isa::avx512vnni) || seed % 4 == turn ||
         (seed + 1) % 4 == turn;
}

// Half of the networks have weights of 7 bits.
void check_networks(Isa isa) {
  if (!runs_here(isa)) return;
  const uint64_t count = share_of(number_from_environment("CNNC_QUANTIZED_NETWORKS", 12), isa);
  const uint64_t first = number_from_environment("CNNC_SEED", 1);
  int64_t byte_tensors = 0, tried = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    if (!is_for(isa, seed)) continue;
    ++tried;
    const std::string text = joined(with_moderate_arguments(random_network(seed)));
    const PlanOptions options = options_of(seed);
    const Graph graph = in_bytes(text, seed % 2 ? 8 : 7, options);
    const std::vector<ElementType> types = element_types(graph);
    byte_tensors += std::count(types.begin(), types.end(), ElementType::uint8);
    const std::string fault = fault_in_bytes(graph, isa, options);
    CHECK_MESSAGE(fault.empty(), "seed ", seed, ", ", to_string(isa), ": ", fault, "\n", text);
  }
  CHECK(byte_tensors >= tried);
}

}  // namespace

TEST_CASE("random networks of bytes are right (avx512vnni)") {
  check_networks(Isa::avx512vnni);
}
TEST_CASE("random networks of bytes are right (avxvnni)") {
  check_networks(Isa::avxvnni);
}
TEST_CASE("random networks of bytes are right (avx512)") {
  check_networks(Isa::avx512);
}
TEST_CASE("random networks of bytes are right (avx2)") {
  check_networks(Isa::avx2);
}
TEST_CASE("random networks of bytes are right (sse41)") {
  check_networks(Isa::sse41);
}

TEST_CASE("random networks of bytes are right (neon-dotprod)") {
  check_networks(Isa::neon_dotprod);
}
TEST_CASE("random networks of bytes are right (neon)") {
  check_networks(Isa::neon);
}
TEST_CASE("random networks of bytes are right (wasm)") {
  check_networks(Isa::wasm);
}

// A product and a sum that become one instruction are rounded once, not twice: with bytes added to sums of
// bytes, one element of some 100,000 then differs.
TEST_CASE("kernels of bytes join no operations on floats") {
  const Graph graph = in_bytes(
      "network n\ninput x 16x9x9\nconv 16 3x3 pad 1 as a\nconv 16 1x1\nadd with a\nrelu\nconv 16 1x1\n", 8);
  for (const Isa isa : {Isa::avx512vnni, Isa::avx2}) {
    const Plan plan = make_plan(graph, target_for(isa));
    int sums = 0;
    for (const Kernel& kernel : plan.kernels) {
      const auto is_sum = [](const EpilogueStep& step) { return step.op == "add_dequantized"; };
      if (std::none_of(kernel.epilogue.begin(), kernel.epilogue.end(), is_sum)) continue;
      const std::string code = kernel_code(kernel, target_for(isa), "kernel", KernelForm::llvm);
      CHECK(code.find(" fmul <") != std::string::npos);
      for (const char* flagged : {" fmul reassoc", " fadd reassoc", " fmul contract", " fadd contract"})
        CHECK(code.find(flagged) == std::string::npos);
      ++sums;
    }
    CHECK(sums == 1);
  }
}

TEST_CASE("a layer of floats that stores bytes joins no operations either") {
  const Graph graph =
      in_bytes("network n\ninput x 16x8x8\nconv 16 1x1\nmaxpool 2x2\nbatchnorm\nrelu\nconv 16 1x1\n", 8);
  for (const Isa isa : {Isa::avx512vnni, Isa::avx2, Isa::sse41}) {
    int norms = 0;
    for (const Kernel& kernel : make_plan(graph, target_for(isa)).kernels) {
      if (kernel.family != "batchnorm") continue;
      CHECK(kernel.output.type == ElementType::uint8);
      const std::string code = kernel_code(kernel, target_for(isa), "kernel", KernelForm::assembly);
      CHECK(code.find("packuswb") != std::string::npos);  // of four vectors at once
      CHECK(code.find("vfmadd") == std::string::npos);
      ++norms;
    }
    CHECK(norms == 1);
    if (runs_here(isa)) CHECK(fault_in_bytes(graph, isa) == "");
  }
}

// Where a tensor has values of both signs, a halo of the byte 0 would be its least value, not 0.
TEST_CASE("the halo of bytes is their zero point") {
  const Graph graph = in_bytes(
      "network n\ninput x 4x6x7\nconv 16 3x3 pad 1\nconv 16 3x3 pad 1 groups 16\nconv 8 3x3 pad 1\n", 8);
  int signed_inputs = 0;
  for (const Node& node : graph.nodes)
    if (node.op == "integer_conv" && integer(node.attributes, "input_zero_point") > 64) ++signed_inputs;
  CHECK(signed_inputs == 3);
  for (const Isa isa : {Isa::avx512vnni, Isa::avx2, Isa::sse41})
    if (runs_here(isa)) CHECK(fault_in_bytes(graph, isa) == "");
}

// A pool computes the batchnorm before it with its input's elements where these are floats.
TEST_CASE("a pool of bytes reads those that a batchnorm has stored") {
  for (const char* pool : {"maxpool 2x2", "avgpool 2x2", "global_avgpool"}) {
    const Graph graph =
        in_bytes(std::string("network n\ninput x 16x8x8\nconv 16 1x1\nmaxpool 2x2\nbatchnorm\nrelu\n") +
                     pool + "\nconv 16 1x1\n",
                 8);
    for (const Isa isa : {Isa::avx512vnni, Isa::avx2, Isa::sse41})
      if (runs_here(isa)) CHECK_MESSAGE(fault_in_bytes(graph, isa) == "", pool);
  }
}

TEST_CASE("convs of bytes fetch the weights of their next output blocks, where these are many") {
  for (const char* outputs : {"16", "128"}) {
    const Graph graph = in_bytes(
        std::string("network n\ninput x 128x7x7\nconv 128 1x1\nconv ") + outputs + " 3x3 pad 1\n", 8);
    const Plan plan = make_plan(graph, target_for(Isa::avx512vnni));
    const auto found = std::find_if(plan.kernels.rbegin(), plan.kernels.rend(),
                                    [](const Kernel& kernel) { return kernel.family == "conv_u8"; });
    REQUIRE(found != plan.kernels.rend());
    const std::string code = kernel_code(*found, plan.target, "kernel", KernelForm::assembly);
    CHECK((code.find("prefetch") != std::string::npos) == (std::string(outputs) == "128"));
  }
}

// What Halide makes of a sum of products is found by its form: that it is found is seen in the code alone.
TEST_CASE("sums of products of bytes are what the target has for them") {
  const auto code_of = [](Isa isa, int weight_bits) {
    const Graph graph = in_bytes("network n\ninput x 16x9x9\nconv 16 3x3 as a\nconv 16 1x1\n", weight_bits);
    for (const Kernel& kernel : make_plan(graph, target_for(isa)).kernels)
      if (kernel.family == "conv_u8")
        return kernel_code(kernel, target_for(isa), "kernel", KernelForm::assembly);
    return std::string();
  };
  const auto has = [](const std::string& code, const char* instruction) {
    return code.find(instruction) != std::string::npos;
  };
  const std::string vnni = code_of(Isa::avx512vnni, 8), seven = code_of(Isa::avx2, 7),
                    eight = code_of(Isa::avx2, 8);
  CHECK(has(vnni, "vpdpbusd"));
  CHECK(has(vnni, "vpackuswb"));
  CHECK(has(seven, "vpmaddubsw"));
  CHECK(has(eight, "vpmaddwd"));
  CHECK(!has(eight, "vpmaddubsw"));
  const std::string narrow = code_of(Isa::avxvnni, 8);
  CHECK(has(narrow, "{vex}"));
  CHECK(has(narrow, "vpdpbusd"));
  CHECK(!has(narrow, "zmm"));
  CHECK(has(code_of(Isa::neon_dotprod, 8), "\tsdot\t"));
  CHECK(!has(code_of(Isa::neon, 8), "\tsdot\t"));
}

// A tensor under another shape lies in the order of its elements; a dot product reads blocks.
TEST_CASE("convs of bytes are right where their input is a reshape") {
  for (const char* layers : {"input x 8\ndense 36\nrelu\nreshape 4x3x3\nconv 8 2x2\n",
                             "input x 8\ndense 36\nrelu\nreshape 4x3x3\nmaxpool 2x2 stride 1\nconv 8 2x2\n",
                             "input x 3x4x9\nconv 16 1x1\nrelu\nreshape 32x6x3\nconv 8 3x3 pad 1\n",
                             "input x 3x4x9\nconv 16 1x1\nrelu\nreshape 16x6x6\nconv 8 3x3 groups 4\n"}) {
    const Graph graph = in_bytes(std::string("network n\n") + layers, 8);
    CHECK(std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
            return node.op == "integer_conv" || node.op == "integer_dense";
          }) == 2);
    for (const Isa isa : {Isa::avx512vnni, Isa::avx2, Isa::sse41})
      if (runs_here(isa)) CHECK_MESSAGE(fault_in_bytes(graph, isa) == "", layers);
  }
}

// Half of each vector's lanes would be padding: of what fills the last block, bytes have a zero, too.
TEST_CASE("convs of floats by pairs of channels store bytes") {
  Graph floats =
      graph_of("network n\ninput x 8x1x1\nconv 96 1x1\nrelu\nconv 24 1x1\nrelu as r\nconv 8 1x1\n").value();
  bind_random(floats, 1);
  Quantization quantization;
  quantization.tensors = {{"r", {0.02f, 0}, {}}};
  Graph graph = apply_quantization(optimise(floats), quantization);
  for (Node& node : graph.nodes) node.covers = {node.name};
  const Plan plan = make_plan(graph, target_for(Isa::avx512));
  CHECK(std::any_of(plan.kernels.begin(), plan.kernels.end(), [](const Kernel& kernel) {
    return kernel.family == "conv_pairs" && kernel.output.type == ElementType::uint8;
  }));
  for (const Isa isa : {Isa::avx512, Isa::avx2})
    if (runs_here(isa)) CHECK(fault_in_bytes(graph, isa) == "");
}

// In a library for several targets the least one has blocks of the best one's width.
TEST_CASE("activations behind sums of bytes are compiled for SSE4.1 in the blocks of wider vectors") {
  const Graph graph =
      in_bytes("network n\ninput x 8x5x5\nconv 8 1x1\nsilu\nconv 16 1x1\nfloor\nconv 8 3x3\nround\n", 8);
  PlanOptions options;
  for (const Isa best : {Isa::avx2, Isa::avx512vnni}) {
    options.sharing = Sharing{target_for(best), 48, nullptr};
    CHECK(fault_in_bytes(graph, Isa::sse41, options) == "");
  }
}
