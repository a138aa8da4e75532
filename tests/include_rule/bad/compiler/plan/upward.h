#include "plan/choose/space.h"
#include "plan/layout.h"
