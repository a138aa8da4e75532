#include "describe/forms/parameters.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "describe/text/layers.h"

namespace cnnc {
namespace {

using ast::Expression;
using Kind = Expression::Kind;
using Column = std::vector<Expression>;  // a slot's value in each piece

// What may be expressed by what: channels by channels, sizes of filters by such.
enum class Sort { channels, count, size };

Sort sort_of(const Role& role) {
  static const std::set<std::string> sizes = {"filter", "height", "width",      "stride",  "pad",
                                              "size",   "factor", "output_pad", "dilation"};
  const std::string name = role.name.substr(0, role.name.find_last_not_of("0123456789") + 1);
  if (name == "count") return Sort::count;
  return sizes.count(name.substr(0, name.find("_height")).substr(0, name.find("_width"))) > 0
             ? Sort::size
             : Sort::channels;
}

bool is_integer(const Expression& e) {
  return e.kind == Kind::integer;
}

Expression operation(Kind kind, Expression a, Expression b) {
  Expression e;
  e.kind = kind;
  e.operands = {std::move(a), std::move(b)};
  return e;
}

// How a slot follows from a parameter: times, or divided by, a number.
struct Rule {
  Kind kind = Kind::name;  // the parameter itself
  int64_t factor = 1;
  bool rounds = false;  // the quotient may leave a rest
};

std::optional<Expression> applied(const Rule& rule, const Expression& value) {
  if (rule.kind == Kind::name) return value;
  if (rule.kind == Kind::multiply)
    return is_integer(value) ? number(rule.factor * value.integer)
                             : operation(Kind::multiply, number(rule.factor), value);
  if (!is_integer(value)) return operation(Kind::divide, value, number(rule.factor));
  if (!rule.rounds && value.integer % rule.factor != 0) return std::nullopt;
  return number(value.integer / rule.factor);
}

bool holds(const Rule& rule, const Column& parameter, const Column& slot) {
  for (size_t i = 0; i < slot.size(); ++i) {
    const auto value = applied(rule, parameter[i]);
    if (!value || !is_equal(*value, slot[i])) return false;
  }
  return true;
}

// The rule that could hold, by the first piece in which both are numbers.
std::optional<Rule> guess(const Column& parameter, const Column& slot) {
  for (size_t i = 0; i < slot.size(); ++i) {
    if (!is_integer(parameter[i]) || !is_integer(slot[i])) continue;
    const int64_t from = parameter[i].integer, to = slot[i].integer;
    if (from <= 0 || to <= 0 || from == to) return std::nullopt;
    if (to % from == 0) return Rule{Kind::multiply, to / from};
    if (from % to == 0) return Rule{Kind::divide, from / to};
    return std::nullopt;
  }
  return std::nullopt;
}

struct Varying {
  Role role;
  Column values;
  std::string name = {};
  bool is_depthwise = false;  // the channels of a layer that has as many groups
  std::optional<Expression> default_value = {};
};

std::optional<Rule> rule_of(const Varying& parameter, const Role& role, const Column& slot) {
  const Sort sort = sort_of(role);
  if (sort_of(parameter.role) != sort) return std::nullopt;
  const bool is_like = sort != Sort::size || parameter.role.name == role.name;
  if (is_like && holds({}, parameter.values, slot)) return Rule{};
  const bool is_filter =
      parameter.role.name == "filter" || parameter.role.name == "height" || parameter.role.name == "width";
  const bool is_of_one = parameter.role.statement == role.statement && parameter.role.axis == role.axis;
  const bool is_dilation = (role.name == "dilation" && parameter.role.name == "pad" && is_of_one) ||
                           (role.name == "pad" && parameter.role.name == "dilation");
  if (is_dilation && holds({}, parameter.values, slot)) return Rule{};  // so a filter of 3x3 keeps the size
  const Rule half{Kind::divide, 2, true};
  if (role.name == "pad" && is_filter && holds(half, parameter.values, slot)) return half;
  if (sort != Sort::channels) return std::nullopt;
  const auto rule = guess(parameter.values, slot);
  return rule && holds(*rule, parameter.values, slot) ? rule : std::nullopt;
}

bool is_constant(const Column& slot) {
  return std::all_of(slot.begin(), slot.end(), [&](const Expression& e) { return is_equal(e, slot[0]); });
}

// How each slot is expressed: as it is, or by a parameter.
struct Slot {
  int parameter = -1;
  Rule rule = {};
};

Slot express(std::vector<Varying>& parameters, const Role& role, const Column& slot) {
  if (is_constant(slot) && is_integer(slot[0])) return {};
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto rule = rule_of(parameters[i], role, slot);
    if (!rule) continue;
    if (role.name == "groups" && rule->kind == Kind::name && role.statement == parameters[i].role.statement)
      parameters[i].is_depthwise = true;
    if (role.name == "dilation") parameters[i].role.name = role.name;
    return {static_cast<int>(i), *rule};
  }
  parameters.push_back({role, slot});
  return {static_cast<int>(parameters.size()) - 1, {}};
}

// The rule by which a slot follows from a parameter that is `factor` times less than that of its rule; empty
// where none does.
std::optional<Rule> rebased(const Rule& rule, int64_t factor) {
  if (rule.kind == Kind::name) return Rule{Kind::multiply, factor};
  if (rule.kind == Kind::multiply) return Rule{Kind::multiply, factor * rule.factor};
  if (rule.rounds || (factor % rule.factor != 0 && rule.factor % factor != 0)) return std::nullopt;
  if (rule.factor == factor) return Rule{};
  return rule.factor < factor ? Rule{Kind::multiply, factor / rule.factor}
                              : Rule{Kind::divide, rule.factor / factor};
}

// A block's channels are those that it gives: where these are a fraction of a parameter, they become the
// parameter, and what was is a multiple of them.
void base_on_result(std::vector<Varying>& parameters, std::vector<Slot>& slots,
                    const std::vector<Role>& roles) {
  size_t last = roles.size();
  for (size_t s = 0; s < roles.size(); ++s)
    if (roles[s].name == "channels") last = s;
  if (last == roles.size() || slots[last].parameter < 0 || slots[last].rule.kind != Kind::divide) return;
  const int parameter = slots[last].parameter;
  const int64_t factor = slots[last].rule.factor;
  std::vector<Slot> changed = slots;
  for (Slot& slot : changed) {
    if (slot.parameter != parameter) continue;
    const auto rule = rebased(slot.rule, factor);
    if (!rule) return;
    slot.rule = *rule;
  }
  Column values;
  for (const Expression& e : parameters[parameter].values) {
    if (!is_integer(e)) return;
    values.push_back(number(e.integer / factor));
  }
  parameters[parameter].values = std::move(values);
  slots = std::move(changed);
}

// 1 where no number is less than that of the other and some are greater, -1 the other way round, else 0.
int compare(const Column& a, const Column& b) {
  bool greater = false, less = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!is_integer(a[i]) || !is_integer(b[i])) continue;
    greater |= a[i].integer > b[i].integer;
    less |= a[i].integer < b[i].integer;
  }
  return greater == less ? 0 : greater ? 1 : -1;
}

