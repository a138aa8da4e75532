#include "picture/volumes/stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "picture/blocks.h"
#include "picture/runs.h"

namespace cnnc::picture {
namespace {

// Height and width of what has them and more than one element of them.
using Resolution = std::optional<std::pair<int64_t, int64_t>>;
Resolution resolution_of(const Shape& shape) {
  if (!shape.is_map()) return std::nullopt;
  const std::pair<int64_t, int64_t> size = {shape.height(), shape.width()};
  return size.first * size.second == 1 ? std::nullopt : Resolution(size);
}

// Whether its layers are at the resolution of its result, but for first ones that are at that of its input,
// as in a bottleneck whose second convolution has the stride. A pool or an upsampling between the two is to
// be seen.
bool is_at_one_resolution(const std::vector<Layer>& layers, const Run& run) {
  const Resolution result = resolution_of(layers[run.end - 1].shape);
  if (!result || layers[run.begin].inputs.empty()) return false;
  const Resolution begin = resolution_of(layers[layers[run.begin].inputs.at(0)].shape);
  std::vector<Kind> changing;
  bool reached = false;
  for (int i = run.begin; i < run.end; ++i) {
    const Resolution here = resolution_of(layers[i].shape);
    if (!here) continue;  // a gate's vector
    if (here != result && (reached || here != begin)) return false;
    reached = here == result;
    for (const int input : layers[i].inputs)
      if (resolution_of(layers[input].shape) && resolution_of(layers[input].shape) != here)
        changing.push_back(layers[i].kind);
  }
  const auto is_seen = [](Kind kind) { return kind == Kind::pool || kind == Kind::upsampling; };
  return changing.empty() || !std::all_of(changing.begin(), changing.end(), is_seen);
}

// A block of a transformer: it leaves a matrix of tokens as large as it found it.
bool is_of_tokens(const std::vector<Layer>& layers, const Run& run) {
  const Shape& result = layers[run.end - 1].shape;
  const std::vector<int>& inputs = layers[run.begin].inputs;
  return result.rank() == 2 && !inputs.empty() && layers[inputs[0]].shape == result;
}

bool is_a_stage(const std::vector<Layer>& layers, const Run& run) {
  return run.is_scope && run.end - run.begin > 1 && is_left_by_its_last_layer_alone(layers, run) &&
         (is_at_one_resolution(layers, run) || is_of_tokens(layers, run));
}

std::string scope_name(const Layer& layer, size_t depth) {
  std::string name;
  for (size_t i = 0; i <= depth; ++i) name += (i == 0 ? "" : ".") + layer.scope[i];
  return name;
}

// "basic" and 2 of layer1: what all of its parts are; else what its convolutions are if they are alike.
void describe_scope(Stage& stage, const std::vector<Layer>& layers, const Run& run, size_t depth,
                    const ast::File& file) {
  std::set<std::string> blocks, convolutions;
  int64_t count = 0;
  for (int i = run.begin; i < run.end; ++i)
    if (layers[i].kind == Kind::convolution) convolutions.insert(layers[i].what), ++count;
  const std::vector<Run> parts = runs_of(layers, run.begin, run.end, depth + 1);
  bool all_scopes = true;
  for (const Run& part : parts) {
    all_scopes = all_scopes && part.is_scope;
    if (part.is_scope) blocks.insert(block_of(layers, part, depth + 1, file));
  }
  const std::string whole = block_of(layers, run, depth, file);
  const bool is_one_block = !whole.empty() && !all_scopes;
  if (all_scopes && blocks.size() == 1 && !blocks.begin()->empty()) {
    stage.what = *blocks.begin();
    stage.times = static_cast<int64_t>(parts.size());
  } else if (is_one_block && convolutions.size() != 1) {
    stage.what = whole;
  } else if (convolutions.size() == 1) {
    stage.what = *convolutions.begin();
    stage.times = count;
  } else {
    stage.what = whole.empty() ? fmt::format("{} layers", run.end - run.begin) : whole;
  }
}

Kind kind_of_most(const std::vector<Layer>& layers, const Run& run) {
  for (const Kind kind : {Kind::convolution, Kind::upsampling, Kind::dense, Kind::pool})
    for (int i = run.begin; i < run.end; ++i)
      if (layers[i].kind == kind) return kind;
  return Kind::other;
}

Stage stage_of_scope(const std::vector<Layer>& layers, const Run& run, size_t depth, const ast::File& file) {
  Stage stage;
  stage.name = scope_name(layers[run.begin], depth);
  stage.kind = kind_of_most(layers, run);
  stage.shape = layers[run.end - 1].shape;
  stage.first = run.begin;
  stage.count = run.end - run.begin;
  describe_scope(stage, layers, run, depth, file);
  return stage;
}

Stage stage_of_layer(const Layer& layer, int number) {
  Stage stage;
  stage.name = layer.name;
  stage.what = layer.what;
  stage.kind = layer.kind;
  stage.shape = layer.shape;
  stage.first = number;
  return stage;
}

void collect(std::vector<Stage>& stages, const std::vector<Layer>& layers, const Run& range, size_t depth,
             const ast::File& file, const StageOptions& options) {
  for (const Run& run : runs_of(layers, range.begin, range.end, depth)) {
    if (run.end - run.begin == 1)
      stages.push_back(stage_of_layer(layers[run.begin], run.begin));
    else if (!options.expand && is_a_stage(layers, run))
      stages.push_back(stage_of_scope(layers, run, depth, file));
    else
      collect(stages, layers, run, depth + 1, file, options);
  }
}

bool same_links(const Stage& a, const Stage& b) {
  return a.inputs.size() == 1 && b.inputs.size() == 1 && a.within == b.within;
}

// A stage that reads the one before it alone, is read by no other, and is made like it.
bool continues_stage(const std::vector<Stage>& stages, size_t i, const std::vector<int>& readers) {
  if (i == 0 || readers[i - 1] != 1 || stages[i - 1].is_output) return false;
  const Stage &a = stages[i - 1], &b = stages[i];
  return a.what == b.what && a.kind == b.kind && a.shape == b.shape && a.times == b.times &&
         a.kind != Kind::join && a.kind != Kind::input && a.kind != Kind::pool &&
         a.kind != Kind::upsampling && same_links(a, b) && b.inputs[0].from == static_cast<int>(i) - 1 &&
         (a.count == b.count);
}

// "features.10" and "features.14" are "features.10–14", "inception4b" and "inception4d" are "inception4b–4d".
std::string joined_name(const std::string& first, const std::string& last) {
  size_t same = 0;
  while (same < first.size() && same < last.size() && first[same] == last[same]) ++same;
  while (same > 0 && std::isdigit(static_cast<unsigned char>(last[same - 1]))) --same;
  return first + "–" + last.substr(same);
}

std::vector<Stage> merged(const std::vector<Stage>& stages) {
  std::vector<int> readers(stages.size()), place(stages.size());
  for (const Stage& stage : stages)
    for (const Link& link : stage.inputs) ++readers[link.from];
  std::vector<Stage> result;
  size_t first = 0;  // of those that the last of the result stands for
  for (size_t i = 0; i < stages.size(); ++i) {
    if (continues_stage(stages, i, readers)) {
      Stage& whole = result.back();
      whole.name = joined_name(stages[first].name, stages[i].name);
      whole.times += stages[i].times;
      whole.count += stages[i].count;
      whole.is_output = stages[i].is_output;
    } else {
      first = i;
      result.push_back(stages[i]);
      for (Link& link : result.back().inputs) link.from = place[link.from];
    }
    place[i] = static_cast<int>(result.size()) - 1;
  }
  return result;
}

void add_role(std::vector<std::string>& roles, const std::string& role) {
  if (!role.empty() && std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
}

// A shortcut that begins where the stage's first layer reads is inside of it.
void add_link(Stage& stage, int from, const std::string& says) {
  for (const Link& link : stage.inputs)
    if (link.from == from) return add_role(stage.within, says);
  stage.inputs.push_back({from, says});
}

void link(std::vector<Stage>& stages, const std::vector<Layer>& layers) {
  std::vector<int> stage_of(layers.size());
  for (size_t s = 0; s < stages.size(); ++s) {
    Stage& stage = stages[s];
    for (int i = stage.first; i < stage.first + stage.count; ++i) {
      stage_of[i] = static_cast<int>(s);
      stage.is_output = stage.is_output || layers[i].is_output;
      for (size_t k = 0; k < layers[i].inputs.size(); ++k) {
        const int from = stage_of[layers[i].inputs[k]];
        const std::string role = role_of(layers, i, k);
        if (from == static_cast<int>(s))
          add_role(stage.within, role);
        else
          add_link(stage, from, role);
      }
    }
  }
}

}  // namespace

std::vector<Stage> stages_of(const std::vector<Layer>& layers, const ast::File& file,
                             const StageOptions& options) {
  std::vector<Stage> stages;
  collect(stages, layers, {0, static_cast<int>(layers.size()), true}, 0, file, options);
  link(stages, layers);
  return options.expand ? stages : merged(stages);
}

}  // namespace cnnc::picture
