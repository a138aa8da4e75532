// lenet5 LIBRARY.dylib IMAGES [WEIGHTS]: runs digits by the library for macOS, with one thread and with two,
// and by that for Linux that this is linked with. 0 if all bits are the same; else the line of what fails.
#include "lenet5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define CHECK(condition) \
  if (!(condition)) return fprintf(stderr, "line %d\n", __LINE__), 1

enum { IMAGES = 200, PIXELS = LENET5_DIGIT_ELEMENTS };

int main(int argc, char** argv) {
  CHECK(argc == 3);
  load_image(argv[1]);
  __typeof__(lenet5_run)* run = in_image("lenet5_run");
  __typeof__(lenet5_run_with)* run_with = in_image("lenet5_run_with");
  __typeof__(lenet5_start_threads)* start_threads = in_image("lenet5_start_threads");
  __typeof__(lenet5_stop_threads)* stop_threads = in_image("lenet5_stop_threads");
  void *here = aligned_alloc(64, LENET5_WORKSPACE_BYTES), *there = aligned_alloc(64, LENET5_WORKSPACE_BYTES);
  lenet5_options options = {.size = sizeof options, .threads = 2};
  FILE* images = fopen(argv[2], "rb");
  CHECK(images && fseek(images, 16, SEEK_SET) == 0);
  CHECK(start_threads(2) == LENET5_OK);
  for (int i = 0; i < IMAGES; i++) {
    unsigned char pixels[PIXELS];
    float digit[PIXELS], of_linux[LENET5_OUTPUT_ELEMENTS], of_macos[LENET5_OUTPUT_ELEMENTS];
    CHECK(fread(pixels, 1, PIXELS, images) == PIXELS);
    for (int p = 0; p < PIXELS; p++) digit[p] = (float)pixels[p] / 255.0f;
    CHECK(lenet5_run(digit, of_linux, here) == LENET5_OK);
    CHECK(run(digit, of_macos, there) == LENET5_OK);
    CHECK(memcmp(of_linux, of_macos, sizeof of_linux) == 0);
    memset(of_macos, 0, sizeof of_macos);
    CHECK(run_with(digit, of_macos, there, &options) == LENET5_OK);
    CHECK(memcmp(of_linux, of_macos, sizeof of_linux) == 0);
  }
  stop_threads();
  puts("the same bits");
  return 0;
}
