// The story of one layer: what it computes, where it went in the plan, and how it is computed.
#pragma once
#include <string>

#include "driver/front/schedule_files.h"
#include "driver/layers/plan_layers.h"
#include "graph/graph.h"
#include "plan/plan.h"
#include "support/source.h"

namespace cnnc {

struct Explained {
  const Graph& graph;  // the elaborated one
  size_t node = 0;     // the layer, in it
  const Plan& plan;
  const Schedules& schedules;      // that the plan's were chosen from
  const Source* source = nullptr;  // the text that the user has; null: an ONNX model
};

// Which layer of the plan computes it; none: no code does.
std::optional<PlanLayer> plan_layer_of(const Explained& layer);

std::string story_of(const Explained& layer);

}  // namespace cnnc
