#include "onnx/import/translate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "elaborate/identifiers/identifiers.h"
#include "onnx/fold/fold.h"
#include "onnx/general/recognise_norms.h"
#include "onnx/import/frontier.h"
#include "onnx/import/input_sizes.h"
#include "onnx/import/inputs.h"
#include "onnx/import/map_node.h"
#include "onnx/import/outputs.h"
#include "onnx/import/pictures.h"
#include "onnx/names/names.h"
#include "onnx/patterns/recognise.h"
#include "onnx/quantized/constants.h"
#include "onnx/quantized/dequantize.h"
#include "onnx/quantized/expand.h"
#include "onnx/tensors/affine.h"
#include "onnx/translation/translation.h"
#include "onnx/translation/whole_numbers.h"
#include "onnx/walk/obstacles.h"
#include "onnx/walk/order.h"
#include "onnx/walk/part.h"
#include "passes/edit/rewrite.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

int64_t elements_of_weights(const Model& model) {
  int64_t own = 0;
  for (const auto& [name, constant] : model.constants) own += constant.floats ? elements(constant.dims) : 0;
  return own;
}

// A value that a parameter cannot have; null: there is none. A constant tensor may hold infinities.
const float* first_bad(const std::shared_ptr<const std::vector<float>>& values, bool may_be_infinite) {
  if (!values) return nullptr;
  const auto found = std::find_if(values->begin(), values->end(), [&](float v) {
    return may_be_infinite ? std::isnan(v) : !std::isfinite(v);
  });
  return found == values->end() ? nullptr : &*found;
}

std::string hint_for(float bad) {
  if (std::isnan(bad)) return kNoNumberHint;
  return "weights are finite numbers: take a checkpoint from before; constants that are added, multiplied, "
         "compared or chosen may hold infinities";
}

// Weights of the graph's nodes from `first` on, which the node has become: said here, where they have the
// names that the file gives them.
void check_weights(const Translation& t, const Node& node, size_t first) {
  for (size_t id = first; id < t.graph.nodes.size(); ++id)
    for (const Parameter& parameter : t.graph.nodes[id].parameters) {
      const bool may_be_infinite = parameter.name == "value";
      const float* bad = first_bad(parameter.values, may_be_infinite);
      if (!bad) continue;
      for (size_t i = 0; i < node.inputs.size(); ++i)
        if (const Constant* c = constant_input(t, node, i); c && first_bad(c->floats, may_be_infinite))
          throw Unmapped{fmt::format("its constant {} holds {}", quote(node.inputs[i]),
                                     *first_bad(c->floats, may_be_infinite)),
                         hint_for(*bad)};
      if (std::isnan(*bad)) throw Unmapped{"an attribute of it is not a number", kNoNumberHint};
    }
}

// The first output that the model uses, and the node has not.
const std::string* missing_output(const Translation& t, const Node& node,
                                  const std::set<std::string>& needed) {
  const auto found = std::find_if(node.outputs.begin(), node.outputs.end(), [&](const std::string& output) {
    return !output.empty() && needed.count(output) && !t.values.count(output) && !t.sequences.count(output);
  });
  return found == node.outputs.end() ? nullptr : &*found;
}

// What a mapping leaves out, since it is rarely used, a composition may have.
void complete_outputs(Translation& t, const Node& node, const std::set<std::string>& needed) {
  const std::string* missing = missing_output(t, node, needed);
  if (!missing || (map_composed(t, node) && !(missing = missing_output(t, node, needed)))) return;
  throw Unmapped{fmt::format("its output number {}, {}, which the model uses, has no counterpart in cnnc",
                             missing - node.outputs.data() + 1, quote(*missing)),
                 ""};
}

bool any_of(const std::vector<std::string>& values, const std::set<std::string>& set) {
  return std::any_of(values.begin(), values.end(), [&](const auto& value) { return set.count(value) > 0; });
}

// Walks the nodes that the outputs need. What depends on one that cannot be mapped is looked at no further
// than its operator, so that each reason is given once: its values are added to the `unknown` ones.
Obstacles map_nodes(Translation& t, const Model& model, const std::set<std::string>& needed,
                    std::set<std::string>& unknown) {
  Obstacles obstacles;
  for (const Node& node : model.nodes) {
    if (!any_of(node.outputs, needed)) continue;
    bool done = false;
    try {
      if (any_of(node.inputs, unknown)) {
        require_known_operator(node);
      } else {
        const size_t first = t.graph.nodes.size();
        map_node(t, node);
        complete_outputs(t, node, needed);
        check_weights(t, node, first);
        done = true;
      }
    } catch (const Unmapped& reason) {
      add_obstacle(obstacles, t, node, reason);
    }
    if (!done) unknown.insert(node.outputs.begin(), node.outputs.end());
    unknown.erase("");
  }
  return obstacles;
}

