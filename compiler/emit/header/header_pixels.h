// What a header has where the network reads pictures, or has labels.
#pragma once
#include <cstddef>
#include <cstdint>

#include "emit/header/header_words.h"

namespace cnnc {

header_words::Words pixel_words(const HeaderNames& names, int64_t images);

// `labels`: their number.
header_words::Words label_words(const HeaderNames& names, size_t labels, int64_t images);

}  // namespace cnnc
