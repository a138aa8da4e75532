#include "driver/console/numbers.h"

namespace cnnc {

std::string with_commas(std::optional<int64_t> number) {
  if (!number) return "more than 2^63";
  std::string digits = std::to_string(*number);
  for (size_t at = digits.size(); at > 3 && digits[at - 4] != '-';) digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(std::optional<int64_t> number, const std::string& noun) {
  return with_commas(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace cnnc
