// The geometry of windows on volumes: tensors of channels x depth x height x width.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ops/operator.h"
#include "ops/window/window.h"

namespace cnnc {

// A value for each of depth, height and width; and of padding two: before and after each.
using Triple = std::array<int64_t, 3>;
using SixPads = std::array<int64_t, 6>;

// Attributes of one size, which is that of all three, or of three; padding has one, three or six (front,
// back, top, bottom, left, right). The shape rule has accepted them.
Triple triple_of(const Attributes& attributes, std::string_view name);
SixPads pads_of(const Attributes& attributes);

// Depth, height and width. Of a transposed convolution, as in ops/window/transposed_window.h, `input` is the
// result's size and `output` the input's.
using Volume = std::array<WindowAxis, 3>;

// The attributes "filter", "stride" (sizes {}: as the filter), "dilation", "pad" and, if it is there, "ceil"
// against channels x depth x height x width. All values of the result are below 2^33.
OperatorResult<Volume> resolve_volume(std::string_view op, const Attributes& attributes, const Shape& input);

// The same with "output_pad", of a transposed convolution.
OperatorResult<Volume> resolve_transposed_volume(const Attributes& attributes, const Shape& input);

// As these, where the shape rule has accepted the attributes.
Volume volume_of(const Attributes& attributes, const Shape& input);
Volume transposed_volume_of(const Attributes& attributes, const Shape& input);

// The formulas of the three, one where they are equal, else with commas between.
std::string formula_of_all(const std::array<std::string, 3>& formulas);

// The rules of the attributes that convolutions and pools share: stride, pad, dilation.
std::vector<AttributeRule> volume_attributes(std::vector<int64_t> default_stride);

// What passes and printers may do with a layer of volumes. No kernel computes one:
// passes/expand/expand_volumes.h puts in its place the layers on maps that it is made of.
inline constexpr OperatorFacts volume_facts(bool is_contraction) {
  OperatorFacts facts;
  facts.is_of_any_rank = true;
  facts.is_contraction = is_contraction;
  facts.continues_line = !is_contraction;
  return facts;
}

// That of a filter, written by its place.
AttributeRule filter_attribute();

}  // namespace cnnc
