// The values of attributes: what was written for one, by its kind, within its range.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "elaborate/state.h"
#include "ops/operator.h"

namespace cnnc::elaboration {

// The text of an argument that is a plain word (`pad`, `same`, a parameter), or null.
const std::string* word(const ast::Argument& argument);

// The same if it is one of the rule's choices, or null.
const std::string* chosen_word(const AttributeRule& rule, const ast::Argument& argument);

// Whether it is a word that a block's parameter has.
bool is_parameter(const State& state, const ast::Argument& argument);

// A value as it might be written: "3x3".
std::string example_of(const AttributeRule& rule);

// "write 'stride 2' or, for height and width, 'stride 2x1'"
std::string keyword_usage(const AttributeRule& rule);

// Whose value is read, where it stands, and what to write instead if it is wrong.
struct ValueOf {
  std::string_view op;
  const AttributeRule& rule;
  Span where;
  std::string hint;
};

// Reports a value of the wrong kind or out of range.
std::optional<AttributeValue> value_of(State& state, const ValueOf& target,
                                       const std::vector<ast::Argument>& arguments);

// What to write instead of an axis that is counted from the last.
constexpr const char* kAxesHint =
    "axes are counted from the first one, which is 0: the last of three is 2, or 'columns'";

}  // namespace cnnc::elaboration
