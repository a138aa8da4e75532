#include "onnx/quantized/dequantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "onnx/attributes.h"
#include "onnx/quantized/constants.h"
#include "onnx/quantized/rewriting.h"
#include "onnx/quantized/storage.h"
#include "onnx/unmapped.h"

namespace cnnc::onnx {
namespace {

// Whose results are not less than 0; and those that have none where their inputs have none.
constexpr std::string_view kPositive = " Abs Exp HardSigmoid Relu Sigmoid Softmax Sqrt ";
constexpr std::string_view kKeepsPositive =
    " Add AveragePool Cast GlobalAveragePool HardSwish Max Mean Mul ReduceMax ReduceMean ReduceSum Sum ";

// ---- grids
// The type of the numbers that a QuantizeLinear makes: that of the zero point.
std::string made_type(const Rewriting& r, const Node& node) {
  if (const Constant* zero = constant_of(r.model, node, 2)) return zero->type;
  const int64_t given = integer(node, "output_dtype", 0);
  return given == 0 ? "uint8" : type_name(given);
}

// The limits of the numbers that a QuantizeLinear makes, or a DequantizeLinear reads: without a zero point,
// of those that are there. Empty where these are not known, or of no type of at most 16 bits.
std::optional<NumberLimits> limits_of_numbers(const Rewriting& r, const Node& node) {
  if (node.op == "QuantizeLinear") return limits_of(made_type(r, node));
  if (const Constant* zero = constant_of(r.model, node, 2)) return limits_of(zero->type);
  if (const auto found = r.stored.find(node.inputs[0]); found != r.stored.end())
    return NumberLimits{found->second.grid.least, found->second.grid.greatest};
  for (const ValueInfo& input : r.model.inputs)
    if (input.name == node.inputs[0]) return limits_of(input.type);
  return std::nullopt;
}

// The grid of a scaling of one constant scale; empty where it has another form.
std::optional<Grid> grid_of(const Rewriting& r, const Node& node) {
  const Constant *scale = constant_of(r.model, node, 1), *zero = constant_of(r.model, node, 2);
  const bool has_zero = !input_of(node, 2).empty();
  const auto limits = limits_of_numbers(r, node);
  if (!limits || !scale || !scale->floats || scale->floats->size() != 1 || (has_zero && !zero)) return {};
  if (zero && (!zero->integers || zero->integers->size() != 1)) return {};
  return Grid{scale->floats->front(), zero ? zero->integers->front() : 0, limits->least, limits->greatest};
}

// Whether everything that reads the value makes these numbers of it.
bool is_read_as(const Rewriting& r, const Readers& readers, const std::string& value, const Grid& grid) {
  if (readers.outputs.count(value)) return false;
  const auto found = readers.nodes.find(value);
  if (found == readers.nodes.end()) return true;
  return std::all_of(found->second.begin(), found->second.end(), [&](const Node* node) {
    if (node->op == "Shape" || node->op == "Size") return true;
    return node->op == "QuantizeLinear" && node->domain.empty() && grid_of(r, *node) == grid;
  });
}

// ---- QuantizeLinear and DequantizeLinear
ByteScale byte_scale(const Grid& grid) {
  return {grid.scale, static_cast<int>(grid.zero - grid.least)};
}

bool is_stored_so(const Rewriting& r, const std::string& value, const Grid& grid) {
  const auto found = r.values.tensors.find(value);
  return found != r.values.tensors.end() && found->second == byte_scale(grid);
}

bool is_model_input(const Rewriting& r, const std::string& value) {
  return std::any_of(r.model.inputs.begin(), r.model.inputs.end(),
                     [&](const ValueInfo& input) { return input.name == value; });
}

// All numbers on the grid that are made of a value.
std::vector<std::string> numbers_of(const Rewriting& r, const Readers& readers, const std::string& value,
                                    const Grid& grid) {
  std::vector<std::string> numbers;
  const auto found = readers.nodes.find(value);
  if (found == readers.nodes.end()) return numbers;
  for (const Node* node : found->second)
    if (node->op == "QuantizeLinear" && !node->outputs.empty() && grid_of(r, *node) == grid)
      numbers.push_back(node->outputs[0]);
  return numbers;
}

// The real value that is stored as bytes on the grid: x, or x clipped, see dequantize.h. `before` is what the
// model calls x.
std::string value_on_grid(Rewriting& r, const Readers& readers, const Scales& scales,
                          const std::string& before, const std::string& x, const Grid& grid,
                          const std::string& numbers) {
  if (is_stored_so(r, x, grid)) return x;
  for (auto [made, end] = r.made.equal_range(x); made != end; ++made)
    if (made->second.first == grid) return made->second.second;
  const bool is_own = r.values.tensors.count(x) == 0 && is_read_as(r, readers, before, grid);
  const bool is_relu = grid.zero == grid.least && !r.positive.count(x) && !is_model_input(r, x);
  const std::vector<std::string> all = numbers_of(r, readers, before, grid);
  const bool is_clipped = are_stored(r.model, readers, scales, all);
  if (is_own && is_clipped && !is_relu) return x;
  const std::string real = new_name(r, numbers + "/real");
  r.made.emplace(x, std::pair(grid, real));
  if (is_own && is_clipped) return add(r, "Relu", {x}, real);
  if (may_lack_rounding(r.model, readers, scales, all))
    return add_clip(r, x, least_value(grid), greatest_value(grid), real);
  return add_rounded(r, x, grid, real);
}

// Throws Unmapped where bytes on it stand for nothing.
void check(const Grid& grid) {
  if (!(grid.scale >= kLeastScale && grid.scale <= kGreatestScale))
    throw Unmapped{
        fmt::format("its scale is {}; it may be from {} to {}", grid.scale, kLeastScale, kGreatestScale), ""};
  if (grid.zero < grid.least || grid.zero > grid.greatest)
    throw Unmapped{
        fmt::format("its zero point is {}; it may be from {} to {}", grid.zero, grid.least, grid.greatest),
        ""};
}

void quantize(Rewriting& r, const Readers& readers, const Scales& scales, const Node& node,
              const std::string& before) {
  const auto grid = grid_of(r, node);
  if (!grid || !is_of_bytes(*grid)) return add_quantize(r, node, made_type(r, node));
  check(*grid);
  const std::string real = value_on_grid(r, readers, scales, before, node.inputs[0], *grid, node.outputs[0]);
  if (grid->zero == grid->least) r.positive.insert(real);
  r.values.tensors.insert_or_assign(real, byte_scale(*grid));
  r.stored[node.outputs[0]] = {real, *grid};
}

void dequantize(Rewriting& r, const Node& node) {
  const std::string& numbers = node.inputs[0];
  const auto grid = grid_of(r, node);
  const auto found = r.stored.find(numbers);
  if (found != r.stored.end() && grid == found->second.grid) {
    r.reals[node.outputs[0]] = found->second.real;
    return;
  }
  if (grid) check(*grid);
  compute_numbers(r, numbers);
  if (const auto constant = r.model.constants.find(numbers); constant != r.model.constants.end())
    throw Unmapped{fmt::format("its constant is of type {}, and its scale computed by the network",
                               constant->second.type),
                   ""};
  add_dequantize(r, node);
  if (!grid || !is_of_bytes(*grid)) return;
  r.values.tensors.emplace(node.outputs[0], byte_scale(*grid));
  if (grid->zero == grid->least) r.positive.insert(node.outputs[0]);
}

// ---- everything else
bool is_constant(const Rewriting& r, const std::string& value) {
  return value.empty() || r.model.constants.count(value) > 0;
}

// Whether it is a Clip whose least value is not below 0.
bool is_positive_clip(const Rewriting& r, const Node& node) {
  if (node.op != "Clip") return false;
  if (r.model.opset < 11) return real(node, "min", -1) >= 0;
  const Constant* least = constant_of(r.model, node, 1);
  return least && least->floats && least->floats->size() == 1 && least->floats->front() >= 0;
}

// Whether the input of an operator that moves elements is a constant that says how, not some of the elements.
bool says_how(const Rewriting& r, const Node& node, const std::string& input) {
  return is_constant(r, input) && node.op != "Concat" && input != node.inputs[0];
}

// Whether the input is a constant of whole numbers that is joined with others, and so on the grid of these.
bool is_part(const Rewriting& r, const Node& node, const std::string& input) {
  const Constant* constant = find_constant(r.model, input);
  return node.op == "Concat" && constant && constant->integers;
}

// The constant of reals that numbers on the grid stand for; its name.
std::string real_part(Rewriting& r, const std::string& name, const Grid& grid) {
  const Constant& numbers = r.model.constants.at(name);
  std::vector<float> reals;
  for (const int64_t number : *numbers.integers)
    reals.push_back(grid.scale * static_cast<float>(number - grid.zero));
  const std::string made = new_name(r, name + "/real");
  r.model.constants[made] = {"float", numbers.dims, std::make_shared<const std::vector<float>>(reals),
                             nullptr};
  return made;
}

void note_positive(Rewriting& r, const Node& node) {
  const bool is_move = is_one_of(kMoves, node.op);
  const auto is_positive = [&](const std::string& input) {
    return r.positive.count(input) > 0 || (is_move && says_how(r, node, input));
  };
  const bool keeps = (is_move || is_one_of(kKeepsPositive, node.op)) &&
                     std::all_of(node.inputs.begin(), node.inputs.end(), is_positive);
  if (is_one_of(kPositive, node.op) || keeps || is_positive_clip(r, node))
    r.positive.insert(node.outputs.begin(), node.outputs.end());
}

// The grid of all elements that the operator moves; empty where some have none, or they have several.
std::optional<Grid> common_grid(const Rewriting& r, const Node& node) {
  std::optional<Grid> grid;
  for (const std::string& input : node.inputs) {
    if (says_how(r, node, input) || is_part(r, node, input)) continue;
    const auto found = r.stored.find(input);
    if (found == r.stored.end() || (grid && !(*grid == found->second.grid))) return std::nullopt;
    grid = found->second.grid;
  }
  return grid;
}

// What moves numbers moves the reals that they stand for.
void move_reals(Rewriting& r, Node node, const Grid& grid) {
  for (std::string& input : node.inputs) {
    if (is_part(r, node, input)) input = real_part(r, input, grid);
    if (const auto found = r.stored.find(input); found != r.stored.end()) input = found->second.real;
  }
  for (std::string& output : node.outputs) {
    if (output.empty()) continue;
    const std::string real = new_name(r, output + "/real");
    r.stored[output] = {real, grid};
    if (is_of_bytes(grid)) r.values.tensors.emplace(real, byte_scale(grid));
    output = real;
  }
  note_positive(r, node);
  r.nodes.push_back(std::move(node));
}

// What is put around numbers, or taken from around them, is so of the reals that they stand for.
void pad_reals(Rewriting& r, Node node, const Grid& grid, std::optional<int64_t> number) {
  if (number) {
    node.inputs.resize(std::max<size_t>(node.inputs.size(), 3));
    node.inputs[2] =
        add_constant(r, node.inputs[0] + "/pad", grid.scale * static_cast<float>(*number - grid.zero));
  }
  move_reals(r, std::move(node), grid);
}

// Any other operator.
void keep(Rewriting& r, Node node, const Scales& scales) {
  if (is_product(node))
    if (const auto found = scales.find(node.inputs[1]); found != scales.end())
      r.values.weights[node.outputs.at(0)] = found->second;
  note_positive(r, node);
  r.nodes.push_back(std::move(node));
}

void rewrite(Rewriting& r, const Readers& readers, Node node, const Scales& scales) {
  const std::string before = node.inputs.empty() ? "" : node.inputs[0];
  for (std::string& input : node.inputs)
    if (const auto found = r.reals.find(input); found != r.reals.end()) input = found->second;
  const bool is_onnx = node.domain.empty() && !node.refusal && !node.inputs.empty() &&
                       !node.outputs.empty() && !node.outputs[0].empty();
  if (is_onnx && node.op == "QuantizeLinear") return quantize(r, readers, scales, node, before);
  if (is_onnx && node.op == "DequantizeLinear") return dequantize(r, node);
  if (is_onnx && node.op == "DynamicQuantizeLinear") return add_dynamic_quantize(r, node);
  const auto grid = common_grid(r, node);
  if (is_onnx && grid && is_one_of(kMoves, node.op)) return move_reals(r, std::move(node), *grid);
  if (is_onnx && grid && node.op == "Pad")
    if (const auto number = number_of_pad(r.model, node);
        number || word(node, "mode", "constant") != "constant")
      return pad_reals(r, std::move(node), *grid, number);
  for (const std::string& input : node.inputs) compute_numbers(r, input);
  if (is_onnx && (node.op == "ConvInteger" || node.op == "MatMulInteger"))
    return add_integer_product(r, node);
  keep(r, std::move(node), scales);
}

// The model's outputs under their own names.
void add_outputs(Rewriting& r) {
  for (const ValueInfo& output : r.model.outputs) {
    compute_numbers(r, output.name);
    if (const auto found = r.reals.find(output.name); found != r.reals.end())
      add(r, "Identity", {found->second}, output.name);
  }
}

}  // namespace

RealModel dequantize(Model model, const std::map<std::string, std::vector<float>>& scales) {
  Rewriting r{model};
  r.names = names_of_values(model);
  const Readers readers = readers_of(model);
  for (const Node& node : model.nodes) {
    const size_t count = r.nodes.size();
    try {
      rewrite(r, readers, node, scales);
    } catch (const Unmapped& reason) {
      r.nodes.resize(count);
      r.nodes.push_back(node);
      r.nodes.back().refusal = reason;
    }
  }
  add_outputs(r);
  QuantizedValues values = std::move(r.values);
  model.nodes = std::move(r.nodes);
  return {std::move(model), std::move(values)};
}

}  // namespace cnnc::onnx
