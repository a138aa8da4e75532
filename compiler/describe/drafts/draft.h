// A network as a tree of statements, before its names and words are decided.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.h"

namespace cnnc {

struct Draft {
  enum class Kind { input, layer, join, residual, gate, concat, scope };
  static constexpr NodeId kNone = -1;
  Kind kind = Kind::layer;
  NodeId node = kNone;                     // that it computes; of a scope: none
  std::string name;                        // wanted for the sake of weights; "": none. May be a number
  NodeId entry = kNone;                    // the tensor that is current in front of it
  NodeId exit = kNone;                     // and behind it
  std::vector<NodeId> others;              // of a join: what it is joined with
  std::vector<std::vector<Draft>> bodies;  // a residual's second is its shortcut
  std::string shortcut_name;               // may be a number, or "": none

  bool is_numbered = false;       // a scope whose statements are called by numbers: a group
  bool must_be_numbered = false;  // for the sake of weights inside
  bool is_scope = false;          // a residual, gate or concat that takes the place of a scope

  // Of all that stands in it.
  bool has_names = false;  // weights with names, so that a scope around them would change those
  bool has_open_join =
      false;  // directly in a scope: a residual, gate or concat around such, which is no scope
  bool reads_by_name = false;                 // tensors that are not the current one
  int layers = 0, height = 0;                 // statements with a node; bodies inside bodies
  int64_t least_pixels = 0, most_pixels = 0;  // of its smallest and largest map
};
using Drafts = std::vector<Draft>;

}  // namespace cnnc
