// A NaN in an input is a NaN in each output that depends on it, and in no other: never a number that looks
// right.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "emit/load/loaded_library.h"
#include "networks/fault.h"
#include "networks/kernel_options.h"
#include "networks/thorough.h"
#include "ops/registry.h"
#include "passes/passes.h"
#include "passes/use_bfloat16.h"
#include "plan/plan.h"
#include "target/host.h"
#include "weights/weights.h"

namespace {

using namespace cnnc;

const std::vector<std::string> kActivationsOfNaN = {"clip min 0.1 max 2",
                                                    "clip min (-2) max 20000000",
                                                    "elu",
                                                    "elu alpha 0",
                                                    "elu alpha 1e-50",
                                                    "leaky_relu slope 1e-50",

                                                    "hardsigmoid slope 0.2",
                                                    "clip min 0.1",
                                                    "clip max 0.1",
                                                    "abs",
                                                    "gelu",
                                                    "gelu approximate on",
                                                    "hardsigmoid",
                                                    "hardswish",
                                                    "leaky_relu",
                                                    "leaky_relu slope 0",
                                                    "clip min 0.01; sqrt",
                                                    "mish",
                                                    "neg",
                                                    "exp",
                                                    "clip min 0.01; log",
                                                    "erf",
                                                    "sin",
                                                    "cos",
                                                    "softsign",
                                                    "celu",
                                                    "threshold 0.1",
                                                    "threshold 0.1 value 2",
                                                    "shrink",
                                                    "shrink lambda 0 bias 2",
                                                    "floor",
                                                    "ceil",
                                                    "round",
                                                    "sign",
                                                    "prelu",
                                                    "reciprocal",
                                                    "relu",
                                                    "relu6",
                                                    "selu",
                                                    "sigmoid",
                                                    "silu",
                                                    "softplus",
                                                    "softplus beta 2 threshold 3",
                                                    "square",
                                                    "affine 2 (-0.5)",
                                                    "tanh"};

// What looks at several elements or moves them.
// No place of the bicubic one is an element: its neighbours would count 0 times, and 0 times NaN is NaN.
const std::vector<std::string> kOthers = {
    "maxpool 2x2",
    "maxpool 3x3 stride 2 pad 1",
    "maxpool 3x3 stride 1 pad 1 dilation 2",
    "maxpool 5x5",
    "avgpool 2x2",
    "avgpool 3x3 stride 2 pad 1",
    "global_maxpool",
    "global_avgpool",
    "adaptive_maxpool 3x4",
    "adaptive_avgpool 3x4",
    "batchnorm",
    "dropout",
    "lrn 5",
    "lrn 3 beta 0.6",
    "softmax",
    "log_softmax",
    "flatten; softmax",
    "flatten; log_softmax",
    "pad 1 mode reflect",
    "pad_along channels 1 0 value 2",
    "pad_along columns 2 (-3) mode reflect",
    "tile 2x1x2",
    "upsample 2x2",
    "resize 13x11 mode bilinear",
    "resize 13x11",
    "resize 12x14 mode bicubic",
    "resize 13x11 places half_pixel rounding half_up",
    "conv 5 1x1",
    "conv 5 3x3 pad 1 stride 2",
    "upconv 3 2x2 stride 2",
    "flatten; dense 7",
    "relu; add with x",
    "sigmoid; multiply with x",
    "layernorm channels rows",  // of one element it were a constant
    "layernorm rows columns",
    "instancenorm",
    "groupnorm 1",
    "rmsnorm columns",
    "l2norm channels",
    "softmax along 1",
    "log_softmax along columns",
    "reduce_max rows columns",
    "reduce_min channels",
    "reduce_mean rows",
    "reduce_sum channels columns",
    "reduce_product columns",
    "permute 2 1 0; flip 1",
    "crop rows 0 5 step 2",
    "maximum_constant 1",
    "minimum_constant 1",
    "flip rows as f; from x; maximum with f",
    "flip rows as f; from x; minimum with f",
    "add_constant 1",
    "subtract_constant 1",
    "multiply_constant 1",
    "divide_constant 1",
    "sigmoid as s; from x; divide with s",
    "relu as r; from x; greater_equal with r; where with x, x",
    "sigmoid; maximum with x",
    "tanh; minimum with x",
    "tanh; subtract with x",
    "permute 0 2 1; matmul with x",
    "concat with x; permute 1 2 0; crop 2 0 2 as g; from x; "
    "grid_sample padding_mode border with g",
    "concat with x; permute 1 2 0; crop 2 0 2 as g; from x; "
    "grid_sample mode nearest padding_mode reflection with g",
    "tile 1x2x2; grid_sample_constant 7x8x2",  // the first element is in the middle, too
    "tanh; concat along rows with x"};

// Inputs of 1 channel stay planar, of 3 they are blocked by what follows, of 17 they fill a block and begin
// another.
const std::vector<std::string> kInputs = {"x 1x9x11", "x 3x9x11", "x 17x5x9"};

const std::string kExpanded = "network n; input x 1x9x11; expand 4x9x11";

class Compiled {
 public:
  Compiled(const std::string& text, Isa isa, bool in_bfloat16 = false) {
    std::optional<Graph> graph = graph_of(text);
    REQUIRE_MESSAGE(graph.has_value(), text);
    bind_random(*graph, 1);
    PlanOptions options;
    options.allow_winograd = false;  // its tiles spread a NaN to neighbours
    const Graph optimised = optimise(*graph);
    plan_ = make_plan(in_bfloat16 ? use_bfloat16(optimised) : optimised, target_for(isa), options);
    library_ = std::make_unique<LoadedLibrary>(plan_, kernel_options());
  }

