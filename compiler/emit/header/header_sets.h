// What differs between the header of a library for one instruction set and one for several.
#pragma once
#include "emit/header/header_words.h"
#include "plan/plans.h"

namespace cnnc {

header_words::Words set_words(const Plans& plans);

}  // namespace cnnc
