#include <Halide.h>

#include "kernels/registry.h"
#include "plan/plan.h"
