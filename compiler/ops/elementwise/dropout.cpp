// Drops elements in training; at inference, which is all that is compiled, it does nothing.
#include "ops/elementwise/elementwise.h"

namespace cnnc::ops {
namespace {

Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return *inputs.at(0);
}

}  // namespace

extern const Operator dropout = {"dropout",
                                 "drops elements in training; at inference the identity",
                                 alias_facts(true),
                                 1,
                                 {{"p", AttributeKind::real, true, 0.5, 0, 1}},
                                 infer_same,
                                 nullptr,
                                 nullptr,
                                 nullptr,
                                 evaluate};

}  // namespace cnnc::ops