// What it is called where it comes from: the parameter of a block around that stands for it; "": none does.
std::string name_around(const Varying& p) {
  std::string name;
  for (const Expression& e : p.values) {
    if (e.kind != Kind::name) continue;
    const std::string own = e.text.substr(0, e.text.find_last_not_of("0123456789") + 1);
    if (!name.empty() && own != name) return "";
    name = own;
  }
  return sort_of(p.role) == Sort::channels && p.role.name != "groups" ? name : "";
}

std::string wanted_name(const std::vector<Varying>& parameters, size_t index, bool has_both_axes) {
  const Varying& p = parameters[index];
  const Role& role = p.role;
  if (std::string around = name_around(p); !around.empty()) return around;
  if (role.axis != Role::Axis::none && has_both_axes) {
    const std::string axis = role.axis == Role::Axis::height ? "height" : "width";
    return role.name == "filter" ? axis : role.name + "_" + axis;
  }
  if (role.name != "channels") return role.name;
  std::vector<size_t> alike;
  for (size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].role.name == "channels") alike.push_back(i);
  if (alike.back() == index || alike.size() > 3) return role.name;
  if (p.is_depthwise && alike.front() == index && index == 0) return "input_channels";
  const int order = compare(p.values, parameters[alike.back()].values);
  return order > 0 ? "expanded" : order < 0 ? "reduced" : role.name;
}

