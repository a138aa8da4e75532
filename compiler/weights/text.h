// Names and shapes of a file in a message: whatever the file holds, the message stays short and printable.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// 'conv1.weight'; control characters are written as \xNN, and of a long text only the beginning is shown.
std::string quote(std::string_view text);

// "6x1x5x5"; "scalar" for no sizes; of many sizes the first few.
std::string sizes_text(const std::vector<int64_t>& sizes);

}  // namespace cnnc
