// lenet5_weights_file RIGHT WRONG…: the right weights file opens and runs; each wrong one is refused. Exits
// with the line of what fails.
#include <cstdio>
#include <cstring>

#include "lenet5.h"

#define CHECK(condition) \
  if (!(condition)) return __LINE__

namespace {

// Whether the file is refused by the C function, which then leaves the pointer null, and by the C++ class.
bool is_refused(const char* path, int code) {
  const void* weights = path;
  if (lenet5_open_weights(path, &weights) != code || weights != nullptr) {
    std::fprintf(stderr, "%s is not refused\n", path);
    return false;
  }
  try {
    lenet5::Weights wrong(path);
  } catch (const std::runtime_error& error) {
    return std::strstr(error.what(), lenet5_error_text(code)) != nullptr;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  CHECK(argc > 2);
  for (int i = 2; i < argc; ++i) CHECK(is_refused(argv[i], LENET5_ERROR_WEIGHTS));
  CHECK(is_refused("no such file", LENET5_ERROR_SYSTEM));

  lenet5::Weights right(argv[1]);
  lenet5::Model model(right);
  const lenet5::Output output = model(lenet5::Digit());
  float sum = 0;
  for (float p : output) sum += p;
  CHECK(sum > 0.999f && sum < 1.001f);

  lenet5::Digit digit;
  lenet5::Output unused;
  CHECK(lenet5_run_with(digit.data(), unused.data(), model.workspace(), nullptr) == LENET5_ERROR_NULL);
}
