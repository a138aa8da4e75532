// What kind of scope each is.
#pragma once
#include "describe/drafts/draft.h"

namespace cnnc {

// A scope is a group, or is_numbered is false: a block, where several hold the same but for numbers, or where
// statements inside must not be scopes themselves. One that holds a residual, gate or concat alone becomes
// that, with the scope's name.
Drafts with_kinds(Drafts drafts, const Graph& graph);

}  // namespace cnnc