  size_t inputs() const { return static_cast<size_t>(plan_.input_shapes.at(0).elements()); }

  std::vector<float> run(const std::vector<float>& input) const {
    std::vector<float> output(static_cast<size_t>(plan_.output_shapes.at(0).elements()));
    Workspace workspace = workspace_for(plan_);
    REQUIRE(library_->run({input.data()}, {output.data()}, workspace.data()) == 0);
    return output;
  }

 private:
  Plan plan_;
  std::unique_ptr<LoadedLibrary> library_;
};

std::vector<float> random_values(size_t count) {
  std::mt19937 generator(1);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(generator() >> 8) * 0x1p-23f - 1;
  return values;
}

// The elements of the result that another value of the input's element changes: what depends on it.
std::set<size_t> dependent(const Compiled& network, std::vector<float> values, size_t element) {
  std::set<size_t> result;
  const std::vector<float> before = network.run(values);
  for (const float other : {1e3f, -1e3f}) {
    values[element] = other;
    const std::vector<float> after = network.run(values);
    for (size_t i = 0; i < after.size(); ++i)
      if (after[i] != before[i]) result.insert(i);
  }
  return result;
}

// What is wrong, or "".
std::string fault_with_nan(const Compiled& network, size_t element, float nan) {
  std::vector<float> values = random_values(network.inputs());
  const std::set<size_t> expected = dependent(network, values, element);
  values[element] = nan;
  const std::vector<float> found = network.run(values);
  for (size_t i = 0; i < found.size(); ++i)
    if (std::isnan(found[i]) != (expected.count(i) > 0))
      return fmt::format("input {} is {}: output {} is {}", element, nan, i, found[i]);
  return element == 0 && expected.empty() ? "no output depends on the first input" : "";
}

void check(const std::string& text, Isa isa) {
  const Compiled network(text, isa);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const size_t element : {size_t{0}, network.inputs() / 2, network.inputs() - 1})
    for (const float value : {nan, -nan}) {
      const std::string fault = fault_with_nan(network, element, value);
      CHECK_MESSAGE(fault.empty(), to_string(isa), ": ", fault, "\n", text);
    }
}

const std::vector<std::string> kOfVolumes = {"conv3d 3 2x3x1 pad 1", "maxpool3d 2", "avgpool3d 2",
                                             "upconv3d 2 1x2x2 stride 1x2x2"};

// In the epilogue of each kind of kernel that has one, and on a vector.
const std::vector<std::string> kBefore = {"x 20x1x1; conv 20 1x1", "x 19x5x7; conv 19 3x3 pad 1 groups 19",
                                          "x 31; dense 31", "x 31"};

// Whether an instruction set tries the layer of that index behind the beginning of this one: but for the
// campaign, one of the three instruction sets does.
bool is_tried(Isa isa, size_t layer, size_t beginning) {
  return is_thorough() || (layer + static_cast<size_t>(isa) + beginning) % 3 == 0;
}

void check_behind(const std::vector<std::string>& beginnings, const std::vector<std::string>& layers,
                  Isa isa) {
  for (size_t b = 0; b < beginnings.size(); ++b)
    for (size_t l = 0; l < layers.size(); ++l) {
      const bool is_constant =  // over one channel
          beginnings[b] == kInputs[0] && layers[l].find("softmax") != std::string::npos &&
          &layers == &kOthers;
      if (is_tried(isa, l, b) && !is_constant)
        check(fmt::format("network n; input {}; {}", beginnings[b], layers[l]), isa);
    }
}

void check_all(Isa isa) {
  if (!runs_here(isa)) return;
  check_behind(kInputs, kActivationsOfNaN, isa);
  check_behind(kInputs, kOthers, isa);
  check_behind(kBefore, kActivationsOfNaN, isa);
  check(kExpanded, isa);
  for (const std::string& layer : kOfVolumes)
    check(fmt::format("network n; input x 2x3x4x5; {}", layer), isa);
}

}  // namespace

