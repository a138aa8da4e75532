// A picture and what was found in it, as a PNG.
#pragma once
#include <string>

#include "grey.h"
#include "idx.h"

// Writes the picture, and beside it the same darkened, with a colour for each digit of the mask (0 = no
// digit, else the digit + 1); each pixel as a square. Throws std::runtime_error if the file cannot be
// written.
void write_overlay(const std::string& path, const Grey& grey, const Pixels& mask);
