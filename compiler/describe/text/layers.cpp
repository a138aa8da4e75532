#include "describe/text/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "describe/graphs/hashes.h"
#include "ops/registry.h"
#include "support/limits.h"
#include "syntax/formatter.h"

namespace cnnc {
namespace {

using ast::Argument;
using ast::Expression;
using Sizes = std::vector<int64_t>;

// The shortest text that reads back to the value, or where the value is a float's, to that float: 1e-5. Of
// the greatest float that text would be a greater number, which is no float.
std::string real_text(double value) {
  const auto single = static_cast<float>(value);
  const bool is_float = static_cast<double>(single) == value && single < std::numeric_limits<float>::max();
  std::string text = is_float ? fmt::format("{}", single) : fmt::format("{}", value);
  const size_t exponent = text.find('e');
  if (exponent == std::string::npos) {
    if (text.size() > 2 && text.substr(text.size() - 2) == ".0") text.resize(text.size() - 2);
    const bool is_whole = text.find('.') == std::string::npos;
    return is_whole && value >= limits::kIntegers ? text + ".0" : text;  // too large for an integer
  }
  size_t digits = exponent + 1;
  if (text[digits] == '+') text.erase(digits, 1);
  if (text[digits] == '-') ++digits;
  while (text[digits] == '0' && digits + 1 < text.size()) text.erase(digits, 1);
  return text;
}

Expression real_number(double value) {
  Expression positive;
  positive.kind = std::isinf(value) ? Expression::Kind::name : Expression::Kind::real;
  positive.real = value < 0 ? -value : value;
  positive.text = std::isinf(value) ? "inf" : real_text(positive.real);
  if (value >= 0) return positive;
  Expression negative;
  negative.kind = Expression::Kind::negate;
  negative.operands = {positive};
  return negative;
}

std::vector<Argument> sizes_of(const Sizes& sizes, bool is_padding) {
  const bool is_even = sizes.size() == 4 && sizes[0] == sizes[1] && sizes[2] == sizes[3];
  if (is_padding && !is_even) return {number(sizes[0]), number(sizes[1]), number(sizes[2]), number(sizes[3])};
  return {ast::Dimensions{{number(sizes[0]), number(sizes[is_padding ? 2 : 1])}, {}}};
}

std::vector<Argument> arguments_of(const AttributeRule& rule, const AttributeValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return {number(*integer)};
  if (const auto* real = std::get_if<double>(&value)) return {real_number(*real)};
  if (const auto* is_on = std::get_if<bool>(&value)) return {plain_word(*is_on ? "on" : "off")};
  if (const auto* word = std::get_if<std::string>(&value)) return {plain_word(*word)};
  const auto& numbers = std::get<Sizes>(value);
  if (rule.kind == AttributeKind::axes) {
    std::vector<Argument> axes;
    for (const int64_t axis : numbers) axes.emplace_back(number(axis));
    return axes;
  }
  if (rule.kind == AttributeKind::shape) return {shape_argument(Shape(numbers))};
  return sizes_of(numbers, rule.kind == AttributeKind::padding);
}

bool is_size(AttributeKind kind) {
  return kind == AttributeKind::integer || kind == AttributeKind::pair || kind == AttributeKind::padding;
}

// What is no number is left out where it is the default.
bool goes_without_saying(const AttributeRule& rule, const AttributeValue& value) {
  if (!rule.default_value || is_size(rule.kind)) return false;
  if (rule.kind != AttributeKind::real) return value == *rule.default_value;
  const auto single = [](const AttributeValue& v) { return static_cast<float>(std::get<double>(v)); };
  return single(value) == single(*rule.default_value);
}

const AttributeRule* keyword_rule(const Operator& op, const Argument& argument) {
  const auto* word = std::get_if<Expression>(&argument);
  for (const AttributeRule& rule : op.attributes)
    if (word && !rule.positional && rule.name == word->text) return &rule;
  return nullptr;
}

// How many arguments from there on are the rule's value.
size_t count_of_values(const Operator& op, const AttributeRule& rule, const std::vector<Argument>& arguments,
                       size_t at) {
  const Argument& first = arguments[at];
  if (rule.kind == AttributeKind::axes) {
    size_t end = at + 1;
    while (end < arguments.size() && !keyword_rule(op, arguments[end])) ++end;
    return end - at;
  }
  if (rule.kind != AttributeKind::padding || std::holds_alternative<ast::Dimensions>(first)) return 1;
  return std::get<Expression>(first).text == "same" ? 1 : 4;
}

bool is_literal(const Argument& argument, int64_t value) {
  const auto is_it = [&](const Expression& e) {
    return e.kind == Expression::Kind::integer && e.integer == value;
  };
  if (const auto* expression = std::get_if<Expression>(&argument)) return is_it(*expression);
  const auto& sizes = std::get<ast::Dimensions>(argument).sizes;
  return std::all_of(sizes.begin(), sizes.end(), is_it);
}

bool is_default(const AttributeRule& rule, const std::vector<Argument*>& values) {
  if (!rule.default_value || values.size() != 1) return false;
  if (const auto* integer = std::get_if<int64_t>(&*rule.default_value))
    return is_literal(*values[0], *integer);
  const auto* sizes = std::get_if<Sizes>(&*rule.default_value);
  const bool is_word = std::holds_alternative<Expression>(*values[0]);
  return sizes && !sizes->empty() && !is_word && is_literal(*values[0], sizes->front());
}

// 2x2 as 2, where the words are no table's: the sizes of filters and maps stay as they are.
Argument in_short(const AttributeRule& rule, const Argument& argument) {
  const auto* sizes = std::get_if<ast::Dimensions>(&argument);
  if (!sizes || rule.kind == AttributeKind::shape || !is_equal(sizes->sizes[0], sizes->sizes[1]))
    return argument;
  const bool is_literal = sizes->sizes[0].kind == Expression::Kind::integer;
  const bool stays = rule.name == "filter" || rule.name == "size";
  if (stays && is_literal) return argument;
  return sizes->sizes[0];
}

bool is_same(const Argument& a, const Argument& b) {
  const auto *left = std::get_if<ast::Dimensions>(&a), *right = std::get_if<ast::Dimensions>(&b);
  return left && right &&
         std::equal(left->sizes.begin(), left->sizes.end(), right->sizes.begin(), right->sizes.end(),
                    is_equal);
}

bool is_depthwise(ast::Layer layer) {
  std::vector<Expression> counts;
  for_each_attribute(layer, [&](const AttributeRule& rule, const std::vector<Argument*>& values) {
    const auto* count = std::get_if<Expression>(values[0]);
    if (count && (rule.name == "channels" || rule.name == "groups")) counts.push_back(*count);
  });
  return counts.size() == 2 && is_equal(counts[0], counts[1]) && !is_equal(counts[0], number(1));
}

}  // namespace

void count_conv(Convs& convs, const ast::Statement& statement) {
  const auto* layer = std::get_if<ast::Layer>(&statement.what);
  if (!layer || layer->op.text != "conv") return;
  ++convs.count;
  convs.is_last_depthwise = is_depthwise(*layer);
}

bool is_cut_behind_depthwise(const Convs& convs) {
  return convs.count > 1 && convs.is_last_depthwise;
}

bool belongs_to(const ast::Statement& statement, const ast::Statement& before) {
  const auto* layer = std::get_if<ast::Layer>(&statement.what);
  const Operator* op = layer ? find_layer(layer->op.text) : nullptr;
  if (!op || !op->facts.is_elementwise) return false;
  if (!op->parameters || std::holds_alternative<ast::Call>(before.what)) return true;
  const auto* layer_before = std::get_if<ast::Layer>(&before.what);
  const Operator* op_before = layer_before ? find_layer(layer_before->op.text) : nullptr;
  return op_before && op_before->facts.is_contraction;
}

Expression number(int64_t value) {
  Expression e;
  e.integer = value;
  return e;
}

Expression plain_word(std::string text) {
  Expression e;
  e.kind = Expression::Kind::name;
  e.text = std::move(text);
  return e;
}

Argument shape_argument(const Shape& shape) {
  if (shape.rank() == 1) return number(shape.sizes[0]);
  ast::Dimensions dimensions;
  for (const int64_t size : shape.sizes) dimensions.sizes.push_back(number(size));
  return dimensions;
}

std::vector<Argument> pixel_arguments(const Pixels& pixels) {
  std::vector<Argument> all = {plain_word(std::string(name_of(pixels.format)))};
  const auto add_numbers = [&](const char* name, const std::vector<double>& values, double usual) {
    const auto is = [&](double number) { return std::count(values.begin(), values.end(), number); };
    const auto count = static_cast<std::ptrdiff_t>(values.size());
    if (is(usual) == count) return;
    all.emplace_back(plain_word(name));
    for (std::ptrdiff_t i = 0; i < (is(values[0]) == count ? 1 : count); ++i)
      all.emplace_back(real_number(values[static_cast<size_t>(i)]));
  };
  add_numbers("mean", pixels.mean, 0);
  add_numbers("deviation", pixels.deviation, 1);
  const Pixels usual;
  if (pixels.resize != usual.resize) {
    all.emplace_back(plain_word("resize"));
    all.emplace_back(plain_word(std::string(name_of(pixels.resize))));
  }
  if (pixels.fill != usual.fill) {
    all.emplace_back(plain_word("fill"));
    all.emplace_back(number(pixels.fill));
  }
  return all;
}

bool is_equal(const Expression& a, const Expression& b) {
  return a.kind == b.kind && a.integer == b.integer && a.text == b.text &&
         std::equal(a.operands.begin(), a.operands.end(), b.operands.begin(), b.operands.end(), is_equal);
}

ast::Layer layer_of(const Node& node) {
  ast::Layer layer;
  layer.op.text = node.op;
  const Attributes attributes = canonical_attributes(node);
  for (const AttributeRule& rule : operator_of(node).attributes) {
    const bool is_real = rule.kind == AttributeKind::real;
    const AttributeValue& value = (is_real ? node.attributes : attributes).find(rule.name)->second;
    if (goes_without_saying(rule, value)) continue;
    if (!rule.positional) layer.arguments.emplace_back(plain_word(std::string(rule.name)));
    for (Argument& argument : arguments_of(rule, value)) layer.arguments.push_back(std::move(argument));
  }
  return layer;
}

void for_each_attribute(ast::Layer& layer,
                        const std::function<void(const AttributeRule&, std::vector<Argument*>)>& visit) {
  const Operator* op = find_layer(layer.op.text);
  size_t at = 0;
  const auto take = [&](const AttributeRule& rule) {
    std::vector<Argument*> values;
    const size_t end = at + count_of_values(*op, rule, layer.arguments, at);
    while (at < end) values.push_back(&layer.arguments[at++]);
    visit(rule, std::move(values));
  };
  for (const AttributeRule& rule : op->attributes)
    if (rule.positional && at < layer.arguments.size()) take(rule);
  while (at < layer.arguments.size()) take(*keyword_rule(*op, layer.arguments[at++]));
}

ast::Layer trimmed(ast::Layer layer) {
  ast::Layer result;
  result.op = layer.op;
  const Argument* filter = nullptr;
  for_each_attribute(layer, [&](const AttributeRule& rule, const std::vector<Argument*>& values) {
    if (rule.name == "filter") filter = values[0];
    const bool is_pool_stride = rule.name == "stride" && std::get<Sizes>(*rule.default_value).empty();
    if (is_default(rule, values) || (is_pool_stride && is_same(*values[0], *filter))) return;
    if (!rule.positional) result.arguments.emplace_back(plain_word(std::string(rule.name)));
    for (const Argument* value : values)
      result.arguments.push_back(values.size() == 1 ? in_short(rule, *value) : *value);
  });
  return result;
}

}  // namespace cnnc
