#include "elaborate/calls.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "elaborate/expressions.h"
#include "elaborate/statements.h"
#include "elaborate/words.h"
#include "ops/registry.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

// The block of that name that may be called in the innermost frame, or null.
const ast::Block* visible_block(const State& state, std::string_view name) {
  const auto found = state.block_numbers.find(name);
  const bool visible =
      found != state.block_numbers.end() && found->second < state.frames.back().visible_blocks;
  return visible ? state.blocks[found->second] : nullptr;
}

// "basic(channels, stride = 1)"
std::string heading(const State& state, const ast::Block& block) {
  std::string text;
  for (const ast::BlockParameter& parameter : block.parameters) {
    text += (text.empty() ? "" : ", ") + parameter.name.text;
    if (parameter.default_value) text += " = " + text_at(state, parameter.default_value->where);
  }
  return fmt::format("{}({})", block.name.text, text);
}

// The parameter that an argument gives a value to, or null, which is reported.
const std::string* parameter_of(State& state, const ast::Block& block, const ast::CallArgument& argument,
                                size_t place) {
  std::vector<std::string> names;
  for (const ast::BlockParameter& parameter : block.parameters) {
    if (argument.parameter && parameter.name.text == argument.parameter->text) return &parameter.name.text;
    names.push_back(parameter.name.text);
  }
  const std::string hint = fmt::format("the block is '{}'", heading(state, block));
  if (argument.parameter) {
    error(state, argument.parameter->where,
          fmt::format("'{}' has no parameter '{}'{}", block.name.text, argument.parameter->text,
                      did_you_mean(argument.parameter->text, names)),
          hint);
    return nullptr;
  }
  if (place < block.parameters.size()) return &block.parameters[place].name.text;
  error(state, argument.value.where,
        fmt::format("'{}' takes {} argument{}; found one more: '{}'", block.name.text, names.size(),
                    names.size() == 1 ? "" : "s", text_at(state, argument.value.where)),
        hint);
  return nullptr;
}

// The values that the call itself gives.
bool set_arguments(State& state, const ast::Block& block, const ast::Call& call, Environment& parameters) {
  bool good = true;
  size_t place = 0;
  for (const ast::CallArgument& argument : call.arguments) {
    if (state.stopped) return false;
    const std::string* name = parameter_of(state, block, argument, place++);
    const auto value = evaluate(state, state.frames.back().parameters, argument.value);
    if (!name) return false;
    const bool is_new = parameters.emplace(*name, value.value_or(0)).second;
    if (!is_new && argument.parameter) {
      error(state, argument.parameter->where, fmt::format("the parameter '{}' is given twice", *name),
            "leave one out");
    }
    good = good && value && is_new;
  }
  return good;
}

// The defaults of the others, from left to right; one may use the parameters to its left.
bool set_defaults(State& state, const ast::Block& block, const ast::Call& call, Environment& parameters) {
  Environment to_the_left;
  for (const ast::BlockParameter& parameter : block.parameters) {
    if (state.stopped) return false;
    auto given = parameters.find(parameter.name.text);
    if (given == parameters.end()) {
      if (!parameter.default_value) {
        error(state, call.where,
              fmt::format("'{}' lacks its parameter '{}'", block.name.text, parameter.name.text),
              fmt::format("the block is '{}'", heading(state, block)));
        return false;
      }
      const auto value = evaluate(state, to_the_left, *parameter.default_value);
      if (!value) return false;
      given = parameters.emplace(parameter.name.text, *value).first;
    }
    to_the_left.insert(*given);
  }
  return true;
}

// The block's body in the place of the call.
Tensor expand(State& state, Scope& scope, const ast::Block& block, const ast::Call& call, Tensor current) {
  Environment parameters;
  if (!set_arguments(state, block, call, parameters) || !set_defaults(state, block, call, parameters)) {
    return unknown();
  }
  const size_t visible = state.block_numbers.at(block.name.text);
  state.frames.push_back({&block, call.where, visible, std::move(parameters)});
  const Tensor result = run_body(state, scope, block.body, current);
  state.frames.pop_back();
  return result;
}

