#include "onnx/names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

namespace cnnc::onnx {
namespace {

using Parts = std::vector<std::string>;

// Longer paths say nothing to anyone; the language has names of up to 1024 bytes.
constexpr size_t kLongestPath = 200;

// The suffixes by which a weight's name names what has it, in the order in which they are looked for.
constexpr std::string_view kWeightSuffixes[] = {".weight", ".bias", "_weight", "_bias", "_gamma", "_beta"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

Parts split(std::string_view text, char separator) {
  Parts parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// An identifier, or a number as counting gives it: "7x7" becomes "_7x7".
std::string part_of_path(const std::string& text) {
  const std::string part = identifier_of(text);
  if (part.empty() || !is_digit(part[0])) return part == "as" ? "as_" : part;
  return is_number(part) && part.size() < 10 && (part[0] != '0' || part.size() == 1) ? part : "_" + part;
}

std::string path_of(std::string_view dotted) {
  if (dotted.size() > kLongestPath) return "";
  Parts parts;
  for (const std::string& text : split(dotted, '.'))
    if (std::string part = part_of_path(text); !part.empty()) parts.push_back(std::move(part));
  return fmt::format("{}", fmt::join(parts, "."));
}

// "/layer1/layer1.0/conv1/Conv": modules from the outermost, those of a torch.nn.Sequential with its name in
// front, and the operator.
std::string path_of_modules(std::string_view name) {
  Parts path;
  std::string last;
  Parts modules = split(name, '/');
  if (!modules.empty()) modules.pop_back();
  for (const std::string& module : modules) {
    if (!path.empty() && begins_with(module, last + ".")) path.pop_back();
    path.push_back(last = module);
  }
  return path_of(fmt::format("{}", fmt::join(path, ".")));
}

// The first scopes of what Keras and tf2onnx write are of the whole model and say nothing.
bool is_whole_model(std::string_view scope) {
  for (const std::string_view word :
       {"StatefulPartitionedCall", "PartitionedCall", "model", "sequential", "functional"})
    if (begins_with(scope, word)) {
      const std::string_view rest = scope.substr(word.size());
      if (rest.empty() || (rest[0] == '_' && is_number(rest.substr(1)))) return true;
    }
  return false;
}

// "StatefulPartitionedCall/model/block1/conv2d/Conv2D": scopes, and TensorFlow's operator.
std::string path_of_scopes(std::string_view name) {
  Parts scopes = split(name, '/');
  if (!scopes.empty()) scopes.pop_back();
  const auto first = std::find_if_not(scopes.begin(), scopes.end(), is_whole_model);
  return path_of(fmt::format("{}", fmt::join(first, scopes.end(), ".")));
}

// "Conv_12", "Conv12", "12", "node_12": counted by an exporter.
bool is_counted(std::string_view name, std::string_view op) {
  const size_t digits = name.find_last_not_of("0123456789") + 1;
  if (digits == 0) return true;
  std::string_view word = name.substr(0, digits);
  while (!word.empty() && word.back() == '_') word.remove_suffix(1);
  return word == op || word == "node" || word == "n";
}

std::string path_of_name(const Node& node) {
  if (node.name.empty()) return "";
  if (node.name[0] == '/') return path_of_modules(node.name);
  if (node.name.find('/') != std::string::npos) return path_of_scopes(node.name);
  return is_counted(node.name, node.op) ? "" : path_of(node.name);
}

// What an initializer's name says of who has it; "" of a number such as "onnx::Conv_193".
std::string path_of_weight(std::string_view name, std::string_view suffix) {
  return ends_with(name, suffix) ? path_of(name.substr(0, name.size() - suffix.size())) : "";
}

// The nodes by the values that they compute.
using Producers = std::map<std::string, const Node*>;

// The initializer that a value is, perhaps under other dimensions or converted; "" if it is none.
std::string initializer_of(const Model& model, const Producers& producers, std::string value) {
  for (int step = 0; step < 8; ++step) {
    if (model.constants.count(value)) return value;
    const auto found = producers.find(value);
    if (found == producers.end()) return "";
    const Node& node = *found->second;
    const std::string_view rearranging = " Transpose Identity Cast Reshape Unsqueeze Squeeze ";
    if (node.inputs.empty() || rearranging.find(" " + node.op + " ") == std::string_view::npos) return "";
    value = node.inputs[0];
  }
  return "";
}

// Of an operator's second input and those after it: the first is what it is applied to.
std::string path_of_weights(const Model& model, const Producers& producers, const Node& node) {
  std::vector<std::string> names;
  const size_t count = std::min<size_t>(node.inputs.size(), 8);
  for (size_t i = 0; i < count; ++i)
    if (std::string name = initializer_of(model, producers, node.inputs[i]); !name.empty())
      names.push_back(std::move(name));
  for (const std::string_view suffix : kWeightSuffixes)
    for (const std::string& name : names)
      if (std::string path = path_of_weight(name, suffix); !path.empty()) return path;
  return "";
}

// Modules are named reliably: PyTorch 1.13 gives weights that are equal, as new ones are, to whichever comes
// first. A weight that a module's function has of its own lies deeper.
std::string path_of_node(const Model& model, const Producers& producers, const Node& node) {
  const std::string of_weights = path_of_weights(model, producers, node), of_name = path_of_name(node);
  const bool is_module = !of_name.empty() && node.name[0] == '/';
  const bool agree = of_weights == of_name || begins_with(of_weights, of_name + ".");
  return of_weights.empty() || (is_module && !agree) ? of_name : of_weights;
}

// All that stands before a dot of a name.
void add_scopes(std::string_view name, std::set<std::string, std::less<>>& scopes) {
  for (size_t dot = name.rfind('.'); dot != std::string_view::npos; dot = name.rfind('.', dot - 1)) {
    if (!scopes.emplace(name.substr(0, dot)).second || dot == 0) return;
  }
}

bool has_name(const cnnc::Node& node) {
  return !node.name.empty() && node.name[0] != '%';
}

// Names that are given out once each.
struct UniqueNames {
  std::set<std::string, std::less<>> scopes = {}, taken = {};
  std::map<std::string, int, std::less<>> counts = {};

  std::string take(std::string name, std::string_view op) {
    while (scopes.count(name)) name += fmt::format(".{}", op);
    std::string unique = name;
    for (int& count = counts.try_emplace(name, 1).first->second; taken.count(unique) || scopes.count(unique);)
      unique = fmt::format("{}_{}", name, ++count);
    taken.insert(unique);
    return unique;
  }
};

}  // namespace

std::string identifier_of(const std::string& text) {
  std::string identifier = text;
  for (char& c : identifier)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return identifier.find_first_not_of('_') == std::string::npos ? "" : identifier;
}

void find_paths(Model& model) {
  Producers producers;
  for (const Node& node : model.nodes)
    for (const std::string& output : node.outputs) producers.emplace(output, &node);
  for (Node& node : model.nodes) node.path = path_of_node(model, producers, node);
}

Graph with_unique_names(Graph graph) {
  UniqueNames names;
  for (const cnnc::Node& node : graph.nodes)
    if (has_name(node)) add_scopes(node.name, names.scopes);
  for (const NodeId input : graph.inputs) names.taken.insert(graph.nodes[input].name);
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    cnnc::Node& node = graph.nodes[id];
    if (node.op != "input")
      node.name = has_name(node) ? names.take(node.name, node.op) : fmt::format("%{}", id);
    node.covers = {node.name};
  }
  return graph;
}

}  // namespace cnnc::onnx
