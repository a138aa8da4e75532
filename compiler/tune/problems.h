// What there is to tune in a network: its distinct problems (plan/choose/space.h), and the kernels that solve
// them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace cnnc {

// What a kernel needs to be compiled and run alone.
struct Subject {
  Kernel kernel;
  std::vector<Packing> constants;
};

struct Problem {
  std::string name;        // problem_of()
  std::string step;        // of the steps that have it one whose kernel most of them share
  int64_t first_byte = 0;  // Step::first_byte: steps that compute parts of one tensor have one name
  int steps = 0;
  double seconds = 0;  // an estimate, of all these steps by the analytic default
  Subject standard;    // the default
};

// The distinct problems of a network, those that take the most time first.
std::vector<Problem> problems_of(const Graph& graph, const Target& target, const PlanOptions& options);

// The problem's kernel where the choice is made; empty if the choice does not fit.
std::optional<Subject> subject_of(const Graph& graph, const Target& target, const PlanOptions& options,
                                  const Problem& problem, const Choice& choice);

// Bytes of all packed weights of the network.
int64_t weights_bytes(const Graph& graph, const Target& target, const PlanOptions& options);

// All choices for a problem, those that the estimates think best first in each family.
std::vector<Choice> candidates_of(const Problem& problem, const Target& target);

}  // namespace cnnc