// At most kParameters, whose names are not too long: they are copied for every call.
void check_limits(State& state, const ast::Block& block) {
  if (block.parameters.size() > kParameters) {
    return stop(state, block.parameters[kParameters].name.where,
                fmt::format("a block has at most {} parameters; here is one more", kParameters));
  }
  for (const ast::BlockParameter& parameter : block.parameters) {
    const size_t bytes = parameter.name.text.size();
    if (bytes <= kNameBytes) continue;
    return stop(state, parameter.name.where,
                fmt::format("a parameter's name has at most {} bytes; this one has {}", kNameBytes, bytes),
                "choose a shorter name");
  }
}

void check_names_differ(State& state, const ast::Block& block) {
  std::set<std::string_view> names;
  for (const ast::BlockParameter& parameter : block.parameters) {
    if (names.insert(parameter.name.text).second) continue;
    error(state, parameter.name.where,
          fmt::format("two parameters of '{}' are called '{}'", block.name.text, parameter.name.text));
  }
}

// The arguments of a call as those of a layer, and the other way round.
std::string written(const State& state, const ast::Call& call) {
  std::string text;
  for (const ast::CallArgument& argument : call.arguments) text += " " + text_at(state, argument.value.where);
  return text;
}
std::string written(const State& state, const ast::Layer& layer) {
  std::string text;
  for (const ast::Argument& argument : layer.arguments) {
    const auto* expression = std::get_if<ast::Expression>(&argument);
    Span where = ast::where(argument);
    if (expression && expression->parenthesised) where = {where.begin + 1, where.end - 1};
    text += (text.empty() ? "" : ", ") + text_at(state, where);
  }
  return text;
}

}  // namespace

void define_block(State& state, const ast::Block& block) {
  const std::string kind = block.is_sequence ? "sequence" : "block";
  check_limits(state, block);
  check_names_differ(state, block);
  if (find_layer(block.name.text)) {
    error(state, block.name.where,
          fmt::format("'{}' is a layer, and so no name for a {}", block.name.text, kind));
  }
  const size_t number = state.block_numbers.at(block.name.text);
  if (state.blocks[number] == &block) {
    state.frames.back().visible_blocks = number + 1;
  } else {
    const Span first = state.blocks[number]->name.where;
    error(state, block.name.where,
          fmt::format("'{}' is defined on {} already", block.name.text, line_of(state, first)),
          "choose another name");
  }
}

Tensor run_call(State& state, Scope& scope, const ast::Statement& statement, const ast::Call& call,
                Tensor current) {
  const ast::Block* block = visible_block(state, call.block.text);
  if (block && block->is_sequence) {
    if (statement.as) {
      error(state, statement.as->where,
            fmt::format("the call of a sequence takes no name; found '{}'", statement.as->text),
            "it opens no scope: name a statement in it, or make it a block");
    }
    return expand(state, scope, *block, call, current);
  }
  if (!block && find_layer(call.block.text)) {
    error(state, call.block.where,
          fmt::format("'{}' is a layer, and its values stand without parentheses", call.block.text),
          fmt::format("write '{}{}'", call.block.text, written(state, call)));
  } else if (!block) {
    report_unknown_word(state, call.block);
  }
  const std::string name = name_statement(state, scope, call.block.text, statement.as, statement.where);
  Scope inside{name, false, 0, {}};
  const Tensor result = block ? expand(state, inside, *block, call, current) : unknown();
  define(state, name, result);
  return result;
}

Tensor run_word(State& state, Scope& scope, const ast::Statement& statement, const ast::Layer& layer,
                Tensor current) {
  const ast::Block* block = visible_block(state, layer.op.text);
  if (block && layer.arguments.empty()) {
    return run_call(state, scope, statement, {layer.op, {}, layer.op.where}, current);
  }
  if (block) {
    error(state, statement.where,
          fmt::format("the arguments of a block stand in parentheses: '{}'", heading(state, *block)),
          fmt::format("write '{}({})'", layer.op.text, written(state, layer)));
  } else {
    report_unknown_word(state, layer.op);
  }
  const std::string name = name_statement(state, scope, layer.op.text, statement.as, statement.where);
  define(state, name, unknown());
  return unknown();
}

}  // namespace cnnc::elaboration