TEST_CASE("NaN in gives NaN out (avx512)") {
  check_all(Isa::avx512);
}

TEST_CASE("NaN in gives NaN out (avx2)") {
  check_all(Isa::avx2);
}

TEST_CASE("NaN in gives NaN out (sse41)") {
  check_all(Isa::sse41);
}

TEST_CASE("NaN in gives NaN out where all numbers give the same") {
  const Isa isa = host_isa().value_or(Isa::sse41);
  if (!runs_here(isa)) return;
  for (const char* layer :
       {"hardsigmoid slope 0", "hardsigmoid slope 1e-50 offset 0.25", "clip min 2 max 2"}) {
    const Compiled network(fmt::format("network n; input x 31; {}", layer), isa);
    std::vector<float> values = random_values(network.inputs());
    values[7] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> found = network.run(values);
    for (size_t i = 0; i < found.size(); ++i) CHECK_MESSAGE(std::isnan(found[i]) == (i == 7), layer);
  }
}

TEST_CASE("each NaN stays one where floats become bfloat16, alone and behind a convolution") {
  const uint32_t all_bits[] = {0x7fc00000, 0xffc00000, 0x7fffffff, 0xffffffff,
                               0x7fff8000, 0x7f800001, 0xff800001};
  for (const Isa isa : {Isa::avx512bf16, Isa::avx512, Isa::avx2, Isa::sse41}) {
    if (!runs_here(isa)) continue;
    for (const char* layers : {"conv 8 1x1", "conv 16 3x3 pad 1 groups 16; conv 8 1x1; relu; conv 8 1x1"}) {
      const Compiled network(fmt::format("network n; input x 16x3x3; {}", layers), isa, true);
      for (const uint32_t bits : all_bits) {
        std::vector<float> values = random_values(network.inputs());
        std::memcpy(&values[4], &bits, sizeof bits);  // the middle of the first channel
        const std::vector<float> found = network.run(values);
        CHECK_MESSAGE(std::isnan(found[4]), to_string(isa), ": ", bits, " ", layers);
      }
    }
  }
}

TEST_CASE("the greatest of what is minus infinity throughout is that, and the least of infinities one") {
  const Isa isa = host_isa().value_or(Isa::sse41);
  if (!runs_here(isa)) return;
  const float infinity = std::numeric_limits<float>::infinity();
  for (const std::string axes : {"0", "1", "0 1"})
    for (const float value : {infinity, -infinity}) {
      const std::string op = value < 0 ? "reduce_max " : "reduce_min ";
      const Compiled network("network n; input x 5x37; " + op + axes, isa);
      for (const float found : network.run(std::vector<float>(network.inputs(), value)))
        CHECK(found == value);
    }
}

TEST_CASE("the place of the greatest of what has a NaN is one that there is") {
  const Isa isa = host_isa().value_or(Isa::sse41);
  if (!runs_here(isa)) return;
  for (const std::string op : {"argmax", "argmin"})
    for (const std::string axis : {"0", "1"}) {
      const Compiled network(fmt::format("network n; input x 5x37; {} {}", op, axis), isa);
      std::vector<float> values = random_values(network.inputs());
      for (size_t i = 0; i < 5; ++i) values[i * 37 + i] = std::numeric_limits<float>::quiet_NaN();
      const std::vector<float> found = network.run(values);
      for (const float place : found) CHECK((place >= 0 && place < (axis == "0" ? 5 : 37)));
      for (size_t i = 0; i < 5; ++i) CHECK(found[i] == 0);
    }
}

TEST_CASE("every operator of one element or a window is tried with a NaN") {
  std::set<std::string_view> tried = {"expand",            // kExpanded
                                      "argmax", "argmin",  // a place is always a number
                                      "int32"};            // and so is what is whole
  for (const auto* list : {&kActivationsOfNaN, &kOthers, &kOfVolumes})
    for (const std::string& layer : *list)
      for (const Operator* op : operators())
        if ((" " + layer + " ").find(fmt::format(" {} ", op->name)) != std::string::npos)
          tried.insert(op->name);
  for (const char* op : {"equal", "greater", "greater_equal", "less", "less_equal"})  // of NaN none holds
    for (const Operator* known : operators())
      if (known->name == op || known->name == std::string(op) + "_constant") tried.insert(known->name);
  for (const Operator* op : operators())
    if (op->facts.takes_epilogue || (op->facts.continues_line && !op->facts.is_alias))
      CHECK_MESSAGE(tried.count(op->name) > 0, op->name);
}
