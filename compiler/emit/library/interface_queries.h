#pragma once
#include "emit/library/interface_parts.h"

namespace cnnc {

// Adds the functions of the header that run nothing: what the processor supports, sizes, names, texts of
// errors, threads of the pool, and weights to open.
void add_queries(Interface& f);

}  // namespace cnnc
