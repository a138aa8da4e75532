// The words in drawings: how much room they take, and how they are made shorter.
#pragma once
#include <cstddef>
#include <string>

namespace cnnc::picture {

// How wide a text is in a font of that size, about: fonts differ from machine to machine.
double text_width(const std::string& text, double font_size);

// The text with … in place of what is more than that many characters: of a path the front, which others
// share, else the middle.
std::string shortened(const std::string& text, size_t most);

// The same with … in the middle, whatever the text is.
std::string cut_in_middle(const std::string& text, size_t most);

}  // namespace cnnc::picture
