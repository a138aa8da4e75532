// together N: two networks of one program, whatever way they came into it, on a pool of three threads: right
// answers, and N threads in the process. Exits with the line of what fails.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "left.h"
#include "right.h"

#define CHECK(condition) \
  if (!(condition)) exit(__LINE__)

enum { THREADS = 4 };

static float pixels[RIGHT_IMAGE_ELEMENTS > LEFT_IMAGE_ELEMENTS ? RIGHT_IMAGE_ELEMENTS : LEFT_IMAGE_ELEMENTS];
static float left_alone[LEFT_OUTPUT_ELEMENTS], left_shared[LEFT_OUTPUT_ELEMENTS];
static float right_alone[RIGHT_OUTPUT_ELEMENTS], right_shared[RIGHT_OUTPUT_ELEMENTS];

static int threads_of_process(void) {
  DIR* folder = opendir("/proc/self/task");
  CHECK(folder);
  int count = 0;
  for (const struct dirent* entry; (entry = readdir(folder));) count += entry->d_name[0] != '.';
  closedir(folder);
  return count;
}

int main(int argc, char** argv) {
  CHECK(argc == 2);
  for (size_t i = 0; i < sizeof pixels / sizeof pixels[0]; i++) pixels[i] = (float)(i * 7919 % 1009) / 1009;
  void* workspace = aligned_alloc(64, LEFT_WORKSPACE_BYTES + RIGHT_WORKSPACE_BYTES);
  left_options of_left = {sizeof of_left, NULL, NULL, THREADS, NULL, NULL};
  right_options of_right = {sizeof of_right, NULL, NULL, THREADS, NULL, NULL};
  CHECK(left_supported() && right_supported());
  CHECK(left_run(pixels, left_alone, workspace) == LEFT_OK);
  CHECK(right_run(pixels, right_alone, workspace) == RIGHT_OK);
  CHECK(left_start_threads(THREADS) == LEFT_OK && right_start_threads(THREADS) == RIGHT_OK);
  CHECK(threads_of_process() == atoi(argv[1]));
  for (int i = 0; i < 20; i++) {
    CHECK(left_run_with(pixels, left_shared, workspace, &of_left) == LEFT_OK);
    CHECK(right_run_with(pixels, right_shared, workspace, &of_right) == RIGHT_OK);
    CHECK(memcmp(left_alone, left_shared, sizeof left_alone) == 0);
    CHECK(memcmp(right_alone, right_shared, sizeof right_alone) == 0);
  }
  CHECK(left_alone[0] != left_alone[1] && right_alone[0] != right_alone[1]);
  CHECK(strcmp(left_error_text(LEFT_OK), right_error_text(RIGHT_OK)) == 0);
  left_stop_threads();
  right_stop_threads();
  CHECK(threads_of_process() == 1);
  return 0;
}
