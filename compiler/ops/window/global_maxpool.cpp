// The greatest element of each channel: a map of channels x 1 x 1.
#include "ops/window/pool.h"

namespace cnnc::ops {
namespace {

OperatorResult<Shape> infer(const Attributes&, const std::vector<Shape>& inputs) {
  return infer_global_pool("global_maxpool", inputs.at(0));
}

Reference evaluate(const Node& node, const std::vector<const Reference*>& inputs,
                   const std::vector<Shape>& shapes) {
  return evaluate_max(global_window(shapes.at(0)), node.shape, *inputs.at(0));
}

}  // namespace

extern const Operator global_maxpool = {"global_maxpool",
                                        "the greatest element of each channel",
                                        selecting_window_facts(),
                                        1,
                                        {},
                                        infer,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        evaluate};

}  // namespace cnnc::ops
