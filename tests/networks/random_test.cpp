// Random networks, a third of them for each instruction set of x86-64 and every ninth by an emulator for
// AArch64's and as a module by node, on inputs of different ranges. CNNC_NETWORKS is their number; CNNC_SEED
// the first one's seed. One that fails is cut down to what still fails and written to a file. At the end
// stands how often each operator was drawn, and right, in which layout.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "networks/coverage.h"
#include "networks/fault.h"
#include "networks/generator.h"
#include "networks/random_options.h"
#include "networks/thorough.h"
#include "ops/registry.h"
#include "passes/passes.h"

namespace {

using namespace cnnc;

void add_to(Coverage& coverage, const Lines& network, Isa isa, uint64_t seed) {
  const Graph graph = *graph_of(joined(network));
  add_to(coverage, graph, make_plan(optimise(graph), target_for(isa), options_of(seed)));
}

// Numbers as images have them, what a network makes of these, and what it must not be given but is.
InputRange range_of(uint64_t seed) {
  const std::vector<InputRange> ranges = {
      {},
      {127.5f, 127.5f, 127.5f, 127.5f},  // 0 to 255 to [-1, 1)
      {127.5f, 127.5f, 118.5f, 57.1f},   // to ImageNet's mean and deviation
      {0, 1, 128, 128},                  // x s - t is near -1
      {0.5f, 0.5f, 0.449f, 0.226f},
      {1e4f, 1, 1e4f, 1}};  // what is alike cancels
  return ranges[seed / 7 % ranges.size()];
}

// Of four networks three begin with what brings them to [-1, 1).
Lines network_of(uint64_t seed) {
  const Lines lines = with_moderate_arguments(random_network(seed));
  const auto is_input = [](const std::string& line) { return line.rfind("input x ", 0) == 0; };
  const auto input = std::find_if(lines.begin(), lines.end(), is_input);
  if (seed / 42 % 4 == 0) return lines;
  Lines normalised = lines;
  normalised.insert(normalised.begin() + (input - lines.begin()) + 1,
                    fmt::format("batchnorm as {}", kNormalised));
  // A name like batchnorm1 may be given to another layer by it.
  return graph_of(joined(normalised)) ? normalised : lines;
}

// The network's smallest part that has a fault, too, as a file; what to read and to type.
std::string report(const Lines& network, uint64_t seed, Isa isa) {
  const auto fails = [&](const Lines& lines) {
    return graph_of(joined(lines)) && !fault_of(joined(lines), isa, options_of(seed), range_of(seed)).empty();
  };
  const Lines smallest = minimise(network, fails);
  const std::string path =
      std::filesystem::absolute(fmt::format("failed-{}-{}.dsl", to_string(isa), seed)).string();
  std::ofstream(path) << joined(smallest);
  return fmt::format("seed {}, {}: {}\nsmallest part, written to {}:\n{}", seed, to_string(isa),
                     fault_of(joined(smallest), isa, options_of(seed), range_of(seed)), path,
                     joined(smallest));
}

constexpr uint64_t kNetworks = 72;
// Of so many on four operators take turns in a third of them: more than there are. So many the campaign
// draws; that the generator has each operator in each layout is seen without compiling, in
// random_plans_test.cpp.
constexpr uint64_t kForEachOperator = 120;

bool is_for(Isa isa, uint64_t seed) {
  if (isa == Isa::wasm) return seed % 9 == 4;
  return isa == Isa::neon ? seed % 9 == 0 : seed % 3 == static_cast<uint64_t>(isa);
}

void check_networks(Isa isa) {
  if (!runs_here(isa)) return;
  const uint64_t count = number_from_environment("CNNC_NETWORKS", kNetworks);
  const uint64_t first = number_from_environment("CNNC_SEED", 1);
  Coverage coverage;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    if (!is_for(isa, seed)) continue;
    const Lines network = network_of(seed);
    const std::string fault = fault_of(joined(network), isa, options_of(seed), range_of(seed));
    CHECK_MESSAGE(fault.empty(), fault, "\n", report(network, seed, isa));
    if (fault.empty()) add_to(coverage, network, isa, seed);
  }
  std::printf("drawn for %s, by layout:\n%s\n", to_string(isa).c_str(), table(coverage).c_str());
  if (count < kForEachOperator || isa == Isa::neon || isa == Isa::wasm) return;
  for (const Operator* op : operators()) CHECK_MESSAGE(coverage.count(op->name), op->name);
}

}  // namespace

