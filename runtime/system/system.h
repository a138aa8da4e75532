// What the runtime asks of the operating system: a file for each, of functions with the same names and
// promises, which linux.h documents. To be included first: it may change what libc's headers declare.
#ifndef CNNC_SYSTEM_H
#define CNNC_SYSTEM_H

#if defined(__linux__)
#include "runtime/system/linux.h"
#elif defined(__APPLE__)
#include "runtime/system/macos.h"
#elif defined(_WIN32)
#include "runtime/system/windows.h"
#elif defined(__wasm__)
#include "runtime/system/wasm.h"
#else
#error "the runtime has no file for this operating system in runtime/system"
#endif

#endif
