// Which values of the network are of whole numbers in the model. Here they are floats like all others, so
// that what an operator makes of whole numbers alone, as a quotient without its rest, has to be known.
#pragma once
#include "onnx/translation/translation.h"

namespace cnnc::onnx {

// Whether the node's input is of whole numbers: a constant, or what the network computes.
bool is_of_integers(const Translation& t, const Node& node, size_t index);

// Keeps of which kind the outputs of a node are that has been mapped.
void note_integers(Translation& t, const Node& node);

// Whether the elements are whole numbers for certain: places, comparisons, and what moves such.
bool is_whole(const Translation& t, NodeId tensor);

// Whether the node is a quotient by constants that is made whole next, or of whole numbers: an error of one
// rounding would be one of 1 where it is whole itself, and so it is no product with reciprocals.
bool is_exact_quotient(const Translation& t, const Node& node);

// The values of which nodes take the whole part: Floor, Ceil, Cast.
std::set<std::string> rounded_values(const std::vector<Node>& nodes);

// The types of whole numbers, as TensorProto.DataType numbers them; bool is none.
bool is_integer_type(int64_t type);

}  // namespace cnnc::onnx
