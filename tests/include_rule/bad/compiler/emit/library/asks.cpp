#include "target/target.h"

bool wide = target.isa == Isa::avx512;
