// For the runtime where there are no headers of Apple's: what it calls of them.
#ifndef CNNC_MACOS_STRING_H
#define CNNC_MACOS_STRING_H

#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);

#endif
