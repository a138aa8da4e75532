// Drawings as SVG: a file on its own, in light and dark colours, with text that can be selected and no
// script.
#pragma once
#include <string>

#include "picture/drawing.h"

namespace cnnc::picture {

// The same bytes for the same drawing. All text is escaped.
std::string to_svg(const Drawing& drawing);

// The same as an element of a page, which has the style sheet once for all drawings.
std::string svg_element(const Drawing& drawing);
std::string style_of_drawings();

}  // namespace cnnc::picture
