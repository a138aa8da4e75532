#include "onnx/names/node_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "onnx/names/identifiers.h"

namespace cnnc::onnx {
namespace {

using Parts = std::vector<std::string>;

// Longer paths say nothing to anyone; the language has names of up to 1024 bytes.
constexpr size_t kLongestPath = 200;

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

// What a counted name counts: "Conv" of "Conv_12", "Conv__12" and "Conv12", "p2o.Conv" of "p2o.Conv.12".
std::string_view without_count(std::string_view name) {
  name = name.substr(0, name.find_last_not_of("0123456789") + 1);
  while (!name.empty() && (name.back() == '_' || name.back() == '.')) name.remove_suffix(1);
  return name;
}

// What Keras and PaddlePaddle call layers ("conv2d", "conv2d_1", "conv2d_2") and TensorFlow arithmetic
// ("mul_3") where nobody has named them.
constexpr std::string_view kCountedLayers[] = {"activation",
                                               "add",
                                               "average",
                                               "average_pooling1d",
                                               "average_pooling2d",
                                               "batch_norm",
                                               "batch_normalization",
                                               "concatenate",
                                               "conv1d",
                                               "conv1d_transpose",
                                               "conv2d",
                                               "conv2d_transpose",
                                               "dense",
                                               "depthwise_conv2d",
                                               "div",
                                               "dropout",
                                               "elu",
                                               "flatten",
                                               "global_average_pooling2d",
                                               "global_max_pooling2d",
                                               "leaky_re_lu",
                                               "linear",
                                               "max_pooling1d",
                                               "max_pooling2d",
                                               "mul",
                                               "multiply",
                                               "normalization",
                                               "p_re_lu",
                                               "pool2d",
                                               "re_lu",
                                               "rescaling",
                                               "reshape",
                                               "separable_conv2d",
                                               "softmax",
                                               "sub",
                                               "subtract",
                                               "truediv",
                                               "up_sampling2d",
                                               "zero_padding2d"};

// Whether a framework has called a layer so by itself: "conv2d_3", "tf.math.add_1", "tf_op_layer_Pad".
bool is_counted_layer(std::string_view name) {
  if (begins_with(name, "tf.") || begins_with(name, "tf_op_layer_")) return true;
  const auto* end = std::end(kCountedLayers);
  return std::find(std::begin(kCountedLayers), end, without_count(name)) != end;
}

// "model/conv2d/BiasAdd;model/conv2d/Conv2D": TensorFlow Lite joins the names of what it makes one operator
// of, and of others that have an equal constant. The first that names an operator with weights is meant.
std::string_view main_part(std::string_view name) {
  const std::string_view first = name.substr(0, name.find(';'));
  for (size_t begin = 0; begin < name.size();) {
    const std::string_view part = name.substr(begin, name.find(';', begin) - begin);
    const std::string_view op = part.substr(part.rfind('/') + 1);
    for (const std::string_view word : {"Conv2D", "depthwise", "conv2d_transpose", "Conv1D", "MatMul"})
      if (begins_with(op, word)) return part;
    begin += part.size() + 1;
  }
  return first;
}

// The scopes of "StatefulPartitionedCall/model/block1/conv2d/Conv2D", which ends with TensorFlow's operator.
Parts scopes_of(std::string_view name) {
  Parts scopes = split(name, '/');
  if (!scopes.empty()) scopes.pop_back();
  scopes.erase(scopes.begin(), std::find_if_not(scopes.begin(), scopes.end(), is_whole_model));
  return scopes;
}

// `whole` is the scope that all names of the model have in front; "": there is none.
std::string path_of_scopes(std::string_view name, const std::string& whole) {
  Parts scopes = scopes_of(name);
  if (!whole.empty() && !scopes.empty() && scopes[0] == whole) scopes.erase(scopes.begin());
  if (scopes.size() == 1 && is_counted_layer(scopes[0])) return "";
  for (std::string& scope : scopes) std::replace(scope.begin(), scope.end(), '.', '_');
  return path_of(fmt::format("{}", fmt::join(scopes, ".")));
}

// "Conv_12", "Conv12", "12", "node_12", "node_relu_3", "p2o.Conv.12", and "Relu6__12" of any word: counted by
// an exporter; "batch_norm_3.tmp_2": by PaddlePaddle.
bool is_counted(std::string_view name, std::string_view op) {
  const std::string_view word = without_count(name), rest = name.substr(word.size());
  if (word.empty() || begins_with(name, "p2o.") || begins_with(name, "node_")) return true;
  const bool has_number = !rest.empty() && is_digit(rest.back());
  if (has_number && (begins_with(rest, "__") || word == op || word == "node" || word == "n")) return true;
  return ends_with(word, ".tmp") || is_counted_layer(name);
}

bool is_of_scopes(std::string_view name) {
  return !name.empty() && name[0] != '/' && name.find('/') != std::string_view::npos;
}

// Whether the last part of a name of TensorFlow's is the operator: "Conv2D", "depthwise".
bool is_operator(std::string_view part) {
  return part == "depthwise" || (!part.empty() && std::isupper(static_cast<unsigned char>(part[0])) != 0);
}

}  // namespace

std::string whole_model(const Model& model) {
  std::set<std::string> first, second;
  for (const Node& node : model.nodes) {
    const std::string_view name = main_part(node.name);
    const Parts scopes = is_of_scopes(name) ? scopes_of(name) : Parts();
    if (scopes.empty()) continue;
    first.insert(scopes[0]);
    second.insert(scopes.size() > 1 ? scopes[1] : "");
  }
  return first.size() == 1 && second.size() > 1 ? *first.begin() : "";
}

std::string path_of_name(const Node& node, const std::string& whole) {
  // A part of a tensor is said to be of the module that reads it, however deep that lies.
  if (node.module) return node.op == "Slice" || node.op == "Split" ? "" : path_of(*node.module);
  const std::string_view name = main_part(node.name);
  if (name.empty()) return "";
  if (name[0] == '/') return path_of_modules(name);
  if (is_of_scopes(name)) return path_of_scopes(name, whole);
  return is_counted(name, node.op) ? "" : path_of(name);
}

std::string path_of_weight(std::string_view name, std::string_view suffix, const std::string& whole) {
  name = main_part(name);
  if (!ends_with(name, suffix)) return "";
  name.remove_suffix(suffix.size());
  if (!is_of_scopes(name)) return path_of(name);
  const bool ends_with_op = is_operator(name.substr(name.rfind('/') + 1));
  return path_of_scopes(ends_with_op ? std::string(name) : fmt::format("{}/Op", name), whole);
}

}  // namespace cnnc::onnx
