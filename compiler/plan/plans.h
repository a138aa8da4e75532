// The plans of a library for several targets: which of its kernels run is chosen when it runs.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace cnnc {

// One plan a target, of one network and for one architecture, the best first. What a caller sees is the same
// for all: inputs, outputs, one workspace and one set of packed weights, in which each constant lies once
// however many plans read it.
struct Plans {
  std::vector<Plan> of_targets;
  std::vector<Constant> constants;  // of all plans, by their offsets
  int64_t weights_bytes = 0;        // of them all; a multiple of 64
  const Plan& best() const { return of_targets.front(); }
};

// Of a library for one target, whose plan this is, or one of several.
Plans plans_of(Plan plan);

// Of the plans of a library for several targets, the best first: what each but the first shares with `best`,
// the first one's plan, which is null for itself.
Sharing sharing_of(const std::vector<Target>& targets, const Plan* best);

// `options` are those of each target, in their order; their sharing is set here. Throws Unsupported.
Plans make_plans(const Graph& graph, const std::vector<Target>& targets, std::vector<PlanOptions> options);

// Inputs that are made of pictures have their floats in the workspace, behind what the plans have there: of
// input number so-and-so where they begin, and the bytes of them all, multiples of 64.
int64_t place_of_pixels(const Plans& plans, size_t input);
int64_t pixels_bytes(const Plan& plan);

// The most of all plans, and what is made of pictures.
int64_t workspace_bytes(const Plans& plans);
int64_t count_layers(const Plans& plans);

// Whether one is of a target that differs in kernels of bytes alone.
bool has_target_for_bytes(const Plans& plans);

}  // namespace cnnc
