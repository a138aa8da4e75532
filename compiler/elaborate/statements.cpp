#include "elaborate/statements.h"

#include <fmt/format.h>

#include "elaborate/arguments.h"
#include "elaborate/calls.h"
#include "elaborate/expressions.h"
#include "elaborate/interface.h"
#include "elaborate/joins.h"
#include "elaborate/nodes.h"
#include "ops/registry.h"
#include "support/limits.h"

namespace cnnc::elaboration {
namespace {

// conv 64 3x3: a node, or a call of a block that is written without parentheses.
Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Layer& layer,
           Tensor current) {
  const Operator* op = find_layer(layer.op.text);
  if (!op || op->inputs != 1) return run_word(state, scope, statement, layer, current);
  const auto arguments = read_arguments(state, *op, layer, statement.where);
  const Tensor input = need_tensor(state, current, statement.where);
  const std::string name = name_statement(state, scope, op->name, statement.as, statement.where);
  if (arguments) return add_node(state, name, *op, *arguments, {input}, statement.where);
  define(state, name, unknown());
  return unknown();
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Call& call,
           Tensor current) {
  return run_call(state, scope, statement, call, current);
}

Tensor run(State& state, Scope& scope, const ast::Statement&, const ast::Repeat& repeat, Tensor current) {
  const auto count = evaluate(state, state.frames.back().parameters, repeat.count);
  if (!count) return unknown();
  if (*count < 1) {
    error(state, repeat.count.where, fmt::format("a repeat has at least 1 turn; found {}", *count));
    return unknown();
  }
  if (repeat.body.statements.empty()) return current;
  for (int64_t turn = 0; turn < *count && !state.stopped; ++turn) {
    current = run_body(state, scope, repeat.body, current);
  }
  return current;
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Group& group,
           Tensor current) {
  const std::string name = name_statement(state, scope, "group", group.name, statement.where);
  Scope inside{name, true, 0, {}};
  const Tensor result = run_body(state, inside, group.body, current);
  define(state, name, result);
  return result;
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Residual& residual,
           Tensor current) {
  return run_residual(state, scope, statement, residual, current);
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Gate& gate,
           Tensor current) {
  return run_gate(state, scope, statement, gate, current);
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Concat& concat,
           Tensor current) {
  return run_concat(state, scope, statement, concat, current);
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Join& join,
           Tensor current) {
  return run_join(state, scope, statement, join, current);
}

Tensor run(State& state, Scope& scope, const ast::Statement&, const ast::From& from, Tensor) {
  return find_tensor(state, scope, from.tensor).tensor;
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Output& output,
           Tensor current) {
  run_output(state, scope, statement, output, current);
  return current;
}

Tensor run(State& state, Scope& scope, const ast::Statement& statement, const ast::Input& input, Tensor) {
  return run_input(state, scope, statement, input);
}

Tensor run(State& state, Scope&, const ast::Statement& statement, const ast::Labels& labels, Tensor current) {
  if (!state.graph.labels.empty())
    error(state, statement.where,
          fmt::format("a network has labels once; those of '{}' stand above", state.graph.labels));
  state.graph.labels = labels.file.text;
  return current;
}

// From here on the block can be called.
Tensor run(State& state, Scope&, const ast::Statement&, const ast::Block& block, Tensor current) {
  define_block(state, block);
  return current;
}

bool count_statement(State& state) {
  if (++state.statements <= limits::kStatements) return true;
  stop(state, state.top_statement,
       fmt::format("the network has more than {} statements once its blocks and repeats are expanded",
                   limits::kStatements),
       "the expansion reaches the limit in this statement");
  return false;
}

Tensor run_statements(State& state, Scope& scope, const std::vector<ast::Statement>& statements,
                      Tensor current) {
  if (++state.nesting > limits::kNesting && !statements.empty()) {
    stop(state, state.top_statement,
         fmt::format("bodies stand inside bodies more than {} deep, calls included", limits::kNesting),
         "the expansion reaches the limit in this statement");
  }
  for (const ast::Statement& statement : statements) {
    if (state.nesting == 1) state.top_statement = statement.where;
    if (state.stopped || !count_statement(state)) break;
    current = std::visit([&](const auto& what) { return run(state, scope, statement, what, current); },
                         statement.what);
  }
  --state.nesting;
  return state.stopped ? unknown() : current;
}

}  // namespace

Tensor run_body(State& state, Scope& scope, const ast::Body& body, Tensor current) {
  return run_statements(state, scope, body.statements, current);
}

Tensor run_file(State& state, Scope& scope, const ast::File& file) {
  return run_statements(state, scope, file.statements, Tensor{});
}

}  // namespace cnnc::elaboration
