// Pictures as programs have them, resized and normalised to what a network reads.
//
// A picture is resized by a triangle as wide as a pixel of the result where it gets smaller (antialiased
// bilinear, as Pillow's and torchvision's): first along its columns, in floats, then along its rows, then
// rounded to levels. Sums are made in one order without fused operations, so all processors give the same
// levels. Wide pictures are resized in strips, so that what is on the way has room on the stack.
#include <string.h>

#include "runtime/cnnc_rt.h"
#include "runtime/pixels/sides.h"

enum { MOST_SHRINKING = 500 };  // a side is at most so many times that of the network's input

typedef float float4 __attribute__((vector_size(16)));
typedef int int4 __attribute__((vector_size(16)));

static inline uint8_t clipped(int value) {
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static inline uint8_t level(float sum) {
  return (uint8_t)(int)(sum + 0.5f);
}

static inline float4 pixel_at(const float* from) {
  float4 pixel;
  memcpy(&pixel, from, sizeof pixel);
  return pixel;
}

// A level times 65536ths, in 256ths of levels.
static inline uint16_t share(uint8_t level, uint16_t weight) {
  return (uint16_t)((uint32_t)(level << 8) * weight >> 16);
}

#define FUNCTION static
#define OF_SET(name) name##_plainly
#include "runtime/pixels/loops.h"

#ifdef __x86_64__
#undef FUNCTION
#undef OF_SET
// The same code with wider vectors: no operation is another, so neither is a result.
#define FUNCTION static __attribute__((target("avx2")))
#define OF_SET(name) name##_by_avx2
#include "runtime/pixels/loops.h"
#undef FUNCTION
#undef OF_SET
#define FUNCTION static __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#define OF_SET(name) name##_by_avx512
#include "runtime/pixels/loops.h"
#define BEST(name) (best_set() == 3 ? name##_by_avx512 : best_set() == 2 ? name##_by_avx2 : name##_plainly)

// 3 with AVX-512, 2 with AVX2, else 1. The processor is asked once. Threads that ask at the same time store
// the same.
static int best_set(void) {
  static int known;  // 0: not asked yet
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    answer = cnnc_rt_cpu_supports(2) ? 3 : 1 + cnnc_rt_cpu_supports(1);
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  }
  return answer;
}
#else
#define BEST(name) name##_plainly
#endif

// The pixels of a row from column `begin` on; `room` is for those that are none in memory.
static const uint8_t* pixels_of_row(const struct source* s, int row, int begin, int end, uint8_t* room) {
  if (s->format != CNNC_RT_NV12)
    return s->data + row * s->stride + (ptrdiff_t)begin * bytes_of_pixel(s->format);
  BEST(read_nv12)(s, row, begin, end, room);
  return room;
}

// Colours to grey by ITU-R BT.601, in 65536ths.
static void store_grey(float* to, ptrdiff_t pixel, const uint8_t* from, int step, int bgr, int count,
                       float scale, float shift) {
  const int red = bgr ? 2 : 0;
  for (int i = 0; i < count; i++, from += step) {
    const int grey = (19595 * from[red] + 38470 * from[1] + 7471 * from[2 - red] + 32768) >> 16;
    to[i * pixel] = (float)grey * scale + shift;
  }
}

// Levels become values of the network's channels, from that pixel on.
static void store(const struct result* r, int format, const uint8_t* levels, int count, ptrdiff_t place) {
  const struct cnnc_rt_picture* p = r->picture;
  const int step = bytes_of_pixel(format);
  if (p->channels == 1 && step > 1) {
    store_grey(r->values + place * r->pixel, r->pixel, levels, step, is_bgr(format), count, p->scale[0],
               p->shift[0]);
    return;
  }
  for (int c = 0; c < p->channels; c++) {
    const int from = step == 1 ? 0 : is_bgr(format) != is_bgr(p->format) ? 2 - c : c;
    float* to = r->values + c * r->channel + place * r->pixel;
    BEST(store_channel)(to, r->pixel, levels + from, step, count, p->scale[c], p->shift[c]);
  }
}

// As many pixels of the result from `pixel` on as there is room for.
static void begin_strip(struct strip* strip, const struct side* columns, int pixel) {
  int weights = 0;
  strip->results = 0;
  strip->begin = strip->end = taps_of(columns, pixel).first;
  for (; pixel < columns->count && strip->results < STRIP_RESULT; pixel++, strip->results++) {
    const struct taps t = taps_of(columns, pixel);
    if (t.first + t.count - strip->begin > STRIP || weights + t.count > STRIP_WEIGHTS) return;
    for (int k = 0; k < t.count; k++) strip->weights[weights++] = (float)weight_of(&t, k);
    strip->first[strip->results] = t.first - strip->begin;
    strip->count[strip->results] = t.count;
    strip->end = t.first + t.count;
  }
}

static uint16_t to_65536ths(double weight) {
  const double rounded = weight * 65536 + 0.5;
  return rounded < 65535 ? (uint16_t)rounded : 65535;
}

