#include "runtime/cnnc_rt.h"
#include "runtime/system/system.h"

// Rows of characters and not of pointers: nothing to relocate when the program is loaded.
static const char texts[][72] = {
    [CNNC_RT_OK] = "no error",
    [CNNC_RT_ERROR_NULL] = "a pointer that must be given is null",
    [CNNC_RT_ERROR_ALIGNMENT] = "workspace or weights not aligned to 64 bytes, or a tensor not to 4",
    [CNNC_RT_ERROR_OPTIONS] = "options->size is not the size of a known options struct",
    [CNNC_RT_ERROR_WEIGHTS] = "the weights file is not the one that belongs to this library",
    [CNNC_RT_ERROR_SYSTEM] = "the operating system refused; " SYSTEM_SAYS_WHY " says why",
    [CNNC_RT_ERROR_NOT_FINITE] = "an input or an output has an infinity or a NaN",
    [CNNC_RT_ERROR_PROCESSOR] = "this processor lacks the instruction set that the run needs",
};

CNNC_RT_WEAK const char* cnnc_rt_error_text(int code) {
  const int count = (int)(sizeof texts / sizeof texts[0]);
  return code >= 0 && code < count ? texts[code] : "unknown error code";
}
