// Runs of a library that looks for infinities and NaNs, or of one that does not: argv[1] is the code that one
// of them gives.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twice.h"

static float a[TWICE_A_ELEMENTS], b[TWICE_B_ELEMENTS], sum[TWICE_SUM_ELEMENTS], square[TWICE_SQUARE_ELEMENTS];
static void* workspace;
static int failures = 0;

static void expect(const char* what, int code, int expected) {
  if (code == expected) return;
  fprintf(stderr, "%s: %d, expected %d\n", what, code, expected);
  failures++;
}

// Both ways to run it.
static void expect_runs(const char* what, int expected) {
  expect(what, twice_run(a, b, sum, square, workspace), expected);
  double seconds[TWICE_LAYERS];
  twice_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  expect(what, twice_run_with(a, b, sum, square, workspace, &options), expected);
  options.layer_seconds = seconds;
  expect(what, twice_run_with(a, b, sum, square, workspace, &options), expected);
  expect(what, twice_run_with(a, b, sum, square, workspace, NULL), expected);
}

// The value in each of some places of an input, the rest of which is 1.
static void expect_with(const char* what, float* input, size_t elements, float value, int expected) {
  const size_t places[] = {0, 1, 63, 64, elements / 2, elements - 1};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    input[places[i]] = value;
    expect_runs(what, expected);
    input[places[i]] = 1;
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const int code = atoi(argv[1]);
  workspace = aligned_alloc(TWICE_WORKSPACE_ALIGNMENT, TWICE_WORKSPACE_BYTES + TWICE_WORKSPACE_ALIGNMENT);
  for (size_t i = 0; i < TWICE_A_ELEMENTS; i++) a[i] = b[i] = 1;
  expect_runs("finite numbers", 0);
  expect_with("a large number", a, TWICE_A_ELEMENTS, 1e18f, 0);
  expect_with("an infinity in the first input", a, TWICE_A_ELEMENTS, INFINITY, code);
  expect_with("a negative infinity in the second input", b, TWICE_B_ELEMENTS, -INFINITY, code);
  expect_with("a NaN in the second input", b, TWICE_B_ELEMENTS, NAN, code);
  expect_with("a square that is no float", a, TWICE_A_ELEMENTS, 3e38f, code);

  a[7] = NAN;
  sum[0] = square[0] = 5;
  twice_run(a, b, sum, square, workspace);
  expect("outputs are left alone where an input is not finite", sum[0] == 5 && square[0] == 5, code != 0);
  free(workspace);
  if (code != 0 && strcmp(twice_error_text(code), "an input or an output has an infinity or a NaN") != 0)
    failures++;
  return failures > 0;
}
