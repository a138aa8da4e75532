#include "driver/options/plot_options.h"

#include <fmt/format.h>

#include "driver/options/cache.h"
#include "driver/options/network_options.h"
#include "driver/options/option_values.h"

namespace cnnc {
namespace {

// What '--input' names: a file that the network reads; of an ONNX model tensors, too, which are no files.
struct Inputs {
  std::vector<std::string> files, tensors;
};

Inputs inputs_of(const Words& words) {
  Inputs inputs;
  for (const std::string& word : words.inputs)
    (!is_onnx(words.model) || is_data(word) ? inputs.files : inputs.tensors).push_back(word);
  return inputs;
}

// What the network is run on to be shown; none without '--input'.
std::optional<ShownInput> shown_input(const Words& words) {
  const std::vector<std::string> files = inputs_of(words).files;
  if (files.empty()) return std::nullopt;
  if (files.size() > 1)
    throw UsageError{fmt::format("'--input' names several files, '{}' and '{}'; what becomes of one is drawn",
                                 files[0], files[1])};
  ShownInput input;
  input.path = files[0];
  input.pictures = picture_options(words);
  input.labels = path_of(words.labels);
  input.jobs = jobs_of(words.jobs);
  if (!words.no_cache) input.cache = cache_of_environment();
  return input;
}

template <class Options>
void set_shown(Options& options, const Words& words) {
  Words network = words;
  network.inputs = inputs_of(words).tensors;
  set_network(options, network);
  options.weights = weights_of(words.weights);
  options.input = shown_input(words);
}

// The first option of those that only say how an input is read and shown; null: none is there.
const char* option_of_input(const Words& words) {
  const std::pair<const char*, bool> options[] = {{"--labels", !words.labels.empty()},
                                                  {"--mean", !words.mean.empty()},
                                                  {"--deviation", !words.deviation.empty()},
                                                  {"--resize", !words.resize.empty()},
                                                  {"--bgr", words.bgr}};
  for (const auto& [option, is_there] : options)
    if (is_there) return option;
  return nullptr;
}

// What the picture that is wanted does not show.
void check_shown(const PlotOptions& options, const Words& words) {
  if (options.what == PlotWhat::maps) {
    if (!options.input)
      throw UsageError{
          "'--what maps' wants what the network is to read: write '--input FILE', with a picture or an "
          "array"};
  } else if (const char* option = options.input ? "--input" : option_of_input(words)) {
    throw UsageError{fmt::format("'{}' is for pictures of maps: write '--what maps' too", option)};
  }
  if (!words.weights.empty() && options.what != PlotWhat::filters && options.what != PlotWhat::maps)
    throw UsageError{
        "'--weights' is for pictures of filters and maps: write '--what filters' or '--what maps' too"};
  if (options.quantization && options.what != PlotWhat::memory && options.what != PlotWhat::maps)
    throw UsageError{
        "'--quantize' is for pictures of the memory and of maps: write '--what memory' or '--what maps' too"};
  if (options.bfloat16 && options.what != PlotWhat::memory)
    throw UsageError{"'--precision bf16' is for pictures of the memory: write '--what memory' too"};
  if (options.layer && options.what != PlotWhat::filters)
    throw UsageError{"'--layer' is for pictures of filters: write '--what filters' too"};
}

}  // namespace

PlotOptions plot_options(const Words& words) {
  PlotOptions options;
  set_shown(options, words);
  options.output = path_of(words.output);
  options.what = what_of(words.what);
  options.style = style_of(words.style);
  options.targets = {targets_of(words.target), words.target.empty()};
  options.expand = words.expand;
  if (options.what != PlotWhat::layers && (!words.style.empty() || words.expand))
    throw UsageError{fmt::format("'{}' is for pictures of the layers; leave it out with '--what {}'",
                                 words.expand ? "--expand" : "--style", words.what)};
  if (options.what != PlotWhat::memory && !words.target.empty())
    throw UsageError{"'--target' is for pictures of the memory: write '--what memory' too"};
  options.layer = path_of(words.layer);
  set_precision(options, words);
  check_shown(options, words);
  return options;
}

ReportOptions report_options(const Words& words) {
  ReportOptions options;
  set_shown(options, words);
  options.output = path_of(words.output);
  options.targets = {targets_of(words.target), words.target.empty()};
  set_precision(options, words);
  options.measure = words.measure;
  options.date = words.date;
  options.jobs = jobs_of(words.jobs);
  if (!words.no_cache) options.cache = cache_of_environment();
  options.command = words.command;
  if (const char* option = options.input ? nullptr : option_of_input(words))
    throw UsageError{fmt::format("'{}' says how an input is shown: write '--input FILE' too", option)};
  return options;
}

}  // namespace cnnc
