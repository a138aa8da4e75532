// What a benchmark's report says of layers, from plans and measurements.
#pragma once
#include <string>
#include <vector>

#include "driver/bench/bench_compile.h"
#include "driver/bench/bench_measure.h"
#include "driver/bench/bench_report.h"
#include "graph/graph.h"

namespace cnnc {

// The plan's layers, in order: its steps, the parts of one tensor as one. `graph` is the elaborated one,
// whose nodes the steps cover, `optimised` the one that was planned.
std::vector<BenchLayer> bench_layers(const Graph& graph, const Graph& optimised, const Plan& plan);

// By layer of `coarse`, the layers of `plan` that compute it: several where `coarse` computes layers together
// that are steps of their own in `plan`. Throws std::logic_error if a layer of `plan` is in none, or one of
// `coarse` has none.
using LayerGroups = std::vector<std::vector<size_t>>;
LayerGroups layer_groups(const Plan& plan, const Plan& coarse);

// What was found of a schedule, whose layers are in these groups, each with the time of all of its layers and
// the choice of the last; `first` is what was measured of the first one, in the same rounds.
TimedSchedule timed_schedule(std::string name, bool has_numbers, const CompiledSchedule& compiled,
                             const LayerGroups& groups, const Samples& samples, const Samples& first);

}  // namespace cnnc
