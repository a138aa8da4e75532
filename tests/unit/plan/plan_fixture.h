// Plans made from a text, for the tests of the plan.
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "elaborate/elaborate.h"
#include "passes/passes.h"
#include "plan/plan.h"
#include "syntax/parser.h"

namespace cnnc::testing {

constexpr Isa kIsas[] = {Isa::sse41, Isa::avx2, Isa::avx512, Isa::neon};

// The optimised graph of a text, without weights.
inline Graph graph_of(const std::string& text) {
  const Source source{"net.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  std::optional<Graph> graph;
  if (file) graph = elaborate(*file, source, diagnostics);
  REQUIRE_MESSAGE(graph, render(diagnostics, source, false));
  return optimise(std::move(*graph));
}

inline Plan plan_of(const std::string& text, Isa isa, const PlanOptions& options) {
  return make_plan(graph_of(text), target_for(isa), options);
}

inline Plan plan_of(const std::string& text, Isa isa = Isa::avx512, bool keep_all = false) {
  PlanOptions options;
  options.keep_all_tensors = keep_all;
  return plan_of(text, isa, options);
}

inline int64_t bytes_of(const Buffer& buffer) {
  return buffer.layout.elements() * static_cast<int64_t>(sizeof(float));
}

// The kernels' families, step by step.
inline std::vector<std::string> families_of(const Plan& plan) {
  std::vector<std::string> families;
  for (const Step& step : plan.steps) families.push_back(plan.kernels[step.kernel].family);
  return families;
}

inline std::vector<std::string> names_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) names.push_back(step.name);
  return names;
}

// The kernel of the step with that name.
inline const Kernel& kernel_of(const Plan& plan, std::string_view step) {
  const auto found =
      std::find_if(plan.steps.begin(), plan.steps.end(), [&](const Step& s) { return s.name == step; });
  REQUIRE(found != plan.steps.end());
  return plan.kernels[found->kernel];
}

// The packing of a constant by name.
inline const Packing& packing_of(const Plan& plan, std::string_view constant) {
  const auto found = std::find_if(plan.constants.begin(), plan.constants.end(),
                                  [&](const Constant& c) { return c.name == constant; });
  REQUIRE(found != plan.constants.end());
  return found->packing;
}

// Networks that use every operator that is compiled, on awkward shapes, with joins, halos, copies, several
// inputs and outputs.
inline const std::vector<std::string> kNetworks = {
    "input x 1x28x28; conv 6 5x5 pad 2; tanh; maxpool 2x2; conv 16 5x5; relu; maxpool 2x2; flatten; dense "
    "120; relu; "
    "dense 84; relu; dense 10; softmax",
    "input x 3x32x31; conv 16 3x3 pad 1; repeat 4 { residual { conv 16 3x3 pad 1; batchnorm; relu; conv 16 "
    "3x3 pad 1 }; "
    "relu }; global_avgpool; flatten; dense 10",
    "input x 3x17x19\nconv 24 3x3 stride 2 pad 1 as a\nrelu\nconv 24 3x3 groups 24 pad 1\nrelu\nconv 16 1x1 "
    "as b\n"
    "residual { conv 96 1x1; relu; conv 96 5x5 pad 2 groups 96; conv 16 1x1 }\nmaxpool 3x3 pad 1 stride "
    "2\noutput\n"
    "from a\nbatchnorm\nsigmoid\noutput as side\nfrom b\nglobal_maxpool\noutput as top",
    "input x 17; input y 17\nadd with x\nrelu as r\ndense 33\ntanh\ndense 17\nadd with r, y\nsoftmax\noutput "
    "as p\n"
    "from r\noutput as q\nfrom x\noutput as same",
    "input x 7x9x5\nconv 32 3x3 pad 0 1 2 3 groups 1\nconv 32 3x3 pad 2 groups 4\nconv 64 1x3 groups 2\nrelu "
    "as m\n"
    "avgpool 3x3 pad 1 stride 1\nadd with m\nflatten\ndense 5\noutput\nfrom m\nflatten\nbatchnorm\noutput as "
    "flat",
    "input x 4x12x12; sigmoid; output; from x; output as first; output as second",
    "input x 2x9x9; conv 3 3x3 as c; conv 40 5x5 pad 2; conv 3 3x3 as d; from c; conv 2 7x7 pad 3 stride 3; "
    "relu; "
    "output; from d; output as other; from c; output as third",
    "input x 16x11x17\nconv 16 3x3 pad 1 as a\nconv 32 3x3 pad 1 as b\nconcat with a\nbatchnorm\nrelu as c\n"
    "conv 16 1x1\nconcat with c\nmaxpool 2x2\nbatchnorm\nflatten\ndense 7",
    "input x 16x9x9; maxpool 3x3 pad 1 stride 1 as p; batchnorm; sigmoid as s; add with p; batchnorm; "
    "maxpool 2x2; tanh; flatten; dense 32; softmax",
};

}  // namespace cnnc::testing
