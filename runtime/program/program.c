// The main function of a program that cnnc links with compiled code to run it on another machine
// (compiler/emit/load/remote.h): it does what it reads from its standard input, and answers on the standard
// output. It is no part of generated libraries.
#include "runtime/program/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/cnnc_rt.h"
#include "runtime/program/system.h"

// A kernel may read a vector before or behind its tensors, and does not use it.
enum { ROOM = 512, MOST_POINTERS = 4096 };

static unsigned char** memories;
static int64_t memory_count;
static const volatile int32_t* watched;  // of the call under way
static unsigned char* places[MOST_POINTERS];
static int64_t steps[MOST_POINTERS];
static void* pointers[MOST_POINTERS];

static void read_bytes(void* to, size_t bytes) {
  if (fread(to, 1, bytes, stdin) != bytes) exit(1);
}

static int64_t read_number(void) {
  int64_t number;
  read_bytes(&number, sizeof number);
  return number;
}

static void answer(const void* from, size_t bytes) {
  if (fwrite(from, 1, bytes, stdout) != bytes) exit(1);
}

static void answer_number(int64_t number) {
  answer(&number, sizeof number);
}

// bytes, bytes past an address that is aligned to 64, what all of them are at first.
static int64_t add_memory(void) {
  const int64_t bytes = read_number(), past = read_number(), fill = read_number();
  const size_t all = ((size_t)(bytes + past) + 2 * ROOM + 63) / 64 * 64;
  unsigned char** more = realloc(memories, (size_t)(memory_count + 1) * sizeof *memories);
  unsigned char* memory = program_allocate(all);
  if (more) memories = more;
  if (!more || !memory) return CNNC_RT_ERROR_SYSTEM;
  memset(memory, 0, all);
  memories[memory_count] = memory + ROOM + past;
  memset(memories[memory_count++], (int)fill, (size_t)bytes);
  return CNNC_RT_OK;
}

// memory, offset.
static unsigned char* read_place(void) {
  const int64_t memory = read_number(), offset = read_number();
  return memory < 0 ? NULL : memories[memory] + offset;
}

// place, bytes.
static int64_t write_memory(void) {
  unsigned char* place = read_place();
  read_bytes(place, (size_t)read_number());
  return CNNC_RT_OK;
}

// place, bytes, copies: so many in all, behind each other, of which the first is there.
static int64_t copy_memory(void) {
  unsigned char* place = read_place();
  const int64_t bytes = read_number(), copies = read_number();
  for (int64_t i = 1; i < copies; i++) memcpy(place + i * bytes, place, (size_t)bytes);
  return CNNC_RT_OK;
}

// place, bytes.
static void fetch_memory(void) {
  const unsigned char* place = read_place();
  const int64_t bytes = read_number();
  answer_number(CNNC_RT_OK);
  answer(place, (size_t)bytes);
}

static void crashed(int signal_number) {
  const struct cnnc_program_call call = {-signal_number, watched ? *watched : -1, 0, 0};
  program_end(&call, sizeof call);
}

// function; the place of a number that a crash is to report; calls, number of the first; copies of what is
// called with; pointers, and of each its place in the first copy and the bytes from there to the next: call
// number i has copy i % copies.
static void call_function(void) {
  cnnc_program_function* function = cnnc_program_functions[read_number()];
  watched = (const int32_t*)read_place();
  const int64_t calls = read_number(), first = read_number(), copies = read_number(), count = read_number();
  if (count > MOST_POINTERS) exit(1);
  for (int64_t p = 0; p < count; p++) {
    places[p] = read_place();
    steps[p] = read_number();
  }
  struct cnnc_program_call call = {CNNC_RT_OK, -1, -cnnc_rt_seconds(), -program_own_seconds()};
  for (int64_t i = first; i < first + calls && call.status == CNNC_RT_OK; i++) {
    for (int64_t p = 0; p < count; p++) pointers[p] = places[p] ? places[p] + i % copies * steps[p] : NULL;
    call.status = function(pointers);
  }
  call.seconds += cnnc_rt_seconds();
  call.own_seconds += program_own_seconds();
  watched = NULL;
  answer(&call, sizeof call);
}

int main(void) {
  static const int crashes[] = {PROGRAM_CRASHES};
  program_begin();
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) signal(crashes[i], crashed);
  answer(CNNC_PROGRAM_GREETING, strlen(CNNC_PROGRAM_GREETING));
  while (fflush(stdout) == 0) {
    int64_t request;
    if (fread(&request, 1, sizeof request, stdin) != sizeof request) return 0;
    if (request == CNNC_PROGRAM_ADD_MEMORY)
      answer_number(add_memory());
    else if (request == CNNC_PROGRAM_WRITE)
      answer_number(write_memory());
    else if (request == CNNC_PROGRAM_COPY)
      answer_number(copy_memory());
    else if (request == CNNC_PROGRAM_FETCH)
      fetch_memory();
    else if (request == CNNC_PROGRAM_START_THREADS)
      answer_number(cnnc_rt_start_threads((int)read_number()));
    else if (request == CNNC_PROGRAM_CALL)
      call_function();
    else
      return 1;
  }
  return 1;
}
