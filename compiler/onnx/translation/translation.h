// The state of one translation, and what is written with it: a node's inputs, the nodes that they become.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graph/graph.h"
#include "onnx/model.h"
#include "onnx/names/interface_names.h"
#include "onnx/translation/view.h"
#include "onnx/unmapped.h"

namespace cnnc::onnx {

// A value of the model: known, or a tensor of the network.
using Value = std::variant<Constant, View>;

// y = scale x + shift, a value of each for every channel, in double.
struct Affine {
  std::vector<double> scale, shift;
};

// What the batchnorms that were made for arithmetic with constants stand for, by the values of their
// parameter "weight".
using Affines = std::map<std::shared_ptr<const std::vector<float>>, Affine>;

struct Translation {
  int64_t opset = 0;
  int64_t images = 1;
  Graph graph;  // a node covers what the file calls its tensor, in any order of the elements
  std::map<std::string, Value> values;  // of the nodes so far
  std::set<std::string> integers;       // values among them that are of whole numbers, see whole_numbers.h
  std::map<std::string, std::vector<std::string>> sequences;  // the values that each has
  std::set<std::string> rounded;          // values that are rounded next, see whole_numbers.h
  std::map<NodeId, std::string> tensors;  // what the file calls them, where it has them in their order
  // A map's vector, a vector's map Cx1x1, and views that were made maps, once made.
  std::map<NodeId, NodeId> flattened, unflattened;
  std::map<std::pair<NodeId, std::vector<Factors>>, NodeId> arranged;
  // Views that were made tensors of any rank, by their dimensions without the batch.
  std::map<std::pair<NodeId, std::vector<Factors>>, NodeId> rearranged;
  // Whether maps and vectors may be made of views by 'reshape' and 'permute': where nothing else is possible.
  bool rearranges = false;
  Affines affines;  // what batchnorms that were made for arithmetic stand for
  InterfaceNames interface_names;
  int64_t allowance = 0;             // how many elements may still be made, see spend
  int64_t folding_left = 0;          // how many elements may still be folded, see fold.h
  std::set<NodeId> fixed_inputs;     // whose dimensions do not change any more, see redeclare.h
  std::vector<std::string> notes;    // see Network
  std::vector<std::string> renamed;  // "input 'x:0' is called 'x'": inputs and outputs
};

// ---- a node's inputs
bool has_input(const Node& node, size_t index);
// The input's value; throws Unmapped where the node has no such input.
const Value& input(const Translation& t, const Node& node, size_t index);
// Null where it is left out or not constant.
const Constant* constant_input(const Translation& t, const Node& node, size_t index);
// Throw Unmapped unless it is a constant with floats, or integers; `what` names it in the reason.
const Constant& need_floats(const Translation& t, const Node& node, size_t index, std::string_view what);
const Constant& need_integers(const Translation& t, const Node& node, size_t index, std::string_view what);
// A constant as floats, which all numbers of the network are; throws Unmapped where it is none, or a whole
// number of it is no float.
Constant need_numbers(const Translation& t, const Node& node, size_t index, std::string_view what);
// Throws Unmapped where it is a constant.
const View& need_view(const Translation& t, const Node& node, size_t index);

// ---- what a mapping makes
struct Weights {
  std::string name;  // of the parameter: "weight"
  std::shared_ptr<const std::vector<float>> values;
};
// Adds a node; attributes that are not given have their defaults. The operator's own rules judge the
// attributes, the shapes and the sizes of the weights: throws Unmapped with what they say. An empty name
// becomes "%12".
NodeId add_node(Translation& t, std::string name, std::string_view op, Attributes attributes,
                const std::vector<NodeId>& inputs, std::vector<Weights> weights = {});
void set_output(Translation& t, const Node& node, Value value, size_t index = 0);
// The node's tensor, seen as view_of does.
void set_output(Translation& t, const Node& node, NodeId tensor, size_t index = 0);
View plain_view(const Translation& t, NodeId tensor);
// What a refusal calls a tensor: as the file does, and the network beside it where that is another name;
// "the result of a 'flatten'" where neither has one.
std::string called(const Translation& t, NodeId tensor);
// Notes the name of an input or output (`what`) where it is another than the model's.
void note_name(Translation& t, const std::string& what, const std::string& value, const std::string& name);
// A map as N x C x H x W or, where it has one row, N x C x L; a vector as N x F: whichever has that rank.
View view_of_rank(const Translation& t, NodeId tensor, size_t rank);
// Before constants of so many elements are made that the file does not hold: throws Unmapped where all of
// them together would be more than a few times what the file holds.
void spend(Translation& t, int64_t elements);
const Shape& shape_of(const Translation& t, NodeId tensor);

// The name that what a node becomes has in the network: its path, see names.h; often "".
std::string name_of(const Node& node);

}  // namespace cnnc::onnx
