#include "emit/load/integer_outputs.h"

#include <cstring>

namespace cnnc {

IntegerOutputs::IntegerOutputs(const Plan& plan) {
  for (size_t i = 0; i < plan.output_shapes.size(); ++i)
    elements_.push_back(
        type_of_output(plan, i) == ElementType::int32 ? plan.images * plan.output_shapes[i].elements() : 0);
}

void IntegerOutputs::make_floats(const std::vector<float*>& outputs) const {
  for (size_t i = 0; i < elements_.size(); ++i)
    for (int64_t k = 0; k < elements_[i]; ++k) {
      int32_t number = 0;
      std::memcpy(&number, outputs.at(i) + k, sizeof number);
      outputs[i][k] = static_cast<float>(number);
    }
}

}  // namespace cnnc
