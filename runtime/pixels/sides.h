// Which pixels of a picture make which of the result, and by what weights.
#ifndef CNNC_RT_PIXELS_SIDES_H
#define CNNC_RT_PIXELS_SIDES_H

#include <stddef.h>

#include "runtime/cnnc_rt.h"

// A part of a side of the source, which need not begin at a pixel, and how many pixels it becomes.
struct side {
  double begin,
      step;          // where the first pixel of the result begins, pixels of the source to one of the result
  int size;          // of the source's whole side
  int first, count;  // pixels of the result, of which those beside are filled
};

// What a pixel of the result is made of: so many of the source from `first` on. `scale` makes their weights'
// sum 1.
struct taps {
  double center, slope, scale;
  int first, count;
};

struct sides {
  struct side columns, rows;
};

// Where the floats of an image go: that of channel c, row y and column x is number
// c * channel + (y * picture->width + x) * pixel.
struct result {
  const struct cnnc_rt_picture* picture;
  float* values;
  ptrdiff_t channel, pixel;
};

struct source {
  const uint8_t* data;
  int width, height, format;
  ptrdiff_t stride;
};

// Bytes from one pixel to the next; of NV12, which is read as colours.
static inline int bytes_of_pixel(int format) {
  switch (format) {
    case CNNC_RT_GREY8:
      return 1;
    case CNNC_RT_RGBA8:
    case CNNC_RT_BGRA8:
      return 4;
    default:
      return 3;
  }
}

static inline int is_bgr(int format) {
  return format == CNNC_RT_BGR8 || format == CNNC_RT_BGRA8;
}

static inline double weight_of(const struct taps* t, int k) {
  double distance = (t->first + k + 0.5 - t->center) * t->slope;
  if (distance < 0) distance = -distance;
  return distance < 1 ? (1 - distance) * t->scale : 0;
}

static inline struct taps taps_of(const struct side* side, int pixel) {
  const double support = side->step > 1 ? side->step : 1;
  struct taps t = {side->begin + (pixel + 0.5) * side->step, 1 / support, 1, 0, 0};
  const double begin = t.center - support + 0.5, end = t.center + support + 0.5;
  t.first = begin > 0 ? (int)begin : 0;
  t.count = (end < side->size ? (int)end : side->size) - t.first;
  double sum = 0;
  for (int k = 0; k < t.count; k++) sum += weight_of(&t, k);
  t.scale = 1 / sum;
  return t;
}

// No pixel of the side has more.
static inline int most_taps(const struct side* side) {
  return (int)(2 * (side->step > 1 ? side->step : 1)) + 1;
}

static inline struct side whole(int size, int first, int count) {
  const struct side side = {0, (double)size / count, size, first, count};
  return side;
}

static inline struct side middle(int size, double step, int count) {
  const struct side side = {(size - count * step) / 2, step, size, 0, count};
  return side;
}

static inline struct side framed(int size, double step, int room) {
  int count = (int)(size / step + 0.5);
  count = count < 1 ? 1 : count > room ? room : count;
  return whole(size, (room - count) / 2, count);
}

static inline struct sides sides_of(const struct cnnc_rt_picture* p, const struct source* s) {
  const double across = (double)s->width / p->width, down = (double)s->height / p->height;
  struct sides sides = {whole(s->width, 0, p->width), whole(s->height, 0, p->height)};
  if (p->resize == CNNC_RT_CROP) {
    const double step = across < down ? across : down;
    sides.columns = middle(s->width, step, p->width);
    sides.rows = middle(s->height, step, p->height);
  } else if (p->resize == CNNC_RT_FIT) {
    const double step = across > down ? across : down;
    sides.columns = framed(s->width, step, p->width);
    sides.rows = framed(s->height, step, p->height);
  }
  return sides;
}

#endif
