// The workspace over a run: which buffer lies where from which step to which.
#pragma once
#include "picture/drawing.h"
#include "plan/plan.h"

namespace cnnc::picture {

// Steps from left to right, bytes from below upwards. A buffer has the colour of what computes it; scratch
// memory is hatched; the step at which the most bytes are in use is marked.
Drawing draw_memory(const Plan& plan);

// "640 B", "24.6 KiB", "9.3 MiB".
std::string bytes_text(int64_t bytes);

}  // namespace cnnc::picture
