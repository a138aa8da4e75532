// Pictures as programs have them, resized and normalised to what a network reads.
//
// A picture is resized by a triangle as wide as a pixel of the result where it gets smaller (antialiased
// bilinear, as Pillow's and torchvision's): first along its columns, then along its rows, then rounded to
// levels (resize.h).
#include "runtime/cnnc_rt.h"
#include "runtime/pixels/resize.h"

enum { MOST_SHRINKING = 500 };  // a side is at most so many times that of the network's input

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

static void resize(const struct result* r, const struct source* s, const struct sides* sides) {
  struct strip strip;
  for (int x = 0; x < sides->columns.count; x += strip.results) {
    begin_strip(&strip, sides, x, bytes_of_pixel(s->format));
    for (int y = 0; y < sides->rows.count; y++) {
      sum_rows(&strip, s, &sides->rows, y);
      sum_columns(&strip);
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
