#include "elaborate/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "ops/registry.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

// What other languages and papers call a layer, and what it is called here.
struct Synonym {
  std::string_view word, meaning;
};
constexpr std::array<Synonym, 12> kSynonyms = {{{"linear", "dense"},
                                                {"fc", "dense"},
                                                {"gemm", "dense"},
                                                {"conv2d", "conv"},
                                                {"convolution", "conv"},
                                                {"bn", "batchnorm"},
                                                {"batchnorm2d", "batchnorm"},
                                                {"pool", "maxpool"},
                                                {"averagepool", "avgpool"},
                                                {"gap", "global_avgpool"},
                                                {"parallel", "concat"},
                                                {"sum", "add"}}};
constexpr std::array<const char*, 9> kStatementWords = {"residual", "concat", "group", "repeat",  "input",
                                                        "output",   "from",   "block", "sequence"};

bool is_same_word(std::string_view lower_case, std::string_view word) {
  const auto same = [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); };
  return std::equal(lower_case.begin(), lower_case.end(), word.begin(), word.end(), same);
}

// "; did you mean 'conv'?" for a misspelt or foreign word of a layer; or "".
std::string meant(const State& state, const std::string& word) {
  for (const Synonym& synonym : kSynonyms) {
    if (is_same_word(synonym.word, word)) return fmt::format("; did you mean '{}'?", synonym.meaning);
  }
  std::vector<std::string> words(kStatementWords.begin(), kStatementWords.end());
  for (const Operator* op : operators()) words.emplace_back(op->name);
  for (size_t i = 0; i < state.frames.back().visible_blocks; ++i) words.push_back(state.blocks[i]->name.text);
  return did_you_mean(word, words);
}

}  // namespace

void report_unknown_word(State& state, const ast::Name& name) {
  if (is_reported(state, name.where)) return;
  const auto block = state.block_numbers.find(name.text);
  if (block != state.block_numbers.end()) {
    const ast::Block* caller = state.frames.back().block;
    const Span defined = state.blocks[block->second]->name.where;
    return error(
        state, name.where,
        caller && caller->name.text == name.text
            ? fmt::format("'{}' calls itself", name.text)
            : fmt::format("'{}' is called above its definition on {}", name.text, line_of(state, defined)),
        caller ? "a block may call the blocks that are defined above it" : "move the definition up");
  }
  std::vector<std::string> layers;
  for (const Operator* op : operators()) layers.emplace_back(op->name);
  const std::string suggestion = meant(state, name.text);
  error(state, name.where, fmt::format("unknown layer '{}'{}", text_at(state, name.where), suggestion),
        suggestion.empty() ? fmt::format("the layers are {}", list_of(layers)) : "");
}

}  // namespace cnnc::elaboration
