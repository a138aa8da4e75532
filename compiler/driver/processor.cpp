#include "driver/processor.h"

#include <cpuid.h>

#include <cstring>

namespace cnnc {

// CPUID's leaves 0x80000002 to 0x80000004 have 16 characters each, padded with blanks or zeros.
std::string processor_name() {
  char name[49] = {};
  for (unsigned leaf = 0; leaf < 3; ++leaf) {
    unsigned words[4] = {};
    if (!__get_cpuid(0x80000002 + leaf, &words[0], &words[1], &words[2], &words[3])) return "";
    std::memcpy(name + 16 * leaf, words, sizeof words);
  }
  const std::string text = name;
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

}  // namespace cnnc
