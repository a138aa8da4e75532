// What the runtime uses of it, for a compiler without a C library.
#ifndef CNNC_WASM_STRING_H
#define CNNC_WASM_STRING_H

#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);

#endif
