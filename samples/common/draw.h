// Pictures in a terminal.
#pragma once
#include <string>
#include <vector>

#include "grey.h"

// Prints a line without the blanks at its end.
void print_line(const std::string& line);

// Prints pictures of one size side by side, 1 in the darkest character: two rows of pixels in a line, two
// spaces between pictures, without their outermost `margin` columns and without blank lines above and below.
void draw(const std::vector<Grey>& pictures, int margin);
