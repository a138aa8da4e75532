#include "ops/channels/channels.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/checks.h"
#include "ops/registry.h"

namespace cnnc {
namespace {

// Copies the channels of a range; a channel is `size` values.
void copy_range(const ChannelRange& range, int64_t size, const std::vector<double>& from,
                std::vector<double>& to) {
  for (int64_t i = 0; i < range.count; ++i) {
    const auto source = from.begin() + (range.from + i * range.from_step) * size;
    std::copy(source, source + size, to.begin() + (range.to + i * range.to_step) * size);
  }
}

}  // namespace

std::vector<ChannelRange> source_channels(const Node& node, const std::vector<Shape>& inputs) {
  return operator_of(node).source_channels(node.attributes, inputs);
}

Reference evaluate_channels(const Node& node, const std::vector<const Reference*>& inputs,
                            const std::vector<Shape>& shapes) {
  const int64_t elements = node.shape.elements(), size = elements / node.shape.channels();
  Reference result{std::vector<double>(elements), std::vector<double>(elements)};
  for (const ChannelRange& range : source_channels(node, shapes)) {
    result.terms = std::max(result.terms, inputs.at(range.input)->terms);
    copy_range(range, size, inputs.at(range.input)->values, result.values);
    copy_range(range, size, inputs.at(range.input)->bounds, result.bounds);
  }
  return result;
}

std::string channels_word(const Shape& shape) {
  return shape.is_map() ? "channels" : "features";
}

std::optional<OperatorError> want_channels(std::string_view op, const Shape& input,
                                           std::string_view instead) {
  auto error = want_map_or_vector(op, input);
  if (error) error->hint = fmt::format("along an axis of any tensor it is '{}'", instead);
  return error;
}

std::optional<OperatorError> want_divisor(std::string_view attribute, int64_t value, const Shape& input,
                                          const std::string& remedy) {
  if (auto error = want_in_range(attribute, value, 1)) return error;
  const int64_t left = input.channels() % value;
  if (left == 0) return std::nullopt;
  const std::string word = channels_word(input);
  return OperatorError{std::string(attribute),
                       fmt::format("'{0}' must divide the input's {1}; {2} {1} in {3} {0} leave {4} over",
                                   attribute, word, input.channels(), value, left),
                       remedy};
}

}  // namespace cnnc
