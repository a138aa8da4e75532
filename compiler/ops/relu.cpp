// y = max(x, 0)
#include <algorithm>

#include "ops/elementwise.h"

namespace cnnc::ops {
namespace {

// Its slope is at most 1, and nothing is rounded.
Reference evaluate(const Node&, const std::vector<const Reference*>& inputs, const std::vector<Shape>&) {
  return for_each_element(*inputs.at(0), [](Element x) { return Element{std::max(x.value, 0.0), x.bound}; });
}

}  // namespace

extern const Operator relu = {"relu",
                              "the greater of the element and zero",
                              Pattern::elementwise,
                              1,
                              {},
                              infer_same,
                              nullptr,
                              nullptr,
                              nullptr,
                              evaluate};

}  // namespace cnnc::ops
