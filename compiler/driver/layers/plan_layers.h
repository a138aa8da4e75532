// The layers of a plan, which kernels compute, and the layers of the text that each of them stands for.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "plan/plan.h"

namespace cnnc {

// What times of layers are counted by: the steps that make parts of one tensor are one layer.
struct PlanLayer {
  std::string name;                 // Step::name, as the library calls it
  std::string what;                 // after what it computes: "layer1.0.conv1 + bn1 + relu1", "copy of image"
  std::vector<std::string> covers;  // nodes of the elaborated graph; a copy has none
  std::vector<size_t> steps;        // of Plan::steps; the last one completes the tensor
  std::string family;               // of the kernel of the last one
};

// In the order of the plan.
std::vector<PlanLayer> plan_layers(const Plan& plan);

// Of each node of the graph which of these layers computes it. None of an input, and of what needs no code: a
// flatten, a dropout, or what another node computes already.
std::vector<std::optional<size_t>> places_in(const Graph& graph, const std::vector<PlanLayer>& layers);

// What a step computes, from Step::covers and its name: names of one scope have its path once.
std::string computed_by(const Step& step, const std::string& family);

}  // namespace cnnc
