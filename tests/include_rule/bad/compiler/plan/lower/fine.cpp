#include "plan/choose/space.h"
#include "plan/memory/arena.h"
#include "plan/plan.h"
