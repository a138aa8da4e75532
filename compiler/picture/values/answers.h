// A network's outputs, and where they come from, beside its input.
#pragma once
#include "picture/values/maps.h"

namespace cnnc::picture {

// The input, then what there is of answers, in columns below `top`; to where they reach.
double draw_answers(Drawing& drawing, const Activations& activations, double top);

}  // namespace cnnc::picture
