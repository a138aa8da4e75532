// What differs between the headers of libraries for different systems.
#pragma once
#include "emit/header/header_words.h"
#include "target/system.h"

namespace cnnc {

header_words::Words system_words(const System& system);

}  // namespace cnnc
