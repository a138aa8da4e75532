// lenet5 LIBRARY.dylib IMAGES WEIGHTS: runs digits by the library for macOS, with one thread and with two,
// and by that for Linux that this is linked with; both open the file of weights, where this is compiled with
// WEIGHTS_FILE. 0 if all bits are the same; else it prints the line of what fails.
#include "lenet5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define CHECK(condition) \
  if (!(condition)) return fprintf(stderr, "line %d\n", __LINE__), 1

enum { IMAGES = 200, PIXELS = LENET5_DIGIT_ELEMENTS };

#ifdef WEIGHTS_FILE
static int open_both(char** arguments, lenet5_options* here, lenet5_options* there) {
  __typeof__(lenet5_open_weights)* open_weights = in_image("lenet5_open_weights");
  const void* weights = arguments;
  CHECK(open_weights("no such file", &weights) == LENET5_ERROR_SYSTEM && !weights);
  CHECK(open_weights("/dev", &weights) == LENET5_ERROR_WEIGHTS && !weights);
  CHECK(open_weights(arguments[2], &weights) == LENET5_ERROR_WEIGHTS && !weights);
  CHECK(open_weights(arguments[3], &there->weights) == LENET5_OK && there->weights);
  CHECK(lenet5_open_weights(arguments[3], &here->weights) == LENET5_OK);
  return 0;
}
#endif

int main(int argc, char** argv) {
  CHECK(argc == 4);
  load_image(argv[1]);
  __typeof__(lenet5_run_with)* run_with = in_image("lenet5_run_with");
  __typeof__(lenet5_start_threads)* start_threads = in_image("lenet5_start_threads");
  __typeof__(lenet5_stop_threads)* stop_threads = in_image("lenet5_stop_threads");
  void *here = aligned_alloc(64, LENET5_WORKSPACE_BYTES), *there = aligned_alloc(64, LENET5_WORKSPACE_BYTES);
  lenet5_options of_here = {.size = sizeof of_here}, of_there = of_here;
  FILE* images = fopen(argv[2], "rb");
  CHECK(images && fseek(images, 16, SEEK_SET) == 0);
#ifdef WEIGHTS_FILE
  CHECK(open_both(argv, &of_here, &of_there) == 0);
#endif
  CHECK(start_threads(2) == LENET5_OK);
  for (int i = 0; i < IMAGES; i++) {
    unsigned char pixels[PIXELS];
    float digit[PIXELS], of_linux[LENET5_OUTPUT_ELEMENTS], of_macos[LENET5_OUTPUT_ELEMENTS];
    CHECK(fread(pixels, 1, PIXELS, images) == PIXELS);
    for (int p = 0; p < PIXELS; p++) digit[p] = (float)pixels[p] / 255.0f;
    CHECK(lenet5_run_with(digit, of_linux, here, &of_here) == LENET5_OK);
    for (of_there.threads = 1; of_there.threads <= 2; of_there.threads++) {
      memset(of_macos, 0, sizeof of_macos);
      CHECK(run_with(digit, of_macos, there, &of_there) == LENET5_OK);
      CHECK(memcmp(of_linux, of_macos, sizeof of_linux) == 0);
    }
  }
  stop_threads();
#ifdef WEIGHTS_FILE
  ((__typeof__(lenet5_close_weights)*)in_image("lenet5_close_weights"))(of_there.weights);
#endif
  puts("the same bits");
  return 0;
}
