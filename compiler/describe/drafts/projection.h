// Shortcuts that `shortcut project` stands for.
#pragma once
#include "describe/drafts/draft.h"

namespace cnnc {

// Whether the residual's shortcut is what `shortcut project` makes: a 1x1 convolution without bias, with the
// least stride that gives the shape, and a batch normalisation, called 0 and 1.
bool is_projection(const Graph& graph, const Draft& residual);

}  // namespace cnnc
