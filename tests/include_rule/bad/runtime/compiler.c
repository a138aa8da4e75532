#include "plan/layout.h"
#include "runtime/cnnc_rt.h"
