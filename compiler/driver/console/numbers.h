// Numbers in messages and tables.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace cnnc {

// "61,706"; "more than 2^63" if empty.
std::string with_commas(std::optional<int64_t> number);

// In at most nine characters: "9,437,184", "102.8 M", "2.147 G"; what is cut off is rounded.
std::string in_short(std::optional<int64_t> number);

// "1 layer", "2 layers", with commas.
std::string counted(std::optional<int64_t> number, const std::string& noun);

}  // namespace cnnc
