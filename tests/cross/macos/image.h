// Libraries for macOS (Mach-O, .dylib) in a process of Linux on the same processor: what the system does when
// it loads one, and the few functions that they take of it, by those of Linux.
#pragma once
#include <stddef.h>

// Ends the process with a message where the file is not as macOS' loader wants it, or wants a function that
// libSystem is not known to have.
void load_image(const char* path);

// Where an exported symbol of the image is, by its name in C; ends the process if there is none.
void* in_image(const char* name);

// The function of Linux in the place of one of libSystem, by that one's name for linkers; null: there is
// none.
void* of_libsystem(const char* name);

_Noreturn void die(const char* what, const char* name);
