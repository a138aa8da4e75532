// What `cnnc summary` says of a network: its layers, and what the library that is made of it needs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/layers/layer_facts.h"
#include "driver/layers/plan_layers.h"
#include "plan/plans.h"

namespace cnnc {

// Of a library for these targets, of which the plan of the first is told layer by layer.
struct LibraryFacts {
  std::vector<std::string> targets;                 // the best first
  std::vector<PlanLayer> layers;                    // of the best target's plan
  std::vector<std::optional<size_t>> computed_in;   // by node of the graph: places_in()
  int64_t workspace_bytes = 0, weights_bytes = 0;   // of all targets
  int64_t tensor_bytes = 0, scratch_bytes = 0;      // of the plan that needs the most, at one time
  int64_t pixels_bytes = 0;                         // what is made of pictures
  std::vector<std::string> byte_ports;              // "image u8": what is no floats to who runs it
  int64_t counted_layers = 0, layers_of_bytes = 0;  // of a quantised network; else 0
};

struct SummaryFacts {
  std::string network;
  std::vector<LayerFacts> layers;  // by node of the graph
  std::optional<int64_t> parameters, statistics, macs;
  std::optional<LibraryFacts> library;  // none: the network cannot be compiled yet,
  std::string why_no_library;           // because of this
};

// `planned` is the graph that the plans are of.
LibraryFacts library_facts(const Graph& graph, const Graph& planned, const Plans& plans, bool is_quantised);

// Without its library.
SummaryFacts summary_facts(const Graph& graph);

}  // namespace cnnc
