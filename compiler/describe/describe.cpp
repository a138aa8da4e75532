#include "describe/describe.h"

namespace cnnc {

ast::File describe(const Graph&) {
  return {};
}

std::vector<NodeId> match(const Graph&, const Graph&) {
  return {};
}

Graph with_weights_of(Graph elaborated, const Graph&) {
  return elaborated;
}

}  // namespace cnnc
