// The names by which programs link the runtime. Libraries of two versions of cnnc may come into one program,
// so names say which version of the interface they are of: each library gets what it was compiled for. All
// libraries of one version carry the same functions, of which the linker keeps one, also where it takes in
// whole archives or objects that were linked before (ld -r): the definitions are weak.
#ifndef CNNC_RT_NAMES_H
#define CNNC_RT_NAMES_H

// To be raised whenever what cnnc_rt.h or pool.h declare changes, or means something else; not for what is
// added.
#define CNNC_RT_VERSION 1

// Stands before the definition of each function below. Objects of Windows have no weak definitions that all
// linkers know: there, archives alone are linked, of which a linker takes the first that has a function.
#if defined(_WIN32)
#define CNNC_RT_WEAK
#else
#define CNNC_RT_WEAK __attribute__((weak))
#endif

// The name of a function as a text, for those who write calls of it: "cnnc_rt_hash_v1".
#define CNNC_RT_SYMBOL(function) CNNC_RT_TEXT(function)
#define CNNC_RT_TEXT(name) #name

// What the names of the version's functions, and of the objects with them, end in.
#define CNNC_RT_SUFFIX CNNC_RT_SYMBOL(CNNC_RT_VERSIONED(, CNNC_RT_VERSION))
#define CNNC_RT_VERSIONED(name, version) CNNC_RT_JOINED(name, version)
#define CNNC_RT_JOINED(name, version) name##_v##version

#define cnnc_rt_all_finite CNNC_RT_VERSIONED(cnnc_rt_all_finite, CNNC_RT_VERSION)
#define cnnc_rt_check_weights CNNC_RT_VERSIONED(cnnc_rt_check_weights, CNNC_RT_VERSION)
#define cnnc_rt_choose_set CNNC_RT_VERSIONED(cnnc_rt_choose_set, CNNC_RT_VERSION)
#define cnnc_rt_cpu_supports CNNC_RT_VERSIONED(cnnc_rt_cpu_supports, CNNC_RT_VERSION)
#define cnnc_rt_error_text CNNC_RT_VERSIONED(cnnc_rt_error_text, CNNC_RT_VERSION)
#define cnnc_rt_error_text_of_sets CNNC_RT_VERSIONED(cnnc_rt_error_text_of_sets, CNNC_RT_VERSION)
#define cnnc_rt_hash CNNC_RT_VERSIONED(cnnc_rt_hash, CNNC_RT_VERSION)
#define cnnc_rt_map_weights CNNC_RT_VERSIONED(cnnc_rt_map_weights, CNNC_RT_VERSION)
#define cnnc_rt_parallel_loop CNNC_RT_VERSIONED(cnnc_rt_parallel_loop, CNNC_RT_VERSION)
#define cnnc_rt_parallel_loop_in_scratch CNNC_RT_VERSIONED(cnnc_rt_parallel_loop_in_scratch, CNNC_RT_VERSION)
#define cnnc_rt_pixels_error_text CNNC_RT_VERSIONED(cnnc_rt_pixels_error_text, CNNC_RT_VERSION)
#define cnnc_rt_read_pixels CNNC_RT_VERSIONED(cnnc_rt_read_pixels, CNNC_RT_VERSION)
#define cnnc_rt_read_pixels_channels_last \
  CNNC_RT_VERSIONED(cnnc_rt_read_pixels_channels_last, CNNC_RT_VERSION)
#define cnnc_rt_seconds CNNC_RT_VERSIONED(cnnc_rt_seconds, CNNC_RT_VERSION)
#define cnnc_rt_share CNNC_RT_VERSIONED(cnnc_rt_share, CNNC_RT_VERSION)
#define cnnc_rt_start_all_threads CNNC_RT_VERSIONED(cnnc_rt_start_all_threads, CNNC_RT_VERSION)
#define cnnc_rt_start_threads CNNC_RT_VERSIONED(cnnc_rt_start_threads, CNNC_RT_VERSION)
#define cnnc_rt_stop_threads CNNC_RT_VERSIONED(cnnc_rt_stop_threads, CNNC_RT_VERSION)
#define cnnc_rt_touch_stack CNNC_RT_VERSIONED(cnnc_rt_touch_stack, CNNC_RT_VERSION)
#define cnnc_rt_top CNNC_RT_VERSIONED(cnnc_rt_top, CNNC_RT_VERSION)
#define cnnc_rt_unmap_weights CNNC_RT_VERSIONED(cnnc_rt_unmap_weights, CNNC_RT_VERSION)
#define cnnc_rt_zero_halo CNNC_RT_VERSIONED(cnnc_rt_zero_halo, CNNC_RT_VERSION)

#if defined(_WIN32)
// GCC calls it by the first name, which is in a library of its own (system/windows_touch_stack.c).
__asm__(".set ___chkstk_ms, " CNNC_RT_SYMBOL(cnnc_rt_touch_stack));
#endif

#endif
