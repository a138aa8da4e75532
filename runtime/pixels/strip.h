// What is on the way from a picture to its resized form.
#ifndef CNNC_RT_PIXELS_STRIP_H
#define CNNC_RT_PIXELS_STRIP_H

#include <string.h>

#include "runtime/pixels/sides.h"

// Pixels of the source at once, which are more than the taps of one pixel of the result; pixels of the result
// at once; their weights; taps that are few; rows of the source that are added at once; lanes of a vector of
// whole numbers.
enum { STRIP = 2048, STRIP_RESULT = 512, STRIP_WEIGHTS = 8192, FEW_TAPS = 40, ROWS = 8, LANES = 16 };

// Neighbouring columns of the result, on the way.
struct strip {
  // Of a row of the source's columns, with what may be read behind the last: a pixel of three floats is read
  // as four, and whole numbers as far as there are weights.
  union {
    float sums[(STRIP + 1) * 4];
    uint16_t whole_sums[(STRIP + FEW_TAPS + LANES) * 4];
  };
  // Of each pixel of the result, tap after tap; whole numbers as the lanes of vectors by
  // which what lies there is multiplied.
  union {
    float weights[STRIP_WEIGHTS];
    uint16_t whole_weights[STRIP_WEIGHTS * 2];
  };
  int taps;        // of a pixel of the result, at most
  int room;        // elements of weights for each pixel of the result
  int is_whole;    // sums and weights are whole numbers
  int step;        // bytes of a pixel
  int begin, end;  // pixels of the source
  int results;
  int first[STRIP_RESULT], count[STRIP_RESULT];  // taps, counted from the strip's first pixel
  uint8_t rows[ROWS][STRIP * 3];                 // of sources that have no pixels of their own,
  int held[ROWS];                                // and which rows these are, -1: none
  uint8_t levels[STRIP_RESULT * 4 + 4];          // four are stored at once
};

#endif
