// UTF-8, as far as messages need it: where a character ends.
#pragma once
#include <cstddef>
#include <string_view>

namespace cnnc {

// The bytes of the character at the front of the text: 1 to 4; 0 where it is not UTF-8 (RFC 3629: no overlong
// forms, no surrogates, nothing over U+10FFFF), or the text is empty.
size_t utf8_length(std::string_view text);

// The character at the front of the text, which utf8_length has accepted.
char32_t utf8_code_point(std::string_view text);

}  // namespace cnnc
