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
FUNCTION void OF_SET(add_four_rows)(float* restrict sums, const uint8_t* const* rows, const float* weights,
                                    int count, int begins) {
  const uint8_t* restrict a = rows[0], * restrict b = rows[1], * restrict c = rows[2], * restrict d = rows[3];
  const float v = weights[0], w = weights[1], x = weights[2], y = weights[3];
  if (begins)
    for (int i = 0; i < count; i++) sums[i] = (v * a[i] + w * b[i]) + (x * c[i] + y * d[i]);
  else
    for (int i = 0; i < count; i++) sums[i] += (v * a[i] + w * b[i]) + (x * c[i] + y * d[i]);
}

// Of `taps` rows; of those behind them up to ROWS the weight is 0.
FUNCTION void OF_SET(add_rows)(float* sums, const uint8_t* const* rows, const float* weights, int taps,
                               int count, int begins) {
  OF_SET(add_four_rows)(sums, rows, weights, count, begins);
  if (taps > 4) OF_SET(add_four_rows)(sums, rows + 4, weights + 4, count, 0);
}

// The same in whole numbers, of two bytes at a time: each is the upper one of a word. Known when this is
// compiled, so many `taps` are added without a loop, and it is known whether the sum begins.
FUNCTION inline __attribute__((always_inline)) void OF_SET(add_shares)(uint16_t* restrict sums,
                                                                       const uint8_t* const* rows,
                                                                       const uint16_t* weights, int taps,
                                                                       int count, int begins,
                                                                       uint16_t begin) {
  const word* restrict a = (const word*)rows[0];
  const word* restrict b = (const word*)rows[1];
  const word* restrict c = (const word*)rows[2];
  const word* restrict d = (const word*)rows[3];
  const word* restrict e = (const word*)rows[4];
  const word* restrict f = (const word*)rows[5];
  const word* restrict g = (const word*)rows[6];
  const word* restrict h = (const word*)rows[7];
  const uint16_t s = weights[0], t = weights[1], u = weights[2], v = weights[3];
  const uint16_t w = weights[4], x = weights[5], y = weights[6], z = weights[7];
  for (int i = 0; i < count / 2; i++) {
    int lower = (begins ? begin : sums[2 * i]) + share(lower_of(a[i]), s) + share(lower_of(b[i]), t);
    int upper = (begins ? begin : sums[2 * i + 1]) + share(upper_of(a[i]), s) + share(upper_of(b[i]), t);
    if (taps > 2) lower += share(lower_of(c[i]), u) + share(lower_of(d[i]), v);
    if (taps > 2) upper += share(upper_of(c[i]), u) + share(upper_of(d[i]), v);
    if (taps > 4) lower += share(lower_of(e[i]), w) + share(lower_of(f[i]), x);
    if (taps > 4) upper += share(upper_of(e[i]), w) + share(upper_of(f[i]), x);
    if (taps > 6) lower += share(lower_of(g[i]), y) + share(lower_of(h[i]), z);
    if (taps > 6) upper += share(upper_of(g[i]), y) + share(upper_of(h[i]), z);
    sums[2 * i] = (uint16_t)lower;
    sums[2 * i + 1] = (uint16_t)upper;
  }
  if (count % 2 == 1) {
    int sum = begins ? begin : sums[count - 1];
    for (int k = 0; k < taps; k++) sum += share((uint16_t)(rows[k][count - 1] << 8), weights[k]);
    sums[count - 1] = (uint16_t)sum;
  }
}

// A product is cut off below, so the sum begins with `begin`, half a 256th for each of all rows; where that
// is negative, what is there goes on.
FUNCTION void OF_SET(add_whole_rows)(uint16_t* sums, const uint8_t* const* rows, const uint16_t* weights,
                                     int taps, int count, int begin) {
  if (begin < 0)
    OF_SET(add_shares)(sums, rows, weights, 8, count, 0, 0);
  else if (taps <= 2)
    OF_SET(add_shares)(sums, rows, weights, 2, count, 1, (uint16_t)begin);
  else if (taps <= 4)
    OF_SET(add_shares)(sums, rows, weights, 4, count, 1, (uint16_t)begin);
  else if (taps <= 6)
    OF_SET(add_shares)(sums, rows, weights, 6, count, 1, (uint16_t)begin);
  else
    OF_SET(add_shares)(sums, rows, weights, 8, count, 1, (uint16_t)begin);
}

// Levels from whole numbers. In the end a vector's pixels are added up: of colours the first two of eight
// lanes, the third that lies in both halves, and two more.
FUNCTION inline __attribute__((always_inline)) void OF_SET(sum_vectors)(struct strip* strip, int step) {
  const uint16_t half = (uint16_t)(128 + strip->taps / 2), *weights = strip->whole_weights;
  for (int x = 0; x < strip->results; x++) {
    const uint16_t* from = strip->whole_sums + strip->first[x] * step;
    uint16xn sums, products;
    shares(&sums, from, weights);
    for (int k = LANES; k < strip->room; k += LANES) {
      shares(&products, from + k / LANES * (LANES / step * step), weights + k);
      sums += products;
    }
    weights += strip->room;
    uint16x8 halves[2], a, b;
    memcpy(halves, &sums, sizeof halves);
    a = halves[0];
    b = halves[1];
    if (step == 3) {
      const uint16x8 third = __builtin_shufflevector(a, b, 6, 7, 8, 0, 0, 0, 0, 0);
      a += __builtin_shufflevector(b, b, 1, 2, 3, 4, 5, 6, 7, 0);
      a += third + __builtin_shufflevector(a, a, 3, 4, 5, 6, 7, 0, 1, 2);
    } else {
      a += b;
      a += __builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3);
    }
    if (step == 1) a += __builtin_shufflevector(a, a, 2, 3, 4, 5, 6, 7, 0, 1);
    if (step == 1) a += __builtin_shufflevector(a, a, 1, 2, 3, 4, 5, 6, 7, 0);
    const uint8x16 bytes = (uint8x16)(a + half);
    const uint8x16 levels =
        __builtin_shufflevector(bytes, bytes, 1, 3, 5, 7, 9, 11, 13, 15, 0, 0, 0, 0, 0, 0, 0, 0);
    memcpy(strip->levels + x * step, &levels, 4);
  }
}

FUNCTION void OF_SET(sum_whole)(struct strip* strip) {
  if (strip->step == 3)
    OF_SET(sum_vectors)(strip, 3);
  else if (strip->step == 4)
    OF_SET(sum_vectors)(strip, 4);
  else
    OF_SET(sum_vectors)(strip, 1);
}

FUNCTION void OF_SET(sum_grey)(struct strip* strip) {
  for (int x = 0; x < strip->results; x++) {
    const float* weights = strip->weights + x * strip->room;
    const float* from = strip->sums + strip->first[x];
    float sum = 0;
    for (int k = 0; k < strip->count[x]; k++) sum += weights[k] * from[k];
    strip->levels[x] = level(sum);
  }
}

// Of pixels of three floats the fourth is the next one's, and its sum is passed over.
FUNCTION void OF_SET(sum_colours)(struct strip* strip) {
  const int step = strip->step;
  for (int x = 0; x < strip->results; x++) {
    const float* weights = strip->weights + x * strip->room;
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
