// What of a model cannot be mapped, collected to be reported at once.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "onnx/translation/translation.h"
#include "support/diagnostics.h"

namespace cnnc::onnx {

// Nodes of one operator that cannot be mapped, for one reason.
struct Obstacle {
  std::string op, why, hint;
  std::vector<std::string> nodes;
};

// In the order in which they were met.
struct Obstacles {
  std::vector<Obstacle> all = {};
  std::map<std::pair<std::string, std::string>, size_t> places = {};  // by operator and reason
};

// "'a', 'b'", of many the first ones.
std::string listed(const std::vector<std::string>& names);

// The node is called as the file calls it, with its tensors.
void add_obstacle(Obstacles& obstacles, const Translation& t, const Node& node, const Unmapped& reason);

// None is lost: those beyond the number of errors that are shown stand in one. The last one says the options
// that `cut` the model in front of all of them, see frontier.h; "": there are none.
void report(const Obstacles& obstacles, const std::string& cut, const std::string& file,
            Diagnostics& diagnostics);

}  // namespace cnnc::onnx
