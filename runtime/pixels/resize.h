// A strip of the picture, as wide as there is room for on the stack, becomes a row of the result after the
// other.
//
// Sums of few pixels, as of pictures that are up to 19 times as large as the result, are made in whole
// numbers of 16 bits, 256ths of levels, with weights in 65536ths. A weight is off by half a 65536th (1 itself
// by a whole one) and a product by half a 256th at most, so a sum is off by less than a 256th of a level for
// each of its pixels: less than a third of a level when both sides have FEW_TAPS, where Pillow, which rounds
// to levels between columns and rows, is off by a half. Sums of more are made in floats, in one order and
// without fused operations. So all processors give the same.
#ifndef CNNC_RT_PIXELS_RESIZE_H
#define CNNC_RT_PIXELS_RESIZE_H

#include "runtime/pixels/sets.h"

// The pixels of a row from column `begin` on; `room` is for those that are none in memory.
static const uint8_t* pixels_of_row(const struct source* s, int row, int begin, int end, uint8_t* room) {
  if (s->format != CNNC_RT_NV12)
    return s->data + row * s->stride + (ptrdiff_t)begin * bytes_of_pixel(s->format);
  BEST(read_nv12)(s, row, begin, end, room);
  return room;
}

// The strip's pixels of a row. Neighbouring rows of the result share some, which are converted once.
static const uint8_t* strip_of_row(struct strip* strip, const struct source* s, int row) {
  uint8_t* room = strip->rows[row % ROWS];
  if (strip->held[row % ROWS] == row) return room;
  if (s->format == CNNC_RT_NV12) strip->held[row % ROWS] = row;
  return pixels_of_row(s, row, strip->begin, strip->end, room);
}

static uint16_t to_65536ths(double weight) {
  const double rounded = weight * 65536 + 0.5;
  return rounded < 65535 ? (uint16_t)rounded : 65535;
}

// Pixels whose bytes lie in one vector.
static inline int pixels_of_vector(int step) {
  return LANES / step;
}

static void begin_weights(struct strip* strip, const struct sides* sides) {
  const int at_once = pixels_of_vector(strip->step);
  strip->taps = most_taps(&sides->columns);
  strip->is_whole = strip->taps <= FEW_TAPS && most_taps(&sides->rows) <= FEW_TAPS;
  strip->room = strip->is_whole ? (strip->taps + at_once - 1) / at_once * LANES : strip->taps;
}

static void add_whole_weights(const struct strip* strip, const struct taps* t, uint16_t* lanes) {
  const int at_once = pixels_of_vector(strip->step);
  memset(lanes, 0, (size_t)strip->room * sizeof *lanes);
  for (int k = 0; k < t->count; lanes += LANES)
    for (int i = 0; i < at_once && k < t->count; i++, k++) {
      const uint16_t weight = to_65536ths(weight_of(t, k));
      for (int c = 0; c < strip->step; c++) lanes[i * strip->step + c] = weight;
    }
}

static void add_weights(struct strip* strip, const struct taps* t) {
  const int at = strip->results * strip->room;
  if (strip->is_whole)
    add_whole_weights(strip, t, strip->whole_weights + at);
  else
    for (int k = 0; k < t->count; k++) strip->weights[at + k] = (float)weight_of(t, k);
}

// As many pixels of the result from `pixel` on as there is room for.
static void begin_strip(struct strip* strip, const struct sides* sides, int pixel, int step) {
  const struct side* columns = &sides->columns;
  strip->step = step;
  for (int i = 0; i < ROWS; i++) strip->held[i] = -1;
  begin_weights(strip, sides);
  const int most = STRIP_WEIGHTS * (strip->is_whole ? 2 : 1) / strip->room;
  strip->begin = strip->end = taps_of(columns, pixel).first;
  for (strip->results = 0; pixel < columns->count && strip->results < STRIP_RESULT && strip->results < most;
       pixel++, strip->results++) {
    const struct taps t = taps_of(columns, pixel);
    if (t.first + t.count - strip->begin > STRIP) break;
    add_weights(strip, &t);
    strip->first[strip->results] = t.first - strip->begin;
    strip->count[strip->results] = t.count;
    strip->end = t.first + t.count;
  }
  if (strip->is_whole)  // what weights of 0 are multiplied by
    memset(strip->whole_sums + (strip->end - strip->begin) * step, 0,
           (FEW_TAPS + LANES) * 4 * sizeof(uint16_t));
  else
    memset(strip->sums + (strip->end - strip->begin) * step, 0, 4 * sizeof(float));
}

// A row of the result from the strip's columns, which still have their own width.
static void sum_rows(struct strip* strip, const struct source* s, const struct side* side, int row) {
  const struct taps t = taps_of(side, row);
  const int count = (strip->end - strip->begin) * strip->step;
  for (int k = 0; k < t.count; k += ROWS) {
    const int taps = t.count - k < ROWS ? t.count - k : ROWS;
    const uint8_t* rows[ROWS];
    float weights[ROWS] = {0};
    uint16_t whole_weights[ROWS] = {0};
    for (int i = 0; i < ROWS; i++) {
      const double weight = i < taps ? weight_of(&t, k + i) : 0;
      weights[i] = (float)weight;
      whole_weights[i] = to_65536ths(weight);
      rows[i] = i < taps ? strip_of_row(strip, s, t.first + k + i) : rows[0];
    }
    if (strip->is_whole)
      BEST(add_whole_rows)(strip->whole_sums, rows, whole_weights, taps, count, k == 0 ? t.count / 2 : -1);
    else
      BEST(add_rows)(strip->sums, rows, weights, taps, count, k == 0);
  }
}

static void sum_columns(struct strip* strip) {
  if (strip->is_whole)
    BEST(sum_whole)(strip);
  else if (strip->step == 1)
    BEST(sum_grey)(strip);
  else
    BEST(sum_colours)(strip);
}

#endif
