#include "onnx/mappings/clipped.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/hard_activations.h"

namespace cnnc::onnx {
namespace {

constexpr double kGreatest = std::numeric_limits<float>::max();

}  // namespace

View clipped(Translation& t, std::string name, const View& x, double least, double greatest) {
  if (std::isnan(least) || std::isnan(greatest))
    throw Unmapped{"a limit of it is not a number", kNoNumberHint};
  if (least <= -kGreatest && greatest >= kGreatest) return x;
  least = std::min(least, greatest);  // the greatest is applied last
  if (least >= kGreatest || greatest <= -kGreatest)
    throw Unmapped{
        fmt::format("its limits make {} of every number", std::min(std::max(0.0, least), greatest)),
        "the result is a constant then: correct the limits, or leave them out"};
  View from = x;
  if (const auto before = limits_of(t.graph.nodes[x.node]); before && least <= greatest) {
    const double first = before->least, last = before->greatest;
    from.node = t.graph.nodes[x.node].inputs[0];
    if (name.empty()) name = t.graph.nodes[x.node].name;
    const double next = std::clamp(first, least, greatest);
    greatest = std::clamp(last, least, greatest);
    least = next;
  }
  if (least == 0 && greatest == 6) return apply(t, name, "relu6", {}, from);
  if (least == 0 && greatest >= kGreatest) return apply(t, name, "relu", {}, from);
  const Attributes limits = {{"min", std::clamp(least, -kGreatest, kGreatest)},
                             {"max", std::clamp(greatest, -kGreatest, kGreatest)}};
  View y = apply(t, name, "clip", limits, from);
  y.node = as_hard_activation(t, y.node);
  return y;
}

}  // namespace cnnc::onnx
