// What cnnc and the program that it sends to another machine (program.c) say to each other, in numbers of 64
// bits, the lowest byte first. The program greets; then each request, a number and what program.c says of it,
// has an answer: a status, one of CNNC_RT_OK and the errors, and what was asked for; of a call, the struct
// below. The end of the input is the end of the program.
#ifndef CNNC_PROGRAM_H
#define CNNC_PROGRAM_H

#include <stdint.h>

#define CNNC_PROGRAM_GREETING "cnnc program 1\n"

enum {
  CNNC_PROGRAM_ADD_MEMORY = 1,
  CNNC_PROGRAM_WRITE = 2,
  CNNC_PROGRAM_FETCH = 3,
  CNNC_PROGRAM_START_THREADS = 4,
  CNNC_PROGRAM_CALL = 5,
  CNNC_PROGRAM_COPY = 6
};

struct cnnc_program_call {
  int64_t status;      // what the function returned, or the number of the signal that ended it, negative
  int64_t watched;     // where a signal ended it, the number that was to be reported; else -1
  double seconds;      // of all calls
  double own_seconds;  // the same of the calling thread's time on a processor
};

// What can be called; defined by the object that is linked with the program.
typedef int cnnc_program_function(void* const* pointers);
extern cnnc_program_function* const cnnc_program_functions[];

#endif
