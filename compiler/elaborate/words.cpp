#include "elaborate/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ops/registry.h"
#include "support/suggest.h"

namespace cnnc::elaboration {
namespace {

// What other languages and papers call a layer, and what it is called here.
struct Synonym {
  std::string_view word, meaning;
};
constexpr Synonym kSynonyms[] = {
    {"linear", "dense"},
    {"fc", "dense"},
    {"gemm", "dense"},
    {"conv2d", "conv"},
    {"convolution", "conv"},
    {"bn", "batchnorm"},
    {"batchnorm1d", "batchnorm"},
    {"batchnorm2d", "batchnorm"},
    {"batchnorm3d", "batchnorm"},
    {"pool", "maxpool"},
    {"averagepool", "avgpool"},
    {"max_pool3d", "maxpool3d"},
    {"avg_pool3d", "avgpool3d"},
    {"averagepool3d", "avgpool3d"},
    {"gap", "global_avgpool"},
    {"parallel", "concat"},
    {"sum", "add"},
    {"chunk", "split"},
    {"pixelshuffle", "depth_to_space"},
    {"pixel_shuffle", "depth_to_space"},
    {"pixelunshuffle", "space_to_depth"},
    {"pixel_unshuffle", "space_to_depth"},
    {"adaptiveavgpool", "adaptive_avgpool"},
    {"adaptiveavgpool2d", "adaptive_avgpool"},
    {"adaptivemaxpool", "adaptive_maxpool"},
    {"adaptivemaxpool2d", "adaptive_maxpool"},
    {"convtranspose", "upconv"},
    {"convtranspose2d", "upconv"},
    {"convtranspose3d", "upconv3d"},
    {"deconv3d", "upconv3d"},
    {"instancenorm3d", "instancenorm"},
    {"deconv", "upconv"},
    {"deconv2d", "upconv"},
    {"deconvolution", "upconv"},
    {"tconv", "upconv"},
    {"transposedconv", "upconv"},
    {"upconv2d", "upconv"},
    {"localresponsenorm", "lrn"},
    {"layernorm2d", "layernorm"},
    {"instancenorm1d", "instancenorm"},
    {"instancenorm2d", "instancenorm"},
    {"normalize", "l2norm"},
    {"interpolate", "resize"},
    {"gridsample", "grid_sample"},
    {"gridsampler", "grid_sample"},
    {"spatial_transformer", "grid_sample"},
    {"upsampling", "upsample"},
    {"upsampling2d", "upsample"},
    {"zeropad2d", "pad"},
    {"reflectionpad2d", "pad"},
    {"replicationpad2d", "pad"},
    {"constantpad", "pad_along"},
    {"constantpad1d", "pad_along"},
    {"constantpad3d", "pad_along"},
    {"reflectionpad1d", "pad_along"},
    {"reflectionpad3d", "pad_along"},
    {"replicationpad1d", "pad_along"},
    {"replicationpad3d", "pad_along"},
    {"circularpad", "pad_along"},
    {"circularpad2d", "pad_along"},
    {"mul", "multiply"},
    {"swish", "silu"},
    {"hswish", "hardswish"},
    {"hard_swish", "hardswish"},
    {"hsigmoid", "hardsigmoid"},
    {"lrelu", "leaky_relu"},
    {"hardtanh", "clip"},
    {"clamp", "clip"},
    {"hardshrink", "shrink"},
    {"softshrink", "shrink"},
    {"thresholdedrelu", "threshold"},
    {"ln", "log"},
    {"negative", "neg"},
    {"concat_along", "concat along"},
};
// Layers that others know and that are none here, in small letters without '_', each between spaces. A layer
// that is spelt alike has other mathematics.
constexpr std::string_view kOtherLayers =
    " attention avgpool1d conv1d embedding glu gru "
    "logsigmoid lppool lstm maxpool1d "
    "maxunpool maxunpool2d rrelu softmin sub unpool ";
constexpr const char* kStatementWords[] = {"residual", "gate",   "concat", "group", "repeat",
                                           "input",    "output", "from",   "block", "sequence"};

bool is_same_word(std::string_view lower_case, std::string_view word) {
  const auto same = [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); };
  return std::equal(lower_case.begin(), lower_case.end(), word.begin(), word.end(), same);
}

bool is_other_layer(std::string_view word) {
  std::string plain = " ";
  for (const char c : word) {
    if (c != '_') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return kOtherLayers.find(plain + " ") != std::string_view::npos;
}

// The operators by the words that stand for them in a text: 'concat along' is a form of 'concat'.
std::vector<std::string> layer_words() {
  std::vector<std::string> words;
  for (const Operator* op : operators())
    if (op->name != "concat_along") words.emplace_back(op->name);
  return words;
}

void add_visible_blocks(const State& state, std::vector<std::string>& words) {
  for (size_t i = 0; i < state.frames.back().visible_blocks; ++i) words.push_back(state.blocks[i]->name.text);
}

// "; did you mean 'conv'?" for a misspelt or foreign word of a layer; or "".
std::string meant(const State& state, const std::string& word) {
  for (const Synonym& synonym : kSynonyms) {
    if (is_same_word(synonym.word, word)) return fmt::format("; did you mean '{}'?", synonym.meaning);
  }
  std::vector<std::string> words = layer_words();
  words.insert(words.begin(), std::begin(kStatementWords), std::end(kStatementWords));
  add_visible_blocks(state, words);
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
  const bool is_other = is_other_layer(name.text);
  std::vector<std::string> blocks;
  add_visible_blocks(state, blocks);
  const std::string suggestion = is_other ? did_you_mean(name.text, blocks) : meant(state, name.text);
  const std::string hint = suggestion.empty() ? fmt::format("the layers are {}", list_of(layer_words())) : "";
  const std::string text = text_at(state, name.where);
  error(state, name.where,
        is_other ? fmt::format("there is no layer '{}' yet{}", text, suggestion)
                 : fmt::format("unknown layer '{}'{}", text, suggestion),
        hint);
}

}  // namespace cnnc::elaboration
