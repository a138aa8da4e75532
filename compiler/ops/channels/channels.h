// What operators share that move whole channels and compute nothing (OperatorFacts::moves_channels).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/operator.h"

namespace cnnc {

// Operator::source_channels of a node's operator, which moves channels.
std::vector<ChannelRange> source_channels(const Node& node, const std::vector<Shape>& inputs);

// Their reference evaluation: exact.
Reference evaluate_channels(const Node& node, const std::vector<const Reference*>& inputs,
                            const std::vector<Shape>& shapes);

// "channels" of a map, "features" of a vector.
std::string channels_word(const Shape& shape);

// The input must be a map or a vector; `instead` is what does the same along an axis of any other tensor.
std::optional<OperatorError> want_channels(std::string_view op, const Shape& input, std::string_view instead);

// The integer attribute must be at least 1 and divide the input's channels; `remedy` is the hint if it does
// not.
std::optional<OperatorError> want_divisor(std::string_view attribute, int64_t value, const Shape& input,
                                          const std::string& remedy);

}  // namespace cnnc
