#include "ops/checks.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "support/limits.h"

namespace cnnc {

std::string describe(const Shape& shape) {
  const char* kind = shape.is_map() ? "map" : shape.is_vector() ? "vector" : "tensor";
  return fmt::format("a {} of {}", kind, to_string(shape));
}

namespace {

// How a tensor that is none becomes a map.
std::string hint_for_map(const Shape& shape) {
  if (shape.is_vector()) return "put it before 'flatten' and 'dense', where there is a height and a width";
  if (shape.rank() == 2) return fmt::format("of one channel it is '1x{}'", to_string(shape));
  if (shape.rank() != 4 || shape.sizes[0] != 1) return "'reshape' makes a map of it";
  const Shape image(std::vector<int64_t>(shape.sizes.begin() + 1, shape.sizes.end()));
  return fmt::format("a shape is that of one image, without the batch: '{}'", to_string(image));
}

}  // namespace

std::optional<OperatorError> want_map(std::string_view op, const Shape& input) {
  if (input.is_map()) return std::nullopt;
  return OperatorError{
      "", fmt::format("'{}' wants a map, channels x height x width; its input is {}", op, describe(input)),
      hint_for_map(input)};
}

std::optional<OperatorError> want_vector(std::string_view op, const Shape& input) {
  if (input.is_vector()) return std::nullopt;
  return OperatorError{"", fmt::format("'{}' wants a vector; its input is {}", op, describe(input)),
                       "write 'flatten' before it"};
}

std::optional<OperatorError> want_map_or_vector(std::string_view op, const Shape& input) {
  if (input.is_map() || input.is_vector()) return std::nullopt;
  return OperatorError{"", fmt::format("'{}' wants a map or a vector; its input is {}", op, describe(input)),
                       "'reshape' makes a map, channels x height x width, or a vector of it"};
}

std::optional<OperatorError> want_shape(std::string_view attribute, const Shape& shape) {
  const auto most = static_cast<size_t>(limits::kRank);
  if (shape.rank() < 1 || shape.rank() > most)
    return OperatorError{std::string(attribute),
                         fmt::format("a shape has 1 to {} sizes; found {}", most, shape.rank()), ""};
  if (auto error = want_in_range(attribute, shape.sizes, 1)) return error;
  return want_elements(attribute, "a tensor", shape);
}

std::optional<OperatorError> want_several(std::string_view op, const std::vector<Shape>& inputs) {
  if (inputs.size() >= 2) return std::nullopt;
  return OperatorError{"", fmt::format("'{}' wants at least two tensors; found {}", op, inputs.size()),
                       fmt::format("name the others: '{} with NAME'", op)};
}

std::optional<OperatorError> want_in_range(std::string_view attribute, int64_t value, int64_t least) {
  constexpr int64_t greatest = limits::kIntegers - 1;
  if (value >= least && value <= greatest) return std::nullopt;
  return OperatorError{std::string(attribute),
                       fmt::format("'{}' must be from {} to {}; found {}", attribute, least, greatest, value),
                       ""};
}

std::optional<OperatorError> want_in_range(std::string_view attribute, const std::vector<int64_t>& sizes,
                                           int64_t least) {
  for (const int64_t size : sizes)
    if (auto error = want_in_range(attribute, size, least)) return error;
  return std::nullopt;
}

std::optional<OperatorError> want_groups(int64_t groups, int64_t inputs, int64_t channels) {
  if (auto error = want_in_range("groups", groups, 1)) return error;
  const auto uneven = [&](std::string_view whose, int64_t count) {
    return OperatorError{
        "groups",
        fmt::format("'groups' must divide {}; {} channels in {} groups leave {} over", whose, count, groups,
                    count % groups),
        fmt::format("the input has {} channels, the result {}; the greatest number that divides both is {}",
                    inputs, channels, std::gcd(inputs, channels))};
  };
  if (inputs % groups != 0) return uneven("the input's channels", inputs);
  if (channels % groups != 0) return uneven("the number of channels", channels);
  return std::nullopt;
}

std::optional<OperatorError> want_float(std::string_view attribute, double value) {
  if (!std::isfinite(value) || !std::isinf(static_cast<float>(value))) return std::nullopt;
  return OperatorError{std::string(attribute),
                       fmt::format("{} is beyond the greatest float, 3.4028235e38", value),
                       "for an infinity write 'inf', or '(-inf)'"};
}

std::optional<OperatorError> want_elements(std::string_view attribute, std::string_view what,
                                           const Shape& shape) {
  const auto elements = shape.checked_elements();
  if (elements && *elements <= limits::kElements) return std::nullopt;
  const std::string found = elements ? fmt::format("{} elements", *elements) : "more than 2^63 elements";
  return OperatorError{std::string(attribute),
                       fmt::format("{} of {} would have {}; the limit is {}", what, to_string(shape), found,
                                   limits::kElements),
                       ""};
}

}  // namespace cnnc
