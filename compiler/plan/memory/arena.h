// Places the workspace's buffers so that those alive at different times share memory.
#pragma once
#include "plan/plan.h"

namespace cnnc {

// Sets Buffer::first, last, onto and offset, and Plan::workspace_bytes and workspace_bound. With `keep_all`
// no memory is shared but that of parts.
void place_in_arena(Plan& plan, bool keep_all);

}  // namespace cnnc
