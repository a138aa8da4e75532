#include "driver/options/options.h"
#include "emit/emit.h"
#include "runtime/cnnc_rt.h"
#include "support/source.h"
