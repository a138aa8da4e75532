#include "elaborate/slips.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "elaborate/values.h"
#include "ops/registry.h"

namespace cnnc::elaboration {
namespace {

constexpr std::string_view kFilterWords[] = {"kernel_size", "kernel",      "ksize",
                                             "filter",      "filter_size", "size"};

const AttributeRule* find_rule(const Operator& op, std::string_view name) {
  for (const AttributeRule& rule : op.attributes) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

// `3 x 3`, where the argument is the `x`; or `3 x3`, where it is both.
std::string hint_for_spaces(const State& state, const std::vector<ast::Argument>& arguments, size_t at) {
  const std::string& text = *word(arguments[at]);
  const bool alone = text == "x" || text == "X";
  const bool joined = text.size() > 1 && (text[0] == 'x' || text[0] == 'X') &&
                      text.find_first_not_of("0123456789", 1) == std::string::npos;
  const bool between = at > 0 && (joined || at + 1 < arguments.size());
  if ((!alone && !joined) || !between || word(arguments[at - 1])) return "";
  if (alone && word(arguments[at + 1])) return "";
  const std::string last = joined ? text.substr(1) : text_at(state, ast::where(arguments[at + 1]));
  return fmt::format("sizes are written without spaces: '{}x{}'",
                     text_at(state, ast::where(arguments[at - 1])), last);
}

std::string hint_for_filter(const Operator& op) {
  const bool has_channels = find_rule(op, "channels") != nullptr;
  return has_channels
             ? fmt::format("the filter stands right after the channels, without a word: '{} 64 3x3'", op.name)
             : fmt::format("the filter stands right after the layer, without a word: '{} 3x3'", op.name);
}

}  // namespace

bool is_filter_word(const ast::Argument& argument) {
  const std::string* text = word(argument);
  return text && std::find(std::begin(kFilterWords), std::end(kFilterWords), *text) != std::end(kFilterWords);
}

std::string hint_for_slip(const State& state, const Operator& op, const std::vector<ast::Argument>& arguments,
                          size_t at) {
  const std::string* text = word(arguments[at]);
  if (!text) return "";
  const AttributeRule* pad = find_rule(op, "pad");
  if (pad && *text == "padding") return keyword_usage(*pad);
  if (pad && *text == "same") return "write 'pad same'";
  if (is_filter_word(arguments[at]) && find_rule(op, "filter")) return hint_for_filter(op);
  if (find_layer(*text)) {
    return fmt::format("'{}' is a layer, and so a statement of its own: on the next line, or after ';'",
                       *text);
  }
  return hint_for_spaces(state, arguments, at);
}

}  // namespace cnnc::elaboration