Graph without_dead_nodes(Graph graph) {
  std::vector<bool> alive(graph.nodes.size(), false);
  for (const NodeId input : graph.inputs) alive[input] = true;
  for (const GraphOutput& output : graph.outputs) alive[output.node] = true;
  for (size_t id = graph.nodes.size(); id-- > 0;)
    if (alive[id])
      for (const NodeId input : graph.nodes[id].inputs) alive[input] = true;
  return keep_nodes(std::move(graph), alive);
}

// Models are rarely named by people: PyTorch calls all of them "torch_jit". Ours are.
std::string network_name(const Model& model, const std::string& file) {
  const bool is_ours = model.producer.rfind("cnnc", 0) == 0 && !model.name.empty();
  return elaboration::identifier_of_path(is_ours ? model.name : file);
}

// The model with paths, activations that are several nodes as one, and numbers that stand for reals as these.
RealModel prepared(Model model) {
  RealConstants constants{std::move(model), {}};
  const bool has_numbers = is_quantized(constants.model);
  if (has_numbers)
    constants = with_real_constants(expand_quantized(with_initializers(std::move(constants.model))));
  find_paths(constants.model);
  Model recognised = recognise_activations(std::move(constants.model));
  if (!has_numbers) return {std::move(recognised), {}};
  return dequantize(std::move(recognised), constants.scales);
}

// The notes, of those things that are many in a model one.
std::vector<std::string> notes_of(Translation& t, const Model& model) {
  if (!model.defaults.empty())
    t.notes.push_back("inputs that have a value in the model are constants of the network: " +
                      listed(model.defaults));
  if (!t.renamed.empty()) t.notes.push_back(fmt::format("in the network {}", fmt::join(t.renamed, ", ")));
  return std::move(t.notes);
}

// A model while it is translated.
struct Walk {
  const RealModel& real;
  const TranslateOptions& options;
  const std::string& file;
  const Model& model = real.model;
  std::set<std::string> needed = needed_values(model);
  Translation t = {};
  std::set<std::string> unknown = {};  // values that are none of the network
};

// The nodes that the outputs need, as far as they can be mapped.
Obstacles walk_nodes(Walk& walk, Reading reading, Diagnostics& diagnostics) {
  Translation& t = walk.t;
  t.opset = walk.model.opset;
  t.rounded = rounded_values(walk.model.nodes);
  const int64_t weights = elements_of_weights(walk.model);
  t.allowance = (int64_t{1} << 26) + 4 * weights;  // what a model of this size may come to be
  t.folding_left = folded_elements(weights);
  for (const auto& [name, constant] : walk.model.constants) t.values.emplace(name, constant);
  walk.unknown = add_inputs(t, walk.model, walk.options, reading, walk.needed, walk.file, diagnostics);
  return map_nodes(t, walk.model, walk.needed, walk.unknown);
}

// With what the model does to pixels folded into its inputs, where that is wanted; notes what there is of it.
Graph with_pictures(Graph graph, bool folds, const QuantizedValues& values, std::vector<std::string>& notes) {
  FoldedPictures folded = fold_pictures(graph, stored_nodes(graph, values));
  for (std::string& note : notes_of_pictures(graph, folded, folds)) notes.push_back(std::move(note));
  return folds ? without_dead_nodes(std::move(folded.graph)) : graph;
}

