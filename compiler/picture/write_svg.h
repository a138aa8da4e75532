// Drawings as SVG: a file on its own, in light and dark colours, with text that can be selected and no
// script.
#pragma once
#include <string>

#include "picture/drawing.h"

namespace cnnc::picture {

// The same bytes for the same drawing. All text is escaped.
std::string to_svg(const Drawing& drawing);

}  // namespace cnnc::picture