TEST_CASE("random networks are right (avx512)") {
  check_networks(Isa::avx512);
}
TEST_CASE("random networks are right (avx2)") {
  check_networks(Isa::avx2);
}
TEST_CASE("random networks are right (sse41)") {
  check_networks(Isa::sse41);
}
TEST_CASE("random networks are right (neon)") {
  check_networks(Isa::neon);
}
TEST_CASE("random networks are right (wasm)") {
  check_networks(Isa::wasm);
}

// Of which a right library was once found wrong: infinite bounds that a step made none of, a conv3d by
// Winograd's transforms, errors of another image of a batch.
TEST_CASE("what random networks have taught is right") {
  const std::vector<std::pair<uint64_t, Lines>> networks = {
      {5201, {"input x 2x15x1", "batchnorm as normalised", "clip min 0.01 max 8", "sqrt"}},
      {6299,
       {"input x 2x5x24", "batchnorm as normalised", "equal_constant 1", "clip min 0.01 max 8", "reciprocal",
        "ceil", "conv 12 1x1", "log_softmax along 0"}},
      {6320,
       {"input x 360", "dense 15", "reshape 3x1x5x1; conv3d 6 2x1x3 pad 2x2x2",
        "reshape 1x6x4x27; conv3d 3 3x3x2 pad 1x2x0"}}};
  if (!runs_here(Isa::avx512)) return;
  for (const auto& [seed, lines] : networks)
    CHECK(fault_of(joined(lines), Isa::avx512, options_of(seed), range_of(seed)) == "");
}

TEST_CASE("a seed gives the same network every time, and another seed another one") {
  CHECK(random_network(7) == random_network(7));
  CHECK(random_network(7) != random_network(8));
}

TEST_CASE(
    "a hundred random networks are valid, use every operator that can be "
    "compiled, and have joins, outputs and narrow inputs") {
  std::set<std::string> ops;
  size_t several_inputs = 0, several_outputs = 0, largest = 0, one_channel = 0, one_row = 0, one_column = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const std::string text = joined(random_network(seed));
    const auto graph = graph_of(text);
    REQUIRE_MESSAGE(graph, text);
    for (const Node& node : graph->nodes) ops.insert(node.op);
    const Shape& input = graph->nodes[static_cast<size_t>(graph->inputs.back())].shape;
    one_channel += input.is_map() && input.channels() == 1;
    one_row += input.is_map() && input.height() == 1 && input.width() > 1;
    one_column += input.is_map() && input.width() == 1 && input.height() > 1;
    several_inputs += graph->inputs.size() > 1;
    several_outputs += graph->outputs.size() > 1;
    largest = std::max(largest, graph->nodes.size());
  }
  for (const Operator* op : operators()) CHECK_MESSAGE(ops.count(std::string(op->name)), op->name);
  CHECK(several_inputs > 16);
  CHECK(several_outputs > 25);
  CHECK(largest > 15);
  CHECK(one_channel > 20);
  CHECK(one_row > 8);
  CHECK(one_column > 4);
}

TEST_CASE("a failing network is cut down to the lines that make it fail") {
  const Lines network = {"a", "b", "c", "d", "e", "f", "g"};
  int asked = 0;
  const auto fails = [&](const Lines& lines) {
    ++asked;
    return joined(lines).find('b') != std::string::npos && joined(lines).find('f') != std::string::npos;
  };
  CHECK(minimise(network, fails) == Lines{"b", "f"});
  CHECK(asked < 40);
  CHECK(minimise(network, [](const Lines&) { return false; }) == network);
}

TEST_CASE("outputs of whole numbers come back from an emulator as such") {
  if (!runs_here(Isa::neon)) return;
  CHECK(fault_of("input x 3x9x17\nargmax 2\nint32\n", Isa::neon) == "");
}
