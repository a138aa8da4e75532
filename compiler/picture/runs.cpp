#include "picture/runs.h"

namespace cnnc::picture {
namespace {

bool same_scope(const Layer& a, const Layer& b, size_t depth) {
  return a.scope.size() > depth && b.scope.size() > depth && a.scope[depth] == b.scope[depth];
}

}  // namespace

std::vector<Run> runs_of(const std::vector<Layer>& layers, int begin, int end, size_t depth) {
  std::vector<Run> runs;
  for (int i = begin; i < end; i = runs.back().end) {
    int next = i + 1;
    while (next < end && same_scope(layers[i], layers[next], depth)) ++next;
    runs.push_back({i, next, layers[i].scope.size() > depth});
  }
  return runs;
}

bool is_left_by_its_last_layer_alone(const std::vector<Layer>& layers, const Run& run) {
  for (int i = run.begin; i + 1 < run.end; ++i)
    if (layers[i].is_output) return false;
  for (size_t reader = run.end; reader < layers.size(); ++reader)
    for (const int input : layers[reader].inputs)
      if (input >= run.begin && input + 1 < run.end) return false;
  return true;
}

}  // namespace cnnc::picture
