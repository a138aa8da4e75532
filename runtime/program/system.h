// What the program asks of the system besides what libraries ask of it (runtime/system).
#ifndef CNNC_PROGRAM_SYSTEM_H
#define CNNC_PROGRAM_SYSTEM_H

#if defined(_WIN32)
#include "runtime/program/windows.h"
#else
#include "runtime/program/unix.h"
#endif

#endif
