// What takes the time of reading pixels, as loops of which C compilers make vectors. Included once for each
// set of instructions: OF_SET(name) makes the names, FUNCTION stands before each function.

// A row of NV12 as red, green and blue: ITU-R BT.601, luma 16 to 235. Two columns of two rows have one
// chroma, of which each value is first spread over both.
FUNCTION void OF_SET(read_nv12)(const struct source* s, int row, int begin, int end, uint8_t* restrict to) {
  const uint8_t* restrict luma = s->data + row * s->stride + begin;
  const uint8_t* restrict chroma = s->data + (s->height + row / 2) * s->stride;
  int16_t u[STRIP], v[STRIP];
  for (int x = begin; x < end; x++) {
    u[x - begin] = (int16_t)(chroma[x & ~1] - 128);
    v[x - begin] = (int16_t)(chroma[x | 1] - 128);
  }
  for (int x = 0; x < end - begin; x++) {
    const int c = 298 * (luma[x] - 16) + 128;
    to[3 * x] = clipped((c + 409 * v[x]) >> 8);
    to[3 * x + 1] = clipped((c - 100 * u[x] - 208 * v[x]) >> 8);
    to[3 * x + 2] = clipped((c + 516 * u[x]) >> 8);
  }
}

// sums[i], of `count`, the weighted sum of four rows, added to what is there unless it begins.
FUNCTION void OF_SET(add_rows)(float* restrict sums, const uint8_t* const* rows, const float* weights,
                               int count, int begins) {
  const uint8_t* restrict a = rows[0], * restrict b = rows[1], * restrict c = rows[2], * restrict d = rows[3];
  const float v = weights[0], w = weights[1], x = weights[2], y = weights[3];
  if (begins)
    for (int i = 0; i < count; i++) sums[i] = (v * a[i] + w * b[i]) + (x * c[i] + y * d[i]);
  else
    for (int i = 0; i < count; i++) sums[i] += (v * a[i] + w * b[i]) + (x * c[i] + y * d[i]);
}

// The same of a few rows, in 256ths of levels: `weights` are 65536ths. A product is cut off below, so the sum
// begins with `begin`, half a 256th for each of all rows; where that is negative, what is there goes on.
FUNCTION void OF_SET(add_few_rows)(uint16_t* restrict sums, const uint8_t* const* rows,
                                   const uint16_t* weights, int count, int begin) {
  const uint8_t* restrict a = rows[0], * restrict b = rows[1], * restrict c = rows[2], * restrict d = rows[3];
  const uint16_t v = weights[0], w = weights[1], x = weights[2], y = weights[3];
  if (begin >= 0)
    for (int i = 0; i < count; i++)
      sums[i] = (uint16_t)(begin + share(a[i], v) + share(b[i], w) + share(c[i], x) + share(d[i], y));
  else
    for (int i = 0; i < count; i++)
      sums[i] = (uint16_t)(sums[i] + share(a[i], v) + share(b[i], w) + share(c[i], x) + share(d[i], y));
}

FUNCTION void OF_SET(to_levels)(float* restrict to, const uint16_t* restrict from, int count) {
  for (int i = 0; i < count; i++) to[i] = (float)from[i] * (1.0f / 256);
}

FUNCTION void OF_SET(sum_grey)(struct strip* strip) {
  const float* weights = strip->weights;
  for (int x = 0; x < strip->results; weights += strip->count[x++]) {
    const float* from = strip->sums + strip->first[x];
    float sum = 0;
    for (int k = 0; k < strip->count[x]; k++) sum += weights[k] * from[k];
    strip->levels[x] = level(sum);
  }
}

// Of pixels of three floats the fourth is the next one's, and its sum is passed over.
FUNCTION void OF_SET(sum_colours)(struct strip* strip, int step) {
  const float* weights = strip->weights;
  for (int x = 0; x < strip->results; weights += strip->count[x++]) {
    const float* from = strip->sums + strip->first[x] * step;
    const int pairs = strip->count[x] / 2 * 2;
    float4 even = {0.5f, 0.5f, 0.5f, 0.5f}, odd = {0, 0, 0, 0};
    for (int k = 0; k < pairs; k += 2, from += 2 * step) {
      even += weights[k] * pixel_at(from);
      odd += weights[k + 1] * pixel_at(from + step);
    }
    if (pairs < strip->count[x]) even += weights[pairs] * pixel_at(from);
    const int4 levels = __builtin_convertvector(even + odd, int4);
    for (int c = 0; c < 3; c++) strip->levels[x * step + c] = (uint8_t)levels[c];
  }
}

// Of every `step`-th byte, to every `pixel`-th float.
FUNCTION void OF_SET(store_channel)(float* restrict to, ptrdiff_t pixel, const uint8_t* restrict from,
                                    int step, int count, float scale, float shift) {
  if (pixel != 1)
    for (int i = 0; i < count; i++) to[i * pixel] = (float)from[i * step] * scale + shift;
  else if (step == 1)
    for (int i = 0; i < count; i++) to[i] = (float)from[i] * scale + shift;
  else if (step == 3)
    for (int i = 0; i < count; i++) to[i] = (float)from[i * 3] * scale + shift;
  else
    for (int i = 0; i < count; i++) to[i] = (float)from[i * 4] * scale + shift;
}