// A row of the result from the strip's columns, which still have their own width. Few rows, as of a picture
// that is several times as large, are added in whole numbers, which is twice as fast and off by less than a
// sixteenth of a level.
static void sum_rows(struct strip* strip, const struct source* s, const struct side* side, int row) {
  const struct taps t = taps_of(side, row);
  const int count = (strip->end - strip->begin) * bytes_of_pixel(s->format),
            is_few = t.count > 1 && t.count <= FEW_ROWS;
  for (int k = 0; k < t.count; k += ROWS) {
    const uint8_t* rows[ROWS];
    float weights[ROWS];
    uint16_t whole_weights[ROWS];
    for (int i = 0; i < ROWS; i++) {
      const int is_tap = k + i < t.count;
      const double weight = is_tap ? weight_of(&t, k + i) : 0;
      weights[i] = (float)weight;
      whole_weights[i] = to_65536ths(weight);
      rows[i] =
          is_tap ? pixels_of_row(s, t.first + k + i, strip->begin, strip->end, strip->rows[i]) : rows[0];
    }
    if (is_few)
      BEST(add_few_rows)(strip->whole_sums, rows, whole_weights, count, k == 0 ? t.count / 2 : -1);
    else
      BEST(add_rows)(strip->sums, rows, weights, count, k == 0);
  }
  if (is_few) BEST(to_levels)(strip->sums, strip->whole_sums, count);
}

static void sum_columns(struct strip* strip, int step) {
  if (step == 1)
    BEST(sum_grey)(strip);
  else
    BEST(sum_colours)(strip, step);
}

static void resize(const struct result* r, const struct source* s, const struct sides* sides) {
  struct strip strip;
  memset(strip.sums, 0, sizeof strip.sums);
  for (int x = 0; x < sides->columns.count; x += strip.results) {
    begin_strip(&strip, &sides->columns, x);
    for (int y = 0; y < sides->rows.count; y++) {
      sum_rows(&strip, s, &sides->rows, y);
      sum_columns(&strip, bytes_of_pixel(s->format));
      store(r, s->format, strip.levels, strip.results,
            (ptrdiff_t)(sides->rows.first + y) * r->picture->width + sides->columns.first + x);
    }
  }
}

// Of a picture that has the network's size.
static void convert(const struct result* r, const struct source* s) {
  uint8_t room[STRIP * 3];
  for (int y = 0; y < s->height; y++)
    for (int x = 0; x < s->width; x += STRIP) {
      const int end = s->width - x < STRIP ? s->width : x + STRIP;
      store(r, s->format, pixels_of_row(s, y, x, end, room), end - x, (ptrdiff_t)y * s->width + x);
    }
}

static void fill(const struct result* r, int row, int begin, int end) {
  const struct cnnc_rt_picture* p = r->picture;
  for (int c = 0; c < p->channels; c++)
    for (int x = begin; x < end; x++)
      r->values[c * r->channel + ((ptrdiff_t)row * p->width + x) * r->pixel] =
          (float)p->fill * p->scale[c] + p->shift[c];
}

static void fill_frame(const struct result* r, const struct sides* sides) {
  const struct cnnc_rt_picture* p = r->picture;
  const int left = sides->columns.first, right = left + sides->columns.count;
  const int top = sides->rows.first, bottom = top + sides->rows.count;
  for (int y = 0; y < p->height; y++) {
    const int is_beside = y >= top && y < bottom;
    fill(r, y, 0, is_beside ? left : p->width);
    if (is_beside) fill(r, y, right, p->width);
  }
}

static int is_wrong(const struct cnnc_rt_picture* p, const struct source* s) {
  if (s->format < CNNC_RT_RGB8 || s->format > CNNC_RT_NV12) return 1;
  if (s->width < 1 || s->width > (int64_t)MOST_SHRINKING * p->width) return 1;
  if (s->height < 1 || s->height > (int64_t)MOST_SHRINKING * p->height) return 1;
  if (s->format == CNNC_RT_NV12) return s->width % 2 != 0 || s->height % 2 != 0 || s->stride < s->width;
  return s->stride < (ptrdiff_t)s->width * bytes_of_pixel(s->format);
}

static int read_pixels(const uint8_t* pixels, int width, int height, int stride, int format,
                       struct result result) {
  const struct cnnc_rt_picture* picture = result.picture;
  if (!pixels) return CNNC_RT_ERROR_NULL;
  if (format == 0) format = picture->format;
  struct source source = {pixels, width, height, format, stride};
  if (stride == 0) source.stride = (ptrdiff_t)width * (format == CNNC_RT_NV12 ? 1 : bytes_of_pixel(format));
  if (is_wrong(picture, &source)) return CNNC_RT_ERROR_PIXELS;
  const ptrdiff_t rows = format == CNNC_RT_NV12 ? height + height / 2 : height;
  const int is_of_size = width == picture->width && height == picture->height;
  const struct sides sides = sides_of(picture, &source);
  for (int i = 0; i < picture->images; i++, source.data += rows * source.stride) {
    if (is_of_size) {
      convert(&result, &source);
    } else {
      fill_frame(&result, &sides);
      resize(&result, &source, &sides);
    }
    result.values += (ptrdiff_t)picture->channels * picture->height * picture->width;
  }
  return CNNC_RT_OK;
}

CNNC_RT_WEAK int cnnc_rt_read_pixels(const uint8_t* pixels, int width, int height, int stride, int format,
                                     const struct cnnc_rt_picture* picture, float* values) {
  const struct result result = {picture, values, (ptrdiff_t)picture->height * picture->width, 1};
  return read_pixels(pixels, width, height, stride, format, result);
}

CNNC_RT_WEAK int cnnc_rt_read_pixels_channels_last(const uint8_t* pixels, int width, int height, int stride,
                                                   int format, const struct cnnc_rt_picture* picture,
                                                   float* values) {
  const struct result result = {picture, values, 1, picture->channels};
  return read_pixels(pixels, width, height, stride, format, result);
}

CNNC_RT_WEAK const char* cnnc_rt_pixels_error_text(void) {
  return "width, height, stride or format of the pixels is none that can be read";
}
