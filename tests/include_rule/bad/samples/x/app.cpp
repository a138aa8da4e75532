#include "plan/plan.h"
#include "x.h"
