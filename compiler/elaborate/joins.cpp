#include "elaborate/joins.h"

#include <fmt/format.h>

#include <algorithm>

#include "elaborate/nodes.h"
#include "elaborate/statements.h"
#include "ops/elementwise/broadcast.h"
#include "ops/registry.h"
#include "support/limits.h"

namespace cnnc::elaboration {
namespace {

// The operator that a join is made of.
const Operator& join_operator(std::string_view name) {
  const Operator* op = find_layer(name);
  if (!op) throw std::logic_error(fmt::format("there is no operator '{}'", name));
  return *op;
}

// A residual, gate or concat that has a name or a number is a scope; another belongs to the scope around it.
bool opens_scope(const Scope& around, const ast::Statement& statement) {
  return statement.as.has_value() || around.numbered;
}

// The smallest stride with which a 1x1 filter makes `out` positions of `in`: floor((in - 1) / stride) + 1 =
// out.
std::optional<int64_t> projection_stride(int64_t in, int64_t out) {
  const int64_t stride = (in - 1) / out + 1;
  if ((in - 1) / stride + 1 != out) return std::nullopt;
  return stride;
}

// The name of a shortcut that is made: "shortcut", "shortcut2", … where none is written.
std::string name_shortcut(State& state, Scope& scope, const ast::Shortcut& shortcut) {
  if (shortcut.as) return take_name(state, scope, shortcut.as->text, shortcut.as->where);
  const int count = ++scope.counts["shortcut"];
  return take_name(state, scope, count == 1 ? "shortcut" : fmt::format("shortcut{}", count), shortcut.where);
}

// A 1x1 convolution without bias, and a batch normalisation: <name>.0 and <name>.1 (He et al. 2016,
// section 3.3, option B).
Tensor add_projection(State& state, const std::string& name, Tensor input, int64_t channels,
                      std::vector<int64_t> strides, Span where) {
  const Scope inside{name, true, 0, {}};
  const Operator& conv = join_operator("conv");
  const Operator& batchnorm = join_operator("batchnorm");
  LayerArguments arguments = default_arguments(conv);
  arguments.attributes.insert_or_assign("channels", channels);
  arguments.attributes.insert_or_assign("filter", std::vector<int64_t>{1, 1});
  arguments.attributes.insert_or_assign("stride", std::move(strides));
  arguments.attributes.insert_or_assign("bias", false);
  const std::string first = take_name(state, inside, "0", where),
                    second = take_name(state, inside, "1", where);
  const Tensor projected = add_node(state, first, conv, arguments, {input}, where);
  return add_node(state, second, batchnorm, default_arguments(batchnorm), {projected}, where);
}

// `shortcut project`: the tensor itself where its shape is the body's; else its projection.
Tensor run_projection(State& state, Scope& scope, const ast::Shortcut& shortcut, Tensor input, Tensor body) {
  if (!is_known(input) || !is_known(body)) return unknown();
  const Shape from = shape_of(state, input), to = shape_of(state, body);
  if (from == to) return input;
  if (!from.is_map() || !to.is_map()) {
    error(state, shortcut.where,
          fmt::format("no 1x1 convolution makes {} of {}", to_string(to), to_string(from)),
          "it works on maps, channels x height x width; write the shortcut: 'shortcut { … }'");
    return unknown();
  }
  const auto vertical = projection_stride(from.height(), to.height());
  const auto horizontal = projection_stride(from.width(), to.width());
  if (!vertical || !horizontal) {
    error(state, shortcut.where,
          fmt::format("no 1x1 convolution makes {} of {}: no stride gives that height and width",
                      to_string(to), to_string(from)),
          "check the padding and the strides in the body, or write the shortcut: 'shortcut { … }'");
    return unknown();
  }
  const std::string name = name_shortcut(state, scope, shortcut);
  const Tensor result =
      add_projection(state, name, input, to.channels(), {*vertical, *horizontal}, shortcut.where);
  define(state, name, result);
  return result;
}

Tensor run_shortcut(State& state, Scope& scope, const ast::Residual& residual, Tensor input, Tensor body) {
  if (!residual.shortcut) return input;
  if (!residual.shortcut->body) return run_projection(state, scope, *residual.shortcut, input, body);
  const std::string name = name_shortcut(state, scope, *residual.shortcut);
  Scope inside{name, true, 0, {}};
  const Tensor result = run_body(state, inside, *residual.shortcut->body, input);
  define(state, name, result);
  return result;
}

// Whether the shapes are the same but for the last size, which 'dense' makes, of tensors that it takes.
bool differ_in_features(const Shape& a, const Shape& b) {
  return a.rank() == b.rank() && !a.is_map() &&
         std::equal(a.sizes.begin(), a.sizes.end() - 1, b.sizes.begin());
}

// How a body that makes another shape comes to the wanted one; "": by nothing simple.
std::string hint_for_shape(const Shape& found, const Shape& wanted) {
  if (found.elements() == wanted.elements() && found.rank() != wanted.rank())
    return fmt::format("end the body with 'reshape {}'", to_string(wanted));
  if (differ_in_features(found, wanted))
    return fmt::format("end the body with 'dense {}'", wanted.sizes.back());
  return "";
}

std::string hint_for_residual(const Shape& sum, const Shape& input) {
  const bool are_maps = sum.is_map() && input.is_map(), is_repeated = is_broadcastable(sum, input);
  if (!are_maps && is_repeated && sum.elements() < input.elements())
    return "to repeat it, name the input and write 'add with NAME' behind the body's layers instead";
  if (const std::string hint = hint_for_shape(sum, input); !hint.empty()) return hint;
  if (!are_maps) return "let the body make the input's shape, or write the shortcut: 'shortcut { … }'";
  const bool can_project =
      projection_stride(input.height(), sum.height()) && projection_stride(input.width(), sum.width());
  return can_project
             ? "write 'shortcut project' after the body for a 1x1 convolution that makes them equal"
             : "check the padding and the strides in the body, or write the shortcut: 'shortcut { … }'";
}

// Whether body and shortcut can be added; reports it if not.
bool agree(State& state, const ast::Statement& statement, const ast::Residual& residual, Tensor body,
           Tensor shortcut) {
  if (!is_known(body) || !is_known(shortcut)) return false;
  const Shape &sum = shape_of(state, body), &other = shape_of(state, shortcut);
  if (sum == other) return true;
  const bool identity = !residual.shortcut, are_maps = sum.is_map() && other.is_map();
  error(state, statement.where,
        fmt::format("the residual's body makes {}, and its {} {}: only equal shapes can be added",
                    to_string(sum), identity ? "input is" : "shortcut makes", to_string(other)),
        identity   ? hint_for_residual(sum, other)
        : are_maps ? "give both the same channels, strides and padding"
                   : "let both make the same sizes");
  return false;
}

// What makes a factor that fits.
std::string hint_for_gate(const Shape& scaled, const Shape& factor) {
  if (const std::string hint = hint_for_shape(factor, scaled); !hint.empty()) return hint;
  const bool is_of_channels = scaled.is_map() && factor.elements() == scaled.channels();
  if (is_of_channels) return fmt::format("end the body with 'reshape {}x1x1'", scaled.channels());
  if (!scaled.is_map() || !factor.is_map())
    return "counted from the last axis, each size is the input's, or 1, or is not there";
  if (factor.channels() != scaled.channels())
    return fmt::format("end the body with a layer of as many channels: 'conv {} 1x1'", scaled.channels());
  return "'global_avgpool' makes one pixel of a map";
}

// Whether the gate's result can scale its input; reports it if not.
bool fits(State& state, const ast::Statement& statement, Tensor input, Tensor gate) {
  if (!is_known(input) || !is_known(gate)) return false;
  const Shape &scaled = shape_of(state, input), &factor = shape_of(state, gate);
  if (is_broadcastable(factor, scaled)) return true;
  error(state, statement.where,
        fmt::format("the gate's body makes {}; to scale {} it must make that{}", to_string(factor),
                    to_string(scaled),
                    scaled.is_map()      ? " or " + to_string(Shape{scaled.channels(), 1, 1})
                    : scaled.is_vector() ? ""
                                         : ", or 1 in place of its sizes"),
        hint_for_gate(scaled, factor));
  return false;
}

// Whether a concat along an axis is that of channels, or features, under another name.
bool is_of_channels(const State& state, const Operator& op, const LayerArguments& arguments,
                    const std::vector<Tensor>& inputs) {
  if (op.name != "concat_along" || integer(arguments.attributes, "along") != 0 || !is_known(inputs[0]))
    return false;
  const Shape& shape = shape_of(state, inputs[0]);
  return shape.is_map() || shape.is_vector();
}

}  // namespace

Tensor run_residual(State& state, Scope& scope, const ast::Statement& statement,
                    const ast::Residual& residual, Tensor current) {
  const Tensor input = need_tensor(state, current, statement.where);
  const bool opens = opens_scope(scope, statement);
  const std::string name = name_statement(state, scope, "residual", statement.as, statement.where);
  Scope own{name, false, 0, {}};
  Scope& inside = opens ? own : scope;
  const Tensor body = run_body(state, inside, residual.body, input);
  const Tensor shortcut = run_shortcut(state, inside, residual, input, body);
  if (agree(state, statement, residual, body, shortcut)) {
    const Operator& add = join_operator("add");
    return add_node(state, name, add, default_arguments(add), {body, shortcut}, statement.where);
  }
  define(state, name, unknown());
  return unknown();
}

Tensor run_gate(State& state, Scope& scope, const ast::Statement& statement, const ast::Gate& gate,
                Tensor current) {
  const Tensor input = need_tensor(state, current, statement.where);
  const bool opens = opens_scope(scope, statement);
  const std::string name = name_statement(state, scope, "gate", statement.as, statement.where);
  Scope own{name, false, 0, {}};
  const Tensor factor = run_body(state, opens ? own : scope, gate.body, input);
  if (fits(state, statement, input, factor)) {
    const Operator& multiply = join_operator("multiply");
    return add_node(state, name, multiply, default_arguments(multiply), {input, factor}, statement.where);
  }
  define(state, name, unknown());
  return unknown();
}

Tensor run_concat(State& state, Scope& scope, const ast::Statement& statement, const ast::Concat& concat,
                  Tensor current) {
  const Tensor input = need_tensor(state, current, statement.where);
  const bool opens = opens_scope(scope, statement);
  const std::string name = name_statement(state, scope, "concat", statement.as, statement.where);
  Scope own{name, false, 0, {}};
  std::vector<Tensor> branches;
  for (const ast::Branch& branch : concat.branches) {
    branches.push_back(run_body(state, opens ? own : scope, branch.body, input));
  }
  const Operator& op = join_operator("concat");
  if (branches.size() >= 2) {
    return add_node(state, name, op, default_arguments(op), branches, statement.where);
  }
  error(state, statement.where,
        fmt::format("'concat' wants at least two branches; found {}", branches.size()),
        "an empty 'branch { }' is the current tensor itself");
  define(state, name, unknown());
  return unknown();
}

Tensor run_join(State& state, Scope& scope, const ast::Statement& statement, const ast::Join& join,
                Tensor current) {
  std::vector<Tensor> inputs = {need_tensor(state, current, statement.where)};
  state.statements += static_cast<int64_t>(join.others.size());  // so that the limit bounds these as well
  for (const ast::Name& other : join.others) {
    if (state.stopped || state.statements > limits::kStatements) break;
    inputs.push_back(find_tensor(state, scope, other).tensor);
  }
  const std::string name = name_statement(state, scope, join.op.text, statement.as, statement.where);
  const Operator& op =
      join_operator(join.op.text == "concat" && !join.arguments.empty() ? "concat_along" : join.op.text);
  const auto arguments = read_arguments(state, op, {join.op, join.arguments}, statement.where);
  if (arguments && is_of_channels(state, op, *arguments, inputs)) {
    const Operator& concat = join_operator("concat");
    return add_node(state, name, concat, default_arguments(concat), inputs, statement.where);
  }
  if (arguments) return add_node(state, name, op, *arguments, inputs, statement.where);
  define(state, name, unknown());
  return unknown();
}

}  // namespace cnnc::elaboration
