// Runs the network 'small' of tests/library/sets.
//   sets            with what the processor has; prints which that is, the codes, and a sum of the outputs
//   sets SET        with the set of that number
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "small.h"

enum { THREADS = 8 };

static float image[SMALL_IMAGE_ELEMENTS];

struct call {
  void* workspace;
  float output[SMALL_OUTPUT_ELEMENTS];
  int code;
};

static void* run(void* data) {
  struct call* call = data;
  call->code = small_run(image, call->output, call->workspace);
  return NULL;
}

static void print_layers(int set) {
  int count = 0;
  for (const char* name; (name = small_layer_name_of(count, set)) != NULL;) count += *name != 0;
  printf("set %d has %d layers of %d\n", set, count, SMALL_LAYERS);
}

// The first runs, of several threads at once.
static int run_at_once(void) {
  static struct call calls[THREADS];
  pthread_t threads[THREADS];
  int wrong = 0;
  for (int i = 0; i < THREADS; i++) {
    calls[i].workspace = aligned_alloc(SMALL_WORKSPACE_ALIGNMENT, SMALL_WORKSPACE_BYTES);
    pthread_create(&threads[i], NULL, run, &calls[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    for (int k = 0; k < SMALL_OUTPUT_ELEMENTS; k++) wrong += calls[i].output[k] != calls[0].output[k];
    wrong += calls[i].code != calls[0].code;
  }
  printf("%d threads: code %d, %d differences\n", THREADS, calls[0].code, wrong);
  return calls[0].code;
}

int main(int argc, char** argv) {
  for (int i = 0; i < SMALL_IMAGE_ELEMENTS; i++) image[i] = (float)(i % 29) / 29 - 0.4f;
  const int code = argc > 1 ? 0 : run_at_once();
  float output[SMALL_OUTPUT_ELEMENTS] = {0};
  double seconds[SMALL_LAYERS];
  for (int i = 0; i < SMALL_LAYERS; i++) seconds[i] = -1;
  void* workspace = aligned_alloc(SMALL_WORKSPACE_ALIGNMENT, SMALL_WORKSPACE_BYTES);
  small_options options = {.size = sizeof options, .layer_seconds = seconds};
  if (argc > 1) options.instruction_set = atoi(argv[1]);
  const int with = small_run_with(image, output, workspace, &options);
  for (int i = 0; i < SMALL_LAYERS && with == 0; i++)
    if (seconds[i] < 0) printf("layer %d has no time\n", i);
  const char* set = small_instruction_set();
  printf("supported %d, instruction set %s\n", small_supported(), set ? set : "none");
  if (argc > 1 && with == 0) print_layers(options.instruction_set);
  printf("code %d: %s\n", with, small_error_text(with));
  for (int i = 0; i < SMALL_OUTPUT_ELEMENTS; i++) printf("%.9g\n", output[i]);
  return argc > 1 ? with : code;
}
