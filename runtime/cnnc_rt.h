// What travels inside every generated library: plain C that needs libc and nothing else. The code that cnnc
// emits calls these functions; applications do not.
//
// No function prints or aborts, and none but cnnc_rt_start_threads allocates. The pool of threads is the only
// state; all functions may be called from several threads. Every library carries the same objects under the
// same names, which have the version of this interface in them (runtime/names.h); a program that links two
// libraries uses one copy.
#ifndef CNNC_RT_H
#define CNNC_RT_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/names.h"

#ifdef __cplusplus
extern "C" {
#endif

// The error codes of every generated library; MODEL.h repeats them under the model's name.
enum {
  CNNC_RT_OK = 0,
  CNNC_RT_ERROR_NULL = 1,  // a pointer that must be given is null
  CNNC_RT_ERROR_ALIGNMENT =
      2,  // the workspace or the weights are not aligned to 64 bytes, or a tensor not to 4
  CNNC_RT_ERROR_OPTIONS = 3,  // options->size is of no known version
  CNNC_RT_ERROR_WEIGHTS = 4,  // the file is not the one that was written with the library
  CNNC_RT_ERROR_SYSTEM = 5,   // the operating system refused; errno says why
  CNNC_RT_ERROR_NOT_FINITE =
      6,                        // an input or an output has an infinity or a NaN, and cnnc had --check-finite
  CNNC_RT_ERROR_PROCESSOR = 7,  // the processor lacks what the run needs
  CNNC_RT_ERROR_PIXELS = 8      // of pixels that none can be read of; of libraries that read some
};

// A sentence without a full stop for any code, known or not; never null.
const char* cnnc_rt_error_text(int code);

// 1 if both the processor and the operating system support the instruction set, else 0.
// `isa`, on x86-64: 0 SSE4.1, 1 AVX2 with FMA and F16C, 2 AVX-512 F, CD, BW, DQ and VL; each includes the
// ones before it. On AArch64: 0 Advanced SIMD (NEON). Takes microseconds (CPUID leaves a virtual machine), so
// it is for start-up.
int cnnc_rt_cpu_supports(int isa);

// Which of the instruction sets that a library has kernels for to run. `levels` are those of
// cnnc_rt_cpu_supports, of `count` sets (at most 31), the best first; `word` is the library's own, 0 at
// first, and keeps what the processor has, so that it is asked once. Sets are numbered from 1. Returns the
// number of the first set that the processor has or, where `wanted` is not 0, that one; else
// -CNNC_RT_ERROR_PROCESSOR, and -CNNC_RT_ERROR_OPTIONS where there is no set of that number.
int cnnc_rt_choose_set(uint32_t* word, const int32_t* levels, int count, int wanted);

// As cnnc_rt_error_text, of a library for several.
const char* cnnc_rt_error_text_of_sets(int code);

// Zeroes the border of a tensor and leaves its inside alone. `base` is its first stored float, in the border
// if there is one. It has `planes` planes of `rows` rows of `row_stride_floats` floats with nothing between;
// `rows` counts all rows, of which the first `top_rows` and the last `bottom_rows` are border, as are the
// first `left_floats` and the last `right_floats` of each other row. At least one row and one float of a row
// must be inside.
void cnnc_rt_zero_halo(float* base, int64_t planes, int64_t rows, int64_t row_stride_floats, int64_t top_rows,
                       int64_t bottom_rows, int64_t left_floats, int64_t right_floats);

// How pixels lie in memory: bytes of red, green and blue in this order or the reverse, some with a fourth
// that is passed over; grey; or a plane of luma with a plane of chroma behind it (NV12), of even sizes, read
// by ITU-R BT.601.
enum {
  CNNC_RT_RGB8 = 1,
  CNNC_RT_BGR8 = 2,
  CNNC_RT_RGBA8 = 3,
  CNNC_RT_BGRA8 = 4,
  CNNC_RT_GREY8 = 5,
  CNNC_RT_NV12 = 6
};

// What a picture of another size becomes: its middle, which fills all; the whole, with `fill` around; or the
// whole, stretched.
enum { CNNC_RT_CROP = 0, CNNC_RT_FIT = 1, CNNC_RT_STRETCH = 2 };

// What a network reads of a picture: one channel, grey, or three, in the order of `format`. A
// level of 0 to 255 becomes level * scale + shift.
struct cnnc_rt_picture {
  int32_t images, channels, height, width;
  int32_t format, resize, fill;
  float scale[3], shift[3];
};

// Writes images x channels x height x width floats from pixels: of each picture, which follow each other in
// memory, `height` rows of `width` pixels, a row `stride` bytes behind the other; 0: with nothing between.
// Where the sizes are the network's, no pixel is changed; else the picture is resized bilinearly, with its
// edges smoothed where it gets smaller, and rounded to levels: within one of what Pillow and torchvision
// make. Uses 144 KB of the stack. Returns CNNC_RT_ERROR_NULL, or CNNC_RT_ERROR_PIXELS of sizes less than 1 or
// over 500 times the network's, a stride that a row does not fit into, odd sizes of NV12, and formats that
// are none of the above; 0 is the picture's.
int cnnc_rt_read_pixels(const uint8_t* pixels, int width, int height, int stride, int format,
                        const struct cnnc_rt_picture* picture, float* values);

// The same as images x height x width x channels floats.
int cnnc_rt_read_pixels_channels_last(const uint8_t* pixels, int width, int height, int stride, int format,
                                      const struct cnnc_rt_picture* picture, float* values);

// The sentence of CNNC_RT_ERROR_PIXELS, which cnnc_rt_error_text does not know: it is not in each library.
const char* cnnc_rt_pixels_error_text(void);

// Writes the indices of the `count` greatest of so many floats, the greatest first; of equal ones the first;
// NaN stand last. Where there are not as many, -1.
void cnnc_rt_top(const float* values, int elements, int count, int32_t* indices);

// 1 if none of so many floats is an infinity or a NaN, else 0.
int cnnc_rt_all_finite(const float* values, int64_t count);

// A 64-bit hash of packed weights: FNV-1a over little-endian words of 64 bits instead of bytes (eight times
// as fast), each step folded so that a word's high bits reach the low ones too. `hash` is that of the bytes
// before these. `bytes` is a multiple of 8 and `data` aligned to 8. It finds damage and mix-ups, not forgery.
#define CNNC_RT_HASH_OF_NOTHING UINT64_C(0xcbf29ce484222325)
uint64_t cnnc_rt_hash(uint64_t hash, const void* data, size_t bytes);

// Maps a weights file read-only and shared, and sets `*weights` to its first byte, aligned to a page. The
// file must have exactly `bytes` bytes (more than 0, a multiple of 8) with the given cnnc_rt_hash, else
// CNNC_RT_ERROR_WEIGHTS; it must not change while it is mapped. CNNC_RT_ERROR_SYSTEM if it cannot be opened
// or mapped. On an error `*weights` is null.
int cnnc_rt_map_weights(const char* path, size_t bytes, uint64_t hash, const void** weights);
// Where there are no files, in place of these: whether so many bytes are the weights. CNNC_RT_OK, or
// CNNC_RT_ERROR_WEIGHTS.
int cnnc_rt_check_weights(const void* weights, size_t bytes, uint64_t hash);
void cnnc_rt_unmap_weights(const void* weights, size_t bytes);  // of null: nothing

// Makes sure that the pool has `threads` - 1 threads, which with the caller of a run makes `threads`; more
// than 256 count as 256, more than the processors that the caller may run on as so many, and fewer than there
// are change nothing. They sleep while there is nothing to do,
// take no signals, are pinned to no processor, and have the stack that a run needs whatever the default is.
// CNNC_RT_ERROR_SYSTEM if one cannot be started; then none has been. After fork() a child has an empty pool.
int cnnc_rt_start_threads(int threads);

// Ends and joins all threads of the pool; runs under way go on without them. Not to be called from a task.
void cnnc_rt_stop_threads(void);

// A run uses at most so much of the stack of each thread that takes part. The compiler makes no library that
// would use more.
enum { CNNC_RT_STACK_BYTES = 256 << 10 };

// What a run may use besides the calling thread; the end of a library's options.
struct cnnc_rt_threads {
  int threads;  // so many at most, with the caller; unless there is a
  void (*parallel_for)(void* context, int count, void (*task)(void* data, int index), void* data);
  void* context;
};

// A kernel's parallel loop, in the form in which Halide calls it: body(threads, i, closure) for each i from
// `min` to `min` + `extent` - 1 in any order, in at most `tasks` pieces of neighbouring iterations. `threads`
// is null (the calling thread alone) or a struct cnnc_rt_threads. Returns 0.
int cnnc_rt_parallel_loop(void* threads, int (*body)(void* threads, int index, uint8_t* closure), int min,
                          int extent, uint8_t* closure, int tasks);

// The same for a kernel whose iterations use scratch memory. `context` is an array of three words: the
// threads as above, the scratch memory, and the bytes from one thread's part of it to the next one's, a
// multiple of 64; there are `places` parts, at most CNNC_RT_MOST_PLACES, and no more threads take part. A
// body gets an array of three pointers: the threads, the thread's part, which is as the same loop's last
// iteration there has left it, and a byte that is 0 at first, for a note of what is in it.
enum { CNNC_RT_MOST_PLACES = 64 };
int cnnc_rt_parallel_loop_in_scratch(void* const* context,
                                     int (*body)(void* context, int index, uint8_t* closure), int min,
                                     int extent, uint8_t* closure, int tasks, int places);

// Seconds of a clock that only goes forward, from an arbitrary start.
double cnnc_rt_seconds(void);

#ifdef __cplusplus
}
#endif

#endif
