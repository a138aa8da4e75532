// What lenet5 says of weights files in a folder whose name is not ASCII, and whether it runs with its own. Of
// what the system says, which is in the system's language, the number.
#include <cstdio>
#include <stdexcept>
#include <string>

#include "lenet5.h"

namespace {

void refuse(const char* path) {
  const void* weights = nullptr;
  const int code = lenet5_open_weights(path, &weights);
  if (code == LENET5_ERROR_SYSTEM) {
    std::printf("lenet5: %s: %lu (%s)\n", path, GetLastError(), lenet5_error_text(code));
    return;
  }
  try {
    const lenet5::Weights none(path);
  } catch (const std::runtime_error& error) {
    std::printf("%s\n", error.what());
  }
}

}  // namespace

int main() {
  refuse("Gewichte-\u03c0/none.weights");
  refuse("Gewichte-\u03c0/other.weights");
  const lenet5::Weights weights("Gewichte-\u03c0/\u91cd\u307f.weights");
  lenet5::Model model(weights);
  const lenet5::Output output = model(lenet5::Digit());
  float sum = 0;
  for (const float value : output) sum += value;
  std::printf("%.3g\n", static_cast<double>(sum));
  return 0;
}
