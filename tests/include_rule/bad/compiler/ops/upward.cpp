#include "upward.h"

#include <Halide.h>
#include <llvm/IR/Module.h>

#include <vector>

#include "../graph/graph.h"
#include "graph/graph.h"
#include "nowhere/file.h"
#include "ops/operator.h"
#include "passes/passes.h"
#include "runtime/embedded.h"
#include "schedules/conv.h"
