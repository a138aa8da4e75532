#include "picture/layers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "ops/registry.h"

namespace cnnc::picture {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Kind kind_of(const Node& node) {
  if (is_input(node)) return Kind::input;
  if (node.op == "conv" || node.op == "conv3d") return Kind::convolution;
  if (node.op == "dense" || (node.op == "matmul" && node.inputs.size() == 1)) return Kind::dense;
  if (has(node.op, "pool")) return Kind::pool;
  static const std::set<std::string> upsampling = {"upconv", "upconv3d", "upsample", "resize",
                                                   "depth_to_space"};
  if (upsampling.count(node.op) > 0) return Kind::upsampling;
  return node.inputs.size() > 1 ? Kind::join : Kind::other;
}

std::string spaced(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// "3" for 3x3 where `once` is wanted of equal sizes: strides and factors.
std::string sizes_text(const Attributes& attributes, std::string_view name, bool once) {
  const std::vector<int64_t>& values = sizes(attributes, name);
  const bool equal =
      std::count(values.begin(), values.end(), values.front()) == static_cast<long>(values.size());
  return once && equal ? std::to_string(values.front()) : fmt::format("{}", fmt::join(values, "x"));
}

// Nothing where it is what nobody writes: 1 of a convolution, the filter of a pool.
std::string stride_text(const Node& node) {
  const auto found = node.attributes.find("stride");
  if (found == node.attributes.end() || sizes(node.attributes, "stride").empty()) return "";
  const std::string stride = sizes_text(node.attributes, "stride", true);
  return stride == "1" && kind_of(node) != Kind::pool ? "" : " / " + stride;
}

std::string window_text(const Graph& graph, const Node& node) {
  const bool is_depthwise =
      node.op == "conv" && integer(node.attributes, "groups") > 1 &&
      integer(node.attributes, "groups") == graph.nodes[node.inputs[0]].shape.channels();
  std::string name = is_depthwise ? "depthwise" : node.op;
  if (const size_t pool = name.find("pool"); pool != std::string::npos) name = name.substr(0, pool);
  std::string text = name + " " + sizes_text(node.attributes, "filter", false) + stride_text(node);
  if (node.attributes.find("dilation") == node.attributes.end()) return text;
  const std::string dilation = sizes_text(node.attributes, "dilation", true);
  return dilation == "1" ? text : text + ", every " + dilation;
}

std::string join_sign(const std::string& op) {
  const std::map<std::string, std::string> signs = {{"add", "+"},      {"multiply", "×"},
                                                    {"subtract", "−"}, {"divide", "÷"},
                                                    {"concat", "‖"},   {"concat_along", "‖"}};
  const auto found = signs.find(op);
  return found == signs.end() ? spaced(op) : found->second;
}

std::string what_of(const Graph& graph, const Node& node, Kind kind) {
  if (kind == Kind::input) return "input";
  if (kind == Kind::join) return join_sign(node.op);
  if (node.attributes.find("filter") != node.attributes.end()) return window_text(graph, node);
  if (node.op == "upsample")
    return fmt::format("{} × {}", word(node.attributes, "mode"), sizes_text(node.attributes, "factor", true));
  if (node.op == "global_avgpool") return "global avg";
  if (node.op == "global_maxpool") return "global max";
  return spaced(node.op);
}

// What a layer's picture is not changed by.
bool continues_layer(const Graph& graph, const Node& node) {
  if (node.inputs.size() != 1 || kind_of(node) != Kind::other) return false;
  const Operator* op = find_operator(node.op);
  return node.shape == graph.nodes[node.inputs[0]].shape || (op && op->facts.is_alias) || node.op == "pad";
}

std::vector<int> readers_of(const Graph& graph) {
  std::vector<int> readers(graph.nodes.size());
  for (const Node& node : graph.nodes)
    for (const NodeId input : node.inputs) ++readers[input];
  for (const GraphOutput& output : graph.outputs) ++readers[output.node];
  return readers;
}

// A node that has the name of a scope ends it: the sum of a residual `as NAME`.
std::vector<std::string> scope_of(const std::string& name, const std::set<std::string>& scopes) {
  std::vector<std::string> path;
  size_t begin = 0;
  for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', begin)) {
    path.push_back(name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  if (scopes.count(name)) path.push_back(name.substr(begin));
  return path;
}

std::set<std::string> scopes_of(const Graph& graph) {
  std::set<std::string> scopes;
  for (const Node& node : graph.nodes)
    for (size_t dot = node.name.find('.'); dot != std::string::npos; dot = node.name.find('.', dot + 1))
      scopes.insert(node.name.substr(0, dot));
  return scopes;
}

// Whether the one is computed from the other, or is it.
bool comes_from(const std::vector<Layer>& layers, int layer, int source) {
  std::vector<bool> seen(layer + 1);
  seen[layer] = true;
  for (int i = layer; i > source; --i)
    if (seen[i])
      for (const int input : layers[i].inputs) seen[input] = true;
  return source <= layer && seen[source];
}

}  // namespace

std::string look_of(Kind kind) {
  const char* const looks[] = {"input", "conv", "pool", "dense", "up", "join", "other"};
  return looks[static_cast<int>(kind)];
}

std::string words_for(Kind kind) {
  const char* const words[] = {"input", "convolution", "pooling", "dense", "upsampling", "join", "other"};
  return words[static_cast<int>(kind)];
}

std::vector<Layer> layers_of(const Graph& graph) {
  const std::vector<int> readers = readers_of(graph);
  const std::set<std::string> scopes = scopes_of(graph);
  std::vector<Layer> layers;
  std::vector<int> layer_of(graph.nodes.size());
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (continues_layer(graph, node) && readers[node.inputs[0]] == 1) {
      layer_of[i] = layer_of[node.inputs[0]];
      layers[layer_of[i]].nodes.push_back(node.name);
      continue;
    }
    layer_of[i] = static_cast<int>(layers.size());
    const Kind kind = kind_of(node);
    layers.push_back({node.name,
                      node.op,
                      what_of(graph, node, kind),
                      kind,
                      node.shape,
                      {},
                      {node.name},
                      scope_of(node.name, scopes),
                      node.where,
                      false});
    for (const NodeId input : node.inputs) layers.back().inputs.push_back(layer_of[input]);
  }
  for (const GraphOutput& output : graph.outputs) layers[layer_of[output.node]].is_output = true;
  return layers;
}

std::string role_of(const std::vector<Layer>& layers, int layer, size_t input) {
  const Layer& join = layers[layer];
  if (join.kind != Kind::join) return "";
  if (join.op == "concat" || join.op == "concat_along") return "concat";
  if (join.op == "multiply") return "gate";
  if (join.op != "add") return "";
  const int here = join.inputs[input];
  for (size_t other = 0; other < join.inputs.size(); ++other) {
    if (other == input) continue;
    if (comes_from(layers, join.inputs[other], here)) return "identity";
    if (layers[here].kind == Kind::convolution &&
        comes_from(layers, join.inputs[other], layers[here].inputs[0]))
      return "projection";
  }
  return "";
}

}  // namespace cnnc::picture
