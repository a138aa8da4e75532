#include "driver/console/numbers.h"

#include <fmt/format.h>

#include <cmath>

namespace cnnc {

std::string with_commas(std::optional<int64_t> number) {
  if (!number) return "more than 2^63";
  std::string digits = std::to_string(*number);
  for (size_t at = digits.size(); at > 3 && digits[at - 4] != '-';) digits.insert(at -= 3, ",");
  return digits;
}

std::string in_short(std::optional<int64_t> number) {
  if (!number || (*number < 10'000'000 && *number > -10'000'000)) return with_commas(number);
  double scaled = static_cast<double>(*number);
  const char* unit = "";
  for (const char* next : {" K", " M", " G", " T", " P", " E"}) {
    if (std::abs(scaled) < 999.95) break;
    scaled /= 1000;
    unit = next;
  }
  const int before = std::abs(scaled) < 10 ? 1 : std::abs(scaled) < 100 ? 2 : 3;
  return fmt::format("{:.{}f}{}", scaled, 4 - before, unit);
}

std::string counted(std::optional<int64_t> number, const std::string& noun) {
  return with_commas(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace cnnc
