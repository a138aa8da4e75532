#include "emit/load/integer_tensors.h"

#include <cstring>

#include "plan/ports.h"

namespace cnnc {
namespace {

// From the last to the first, since a float takes the place of four bytes.
template <class T>
void widen(float* values, int64_t elements) {
  for (int64_t i = elements - 1; i >= 0; --i) {
    T number = 0;
    std::memcpy(&number, reinterpret_cast<const char*>(values) + i * static_cast<int64_t>(sizeof number),
                sizeof number);
    values[i] = static_cast<float>(number);
  }
}

}  // namespace

IntegerTensors::IntegerTensors(const Plan& plan) {
  for (size_t i = 0; i < plan.input_shapes.size(); ++i)
    inputs_.push_back({type_of_input(plan, i), plan.images * plan.input_shapes[i].elements()});
  for (size_t i = 0; i < plan.output_shapes.size(); ++i)
    outputs_.push_back({type_of_output(plan, i), plan.images * plan.output_shapes[i].elements()});
}

std::vector<const void*> IntegerTensors::stored(const std::vector<const float*>& inputs, Bytes& bytes) const {
  bytes.resize(inputs_.size());
  std::vector<const void*> pointers(inputs.begin(), inputs.end());
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (inputs_[i].type != ElementType::uint8) continue;
    bytes[i].resize(static_cast<size_t>(inputs_[i].elements));
    for (size_t k = 0; k < bytes[i].size(); ++k) bytes[i][k] = static_cast<uint8_t>(inputs[i][k]);
    pointers[i] = bytes[i].data();
  }
  return pointers;
}

void IntegerTensors::make_floats(const std::vector<float*>& outputs) const {
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].type == ElementType::int32) widen<int32_t>(outputs.at(i), outputs_[i].elements);
    if (outputs_[i].type == ElementType::uint8) widen<uint8_t>(outputs.at(i), outputs_[i].elements);
  }
}

}  // namespace cnnc
