// What becomes of the numbers of a quantised model where they are read.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "onnx/model.h"

namespace cnnc::onnx {

// Whether the operator is one of such as " Add Mul ".
bool is_one_of(std::string_view ops, const std::string& op);

// Operators that move elements, or take the greatest of them: numbers and the reals that they stand for
// alike.
inline constexpr std::string_view kMoves =
    " Concat DepthToSpace Dropout Expand Flatten Gather GlobalMaxPool Identity MaxPool Reshape Slice "
    "SpaceToDepth Split Squeeze Tile Transpose Unsqueeze ";
using Scales = std::map<std::string, std::vector<float>>;  // of weights of bytes, by their names

bool is_product(const Node& node);

// The nodes that read each value of the model as it was, and its outputs.
struct Readers {
  std::map<std::string, std::vector<const Node*>> nodes = {};
  std::set<std::string> outputs = {};
};

Readers readers_of(const Model& model);

// The number that a Pad puts around others; empty where that is no constant, or where elements of theirs are
// put there.
std::optional<int64_t> number_of_pad(const Model& model, const Node& pad);

// Whether everything that reads all of these numbers, or the reals that they stand for, is computed from
// bytes: then they are stored so, and clipped. Products with whole weights are; means and what moves elements
// where their results are stored in turn.
bool are_stored(const Model& model, const Readers& readers, const Scales& scales,
                const std::vector<std::string>& numbers);

// Whether what reads the reals does no more with half a step of their grid than add it to what it makes, and
// that is no finer.
bool may_lack_rounding(const Model& model, const Readers& readers, const Scales& scales,
                       const std::vector<std::string>& numbers);

}  // namespace cnnc::onnx
