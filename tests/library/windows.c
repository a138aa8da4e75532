// Runs lenet5 of a DLL, as C.
#include <malloc.h>
#include <stdio.h>

#include "lenet5.h"

int main(void) {
  static float digit[LENET5_DIGIT_ELEMENTS], output[LENET5_OUTPUT_ELEMENTS];
  void* workspace = _aligned_malloc(LENET5_WORKSPACE_BYTES, LENET5_WORKSPACE_ALIGNMENT);
  lenet5_options options = {0};
  options.size = sizeof options;
  options.threads = 2;
  int code = lenet5_start_threads(2);
  if (!code) code = lenet5_run(digit, output, workspace);
  if (!code) code = lenet5_run_with(digit, output, workspace, &options);
  lenet5_stop_threads();
  _aligned_free(workspace);
  puts(lenet5_error_text(code));
  return code;
}