void give_names(std::vector<Varying>& parameters) {
  std::map<std::string, std::set<Role::Axis>> axes;
  for (const Varying& p : parameters)
    if (p.role.axis != Role::Axis::none) axes[p.role.name].insert(p.role.axis);
  std::map<std::string, int> wanted, given;
  for (size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].name = wanted_name(parameters, i, axes[parameters[i].role.name].size() > 1);
    ++wanted[parameters[i].name];
  }
  std::set<std::string> taken;
  for (Varying& p : parameters) {
    const std::string base = p.name;
    if (wanted[base] > 1) p.name = base + std::to_string(++given[base]);
    while (!taken.insert(p.name).second) p.name = base + std::to_string(++given[base]);
  }
}

// Of a size the value of most pieces; of steps and groups 1.
void give_default(Varying& p) {
  const bool is_groups = p.role.name == "groups";
  if (sort_of(p.role) != Sort::size && !is_groups) return;
  std::map<int64_t, size_t> counts;
  for (const Expression& e : p.values)
    if (is_integer(e)) ++counts[e.integer];
  const auto rarer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto usual = std::max_element(counts.begin(), counts.end(), rarer);
  if (usual == counts.end()) return;
  const bool is_step = is_groups || p.role.name == "stride" || p.role.name == "dilation";
  if (is_step && counts.count(1) > 0) p.default_value = number(1);
  if (!is_step && 2 * usual->second >= p.values.size()) p.default_value = number(usual->first);
}

// A width is the height, if it mostly is.
void give_default_widths(std::vector<Varying>& parameters) {
  for (size_t i = 1; i < parameters.size(); ++i) {
    const Varying& height = parameters[i - 1];
    Varying& width = parameters[i];
    if (width.role.axis != Role::Axis::width || height.role.axis != Role::Axis::height ||
        width.role.name != height.role.name)
      continue;
    size_t equal = 0;
    for (size_t p = 0; p < width.values.size(); ++p) equal += is_equal(width.values[p], height.values[p]);
    if (2 * equal >= width.values.size()) width.default_value = plain_word(height.name);
  }
}

// Channels, then counts, then sizes; those with a default last.
std::vector<size_t> order_of(const std::vector<Varying>& parameters) {
  std::vector<size_t> order;
  for (size_t i = 0; i < parameters.size(); ++i) order.push_back(i);
  const auto rank = [&](size_t i) {
    return parameters[i].default_value ? 3 : static_cast<int>(sort_of(parameters[i].role));
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rank(a) < rank(b); });
  return order;
}

}  // namespace

Template template_of(const std::vector<Role>& roles, const std::vector<std::vector<Expression>>& pieces) {
  std::vector<Varying> parameters;
  std::vector<Slot> slots;
  for (size_t s = 0; s < roles.size(); ++s) {
    Column column;
    for (const auto& piece : pieces) column.push_back(piece[s]);
    slots.push_back(express(parameters, roles[s], column));
  }
  base_on_result(parameters, slots, roles);
  give_names(parameters);
  for (Varying& p : parameters) give_default(p);
  give_default_widths(parameters);
  Template result;
  for (size_t s = 0; s < slots.size(); ++s) {
    const bool is_plain = slots[s].parameter < 0;
    result.slots.push_back(
        is_plain ? pieces[0][s] : *applied(slots[s].rule, plain_word(parameters[slots[s].parameter].name)));
  }
  result.arguments.resize(pieces.size());
  for (const size_t i : order_of(parameters)) {
    ast::BlockParameter& parameter = result.parameters.emplace_back();
    parameter.name.text = parameters[i].name;
    parameter.default_value = parameters[i].default_value;
    for (size_t p = 0; p < pieces.size(); ++p) result.arguments[p].push_back(parameters[i].values[p]);
  }
  return result;
}

}  // namespace cnnc
