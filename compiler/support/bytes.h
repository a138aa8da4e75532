// Bytes on their way from where they are made to a file, piece by piece: weights are larger than what one
// wants to hold in memory twice.
#pragma once
#include <cstddef>
#include <functional>

namespace cnnc {

using ByteSink = std::function<void(const void* data, size_t bytes)>;
// Passes all its bytes to the sink; the same each time it is called.
using ByteSource = std::function<void(const ByteSink& take)>;

}  // namespace cnnc