std::optional<Network> finished(Walk& walk, Diagnostics& diagnostics) {
  Translation& t = walk.t;
  add_outputs(t, walk.model, walk.unknown, walk.file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  Graph graph = without_dead_nodes(in_topological_order(std::move(t.graph)));
  const QuantizedValues& values = walk.real.values;
  const std::set<NodeId> stored = stored_nodes(graph, values);
  graph = without_dead_nodes(merge_affines(std::move(graph), t.affines, stored));
  graph = with_pictures(std::move(graph), walk.options.folds_pixels, values, t.notes);
  graph = without_dead_nodes(recognise_norms(std::move(graph)));
  std::optional<NetworkQuantization> quantization;
  if (!values.tensors.empty()) quantization = quantization_of(graph, values);
  graph = with_unique_names(std::move(graph));
  graph.name = network_name(walk.model, walk.file);
  return Network{std::move(graph), walk.options.images.value_or(t.images), notes_of(t, walk.model),
                 std::move(quantization)};
}

// "'--output a --output b'": where the model can be cut so that the rest is a network; "" where nowhere. It
// is tried before it is said.
std::string where_to_cut(const Model& original, Walk& walk, Reading reading) {
  const std::vector<std::string> frontier = frontier_of(walk.t, walk.model, walk.needed, walk.unknown);
  if (frontier.empty()) return "";
  const RealModel part = prepared(with_inputs(with_outputs(original, frontier), {}));
  Walk again{part, walk.options, walk.file};
  Diagnostics unseen;
  const Obstacles none = walk_nodes(again, reading, unseen);
  return none.all.empty() && finished(again, unseen) ? cut_options(frontier) : "";
}

std::optional<Network> translated(const Model& original, const RealModel& model,
                                  const TranslateOptions& options, Reading reading, const std::string& file,
                                  Diagnostics& diagnostics) {
  Walk walk{model, options, file};
  const Obstacles obstacles = walk_nodes(walk, reading, diagnostics);
  if (!obstacles.all.empty()) report(obstacles, where_to_cut(original, walk, reading), file, diagnostics);
  return finished(walk, diagnostics);
}

// The sizes of a value; that of a batch that no input fixes is left open.
std::vector<Dimension> dimensions_of(const Value& value, bool fixes_batch) {
  if (const auto* constant = std::get_if<Constant>(&value)) {
    std::vector<Dimension> known;
    for (const int64_t size : constant->dims) known.push_back({size, ""});
    return known;
  }
  const View& view = std::get<View>(value);
  std::vector<Dimension> dims;
  for (const int64_t size : dims_of(view)) dims.push_back({size, ""});
  const bool has_batch =
      !view.dims.empty() && std::all_of(view.dims[0].begin(), view.dims[0].end(),
                                        [](const Factor& f) { return f.axis == Axis::batch; });
  if (has_batch && !fixes_batch) dims[0] = {std::nullopt, "N"};
  return dims;
}

}  // namespace

// A model whose input has no batch is none with one: what adds the batch would add a second. Of two readings
// that both fail, the one with fewer errors is more likely meant; of an input of one size, that without.
std::optional<Network> translate(const Model& original, const TranslateOptions& options,
                                 const std::string& file, Diagnostics& diagnostics) {
  const RealModel real = prepared(original);
  const Model& model = real.model;
  Diagnostics first = diagnostics, second = diagnostics;
  auto network = translated(original, real, options, Reading::with_batch, file, first);
  const GivenSizes given = given_sizes(model, options);
  const bool may_lack = std::any_of(model.inputs.begin(), model.inputs.end(),
                                    [&](const ValueInfo& info) { return may_lack_batch(info, given); });
  if (!network && may_lack)
    network = translated(original, real, options, Reading::without_batch, file, second);
  if (network) return network;
  const bool has_single = std::any_of(model.inputs.begin(), model.inputs.end(), [&](const ValueInfo& info) {
    return may_lack_batch(info, given) && info.dims->size() == 1;
  });
  const bool is_second = may_lack && second.count() < first.count() + (has_single ? 1 : 0);
  diagnostics = is_second ? second : first;
  return std::nullopt;
}

std::map<std::string, std::vector<Dimension>> sizes_of_values(const Model& original,
                                                              const TranslateOptions& options,
                                                              const std::string& file) {
  const RealModel real = prepared(original);
  const Model& model = real.model;
  std::map<std::string, std::vector<Dimension>> sizes;
  for (const Reading reading : {Reading::with_batch, Reading::without_batch}) {
    Walk walk{real, options, file};
    Diagnostics unseen;
    walk_nodes(walk, reading, unseen);
    const bool fixes = fixes_batch(model) || reading == Reading::without_batch;
    for (const ValueInfo& output : model.outputs)
      if (const auto value = walk.t.values.find(output.name); value != walk.t.values.end())
        sizes.emplace(output.name, dimensions_of(value->second, fixes));
  }
  return sizes;
}

}  // namespace cnnc::onnx
