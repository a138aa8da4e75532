// Where compiled kernels are kept, as the environment says.
#pragma once
#include <optional>

#include "emit/kernels/kernel_cache.h"

namespace cnnc {

// The folder $CNNC_CACHE or, where that is not set or empty, cnnc in $XDG_CACHE_HOME or in $HOME/.cache; of
// at most $CNNC_CACHE_MIB (256) MiB. Empty where none of them is set, or 0 MiB are wanted. Throws UsageError
// for a $CNNC_CACHE_MIB that is no such number.
std::optional<KernelCache> cache_of_environment();

}  // namespace cnnc
