#include "describe/forms/titles.h"

#include <algorithm>
#include <cctype>

#include "describe/text/layers.h"
#include "describe/text/visit.h"
#include "ops/registry.h"
#include "syntax/grammar.h"

namespace cnnc {
namespace {

using Statements = std::vector<ast::Statement>;

// Layers and words of the language cannot be names of blocks.
bool is_reserved(const std::string& title) {
  return find_layer(title) || is_keyword(title) || title == "network" || title == "as";
}

std::string free_title(Titles& titles, const std::string& wanted) {
  if (!is_reserved(wanted) && titles.taken.insert(wanted).second) return wanted;
  for (int number = 2;; ++number)
    if (const std::string title = wanted + std::to_string(number); titles.taken.insert(title).second)
      return title;
}

// "inception" of inception3a and inception4b; "" where they have too little in common.
std::string common_stem(const std::vector<std::string>& names) {
  if (names.size() < 2 || std::find(names.begin(), names.end(), "") != names.end()) return "";
  std::string stem = names[0];
  for (const std::string& name : names)
    stem.resize(static_cast<size_t>(std::mismatch(stem.begin(), stem.end(), name.begin(), name.end()).first -
                                    stem.begin()));
  while (!stem.empty() && !std::isalpha(static_cast<unsigned char>(stem.back()))) stem.pop_back();
  for (char& c : stem) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return stem.size() < 3 ? "" : stem;
}

std::string short_name(const std::string& op) {
  return op == "batchnorm" ? "bn" : op;
}

// The layers and calls in the body, in order.
std::vector<std::string> words_of(Statements& body) {
  std::vector<std::string> words;
  for_each_statement(body, [&](ast::Statement& s) {
    if (const auto* layer = std::get_if<ast::Layer>(&s.what)) words.push_back(short_name(layer->op.text));
    if (const auto* call = std::get_if<ast::Call>(&s.what)) words.push_back(call->block.text);
  });
  return words;
}

bool has_1x1_first(Statements& body) {
  bool is_first = true, result = false;
  for_each_statement(body, [&](ast::Statement& s) {
    auto* layer = std::get_if<ast::Layer>(&s.what);
    const bool is_call = std::holds_alternative<ast::Call>(s.what);  // of what may have convs
    if (!is_first || !(is_call || (layer && layer->op.text == "conv"))) return;
    is_first = false;
    if (is_call) return;
    for_each_attribute(*layer, [&](const AttributeRule& rule, const std::vector<ast::Argument*>& values) {
      const auto* sizes = std::get_if<ast::Dimensions>(values[0]);
      if (rule.name == "filter") result = sizes && is_equal(sizes->sizes[0], number(1));
    });
  });
  return result;
}

// What a squeeze-and-excitation's gate holds: a mean of the map, and at the end what is between 0 and 1.
bool is_excitation(const std::vector<std::string>& words) {
  const bool is_mean = words.front() == "global_avgpool" || words.front() == "avgpool";
  return is_mean && (words.back() == "sigmoid" || words.back() == "hardsigmoid");
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "_") + word;
  return text;
}

// Whether residuals are repeated in it.
bool is_stage(const Statements& body) {
  return std::any_of(body.begin(), body.end(), [](const ast::Statement& s) {
    const auto* repeat = std::get_if<ast::Repeat>(&s.what);
    return repeat && std::any_of(repeat->body.statements.begin(), repeat->body.statements.end(),
                                 [](const auto& r) { return std::holds_alternative<ast::Residual>(r.what); });
  });
}

std::string content_of(Statements& body) {
  if (body.size() == 1)
    if (auto* group = std::get_if<ast::Group>(&body[0].what)) return content_of(group->body.statements);
  const std::vector<std::string> words = words_of(body);
  if (body.size() > 1 && is_stage(body)) return "stage";
  for (ast::Statement& s : body) {
    if (std::holds_alternative<ast::Residual>(s.what))
      return words.size() >= 3 && has_1x1_first(body) ? "bottleneck" : "basic";
    if (std::holds_alternative<ast::Gate>(s.what) && body.size() == 1) return "squeeze_excite";
    if (auto* concat = std::get_if<ast::Concat>(&s.what))
      return concat->branches[0].body.statements.empty() ? "dense_layer" : "mixed";
  }
  if (words.size() >= 3 && is_excitation(words)) return "squeeze_excite";
  if (words.size() <= 3) return joined(words);
  const size_t half = words.size() / 2;
  if (2 * half == words.size() && half <= 3 &&
      std::equal(words.begin(), words.begin() + half, words.begin() + half))
    return joined({words.begin(), words.begin() + half}) + "_twice";
  if (has_1x1_first(body)) return "bottleneck";
  return words[0] + "_block";
}

}  // namespace

std::string title_of_block(Titles& titles, Statements& body, const std::vector<std::string>& names_of_calls) {
  const std::string stem = common_stem(names_of_calls);
  return stem.empty() || is_reserved(stem) ? title_of_sequence(titles, body) : free_title(titles, stem);
}

std::string title_of_sequence(Titles& titles, Statements& body) {
  std::string title = content_of(body);
  if (title.size() > 24) title = "layers";
  return free_title(titles, title);
}

}  // namespace cnnc
