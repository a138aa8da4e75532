#include "support/source.h"
#include "target/target.h"

bool wide = isa == Isa::avx512;
