#include "driver/options/options.h"
#include "emit/library/library.h"
#include "runtime/cnnc_rt.h"
#include "support/source.h"
