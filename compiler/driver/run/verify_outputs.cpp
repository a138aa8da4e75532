#include "driver/run/verify_outputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "ops/evaluation/evaluate.h"
#include "passes/common_subexpressions.h"
#include "passes/edit/remove_dead_nodes.h"
#include "passes/merge_channels.h"
#include "passes/remove_identities.h"

namespace cnnc {
namespace {

constexpr int kDraws = 6;  // of signs, see reach_of_errors

// The values of one image in each tensor of a batch.
std::vector<std::vector<float>> image_of(const std::vector<std::vector<float>>& tensors, int64_t images,
                                         int64_t image) {
  std::vector<std::vector<float>> result;
  for (const std::vector<float>& tensor : tensors) {
    const auto elements = static_cast<std::ptrdiff_t>(tensor.size()) / images;
    result.emplace_back(tensor.begin() + image * elements, tensor.begin() + (image + 1) * elements);
  }
  return result;
}

std::vector<NodeId> output_nodes(const Graph& graph) {
  std::vector<NodeId> nodes;
  for (const GraphOutput& output : graph.outputs) nodes.push_back(output.node);
  return nodes;
}

// Of those that are finite.
double greatest_of(const std::vector<double>& values) {
  double greatest = 0;
  for (const double value : values)
    if (std::isfinite(value)) greatest = std::max(greatest, std::fabs(value));
  return greatest;
}

// Against the reference, whose bounds hold whatever the errors are, and no more than `tolerance`; but where
// there is no bound, and one of the two is no number, nothing can be said.
Comparison compare_output(const Graph& graph, const GraphOutput& output, const std::vector<float>& compiled,
                          Reference reference, double tolerance) {
  for (size_t i = 0; i < reference.bounds.size(); ++i) {
    double& bound = reference.bounds[i];
    const bool are_numbers = std::isfinite(reference.values[i]) && std::isfinite(compiled.at(i));
    if (are_numbers || std::isfinite(bound)) bound = bound < tolerance ? bound : tolerance;
  }
  return compare(output.name, graph.nodes[output.node].shape, compiled, reference);
}

using Errors = std::map<NodeId, std::vector<double>>;

// The errors of steps by the node whose value they are in the graph, without those that are nothing.
Errors errors_in(const Graph& graph, const std::map<std::string, std::vector<double>>& by_name) {
  Errors errors;
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const auto found = by_name.find(graph.nodes[id].name);
    if (found != by_name.end() && greatest_of(found->second) > 0)
      errors[static_cast<NodeId>(id)] = found->second;
  }
  return errors;
}

// By the passes that do so, in their order (passes/passes.cpp).
Graph with_each_value_once(const Graph& original) {
  return merge_channels(common_subexpressions(remove_identities(remove_dead_nodes(original))));
}

void draw_signs(Errors& errors, std::mt19937_64& random) {
  for (auto& [node, error] : errors)
    if (random() >> 63 != 0)
      for (double& e : error) e = -e;
}

// How far each output of an image may be off if the steps err as they do. An output's error is to first order
// the sum of what the errors of the L steps become on their way to it, v[1] + … + v[L], and however these
// hang together
//   |v[1] + … + v[L]| <= sqrt(L) sqrt(v[1]^2 + … + v[L]^2)     (Cauchy-Schwarz).
// The second root is the standard deviation of ±v[1] … ±v[L] with signs that are drawn: the errors of a whole
// step change their sign together, so nothing is assumed of how its elements' errors are related. For it
// stands the greatest element of some drawn sums, twice, since they are few and all this is of first order.
// Nodes of one value, of which a plan computes one, must err alike, so they are made one first.
std::vector<double> reach_of_errors(const Graph& original, const std::vector<std::vector<float>>& inputs,
                                    const std::vector<Reference>& references,
                                    const std::map<std::string, std::vector<double>>& errors_of_steps) {
  const Graph graph = with_each_value_once(original);
  const std::vector<NodeId> nodes = output_nodes(graph);
  Errors errors = errors_in(graph, errors_of_steps);
  std::mt19937_64 random(1);
  std::vector<double> reach(nodes.size());
  for (int draw = 0; draw < kDraws; ++draw) {
    draw_signs(errors, random);
    const auto moved = evaluate_with_errors(graph, inputs, nodes, errors);
    for (size_t o = 0; o < nodes.size(); ++o)
      for (size_t i = 0; i < moved[o].size(); ++i)
        reach[o] = std::max(reach[o], std::fabs(moved[o][i] - references[o].values[i]));
  }
  for (double& r : reach) r *= 2 * std::sqrt(static_cast<double>(errors.size()));
  return reach;
}

// The outputs of one image.
std::vector<Comparison> compare_image(const Graph& graph, const Plan& plan, const Run& run, int64_t image) {
  const std::vector<std::vector<float>> inputs = image_of(run.inputs, plan.images, image),
                                        outputs = image_of(run.outputs, plan.images, image);
  const std::vector<Reference> references =
      evaluate_nodes(graph, inputs, output_nodes(graph), winograd_convs(graph, plan));
  std::vector<double> reach;  // worked out where an output needs it: that takes several evaluations
  std::vector<Comparison> comparisons;
  for (size_t o = 0; o < references.size(); ++o) {
    const auto within = [&](double tolerance) {
      return compare_output(graph, graph.outputs[o], outputs[o], references[o], tolerance);
    };
    const double usual = kEndToEndTolerance * greatest_of(references[o].values);
    comparisons.push_back(within(usual));
    if (comparisons.back().ok()) continue;
    // Where another image's steps have taken the memory of this one's, their errors are not known, and those
    // of the other image say little: a root is steep in one place and flat in another.
    if (plan.image_steps > 0 && image < plan.images - 1) {
      comparisons.back() = within(std::numeric_limits<double>::infinity());
      continue;
    }
    if (reach.empty())
      reach = reach_of_errors(graph, inputs, references, errors_of_steps(graph, plan, run, image));
    comparisons.back() = within(std::max(usual, reach[o]));
  }
  return comparisons;
}

}  // namespace

std::vector<Comparison> compare_outputs(const Graph& original, const Plan& plan, const Run& run) {
  std::vector<Comparison> worst = compare_image(original, plan, run, 0);
  for (int64_t image = 1; image < plan.images; ++image) {
    std::vector<Comparison> comparisons = compare_image(original, plan, run, image);
    for (size_t o = 0; o < worst.size(); ++o) keep_worse(worst[o], std::move(comparisons[o]));
  }
  return worst;
}

}  // namespace cnnc
