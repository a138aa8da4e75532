#include "runtime/bytes_input.h"

#include "runtime/cnnc_rt.h"

// What is added to a float of up to 2^22 so that no bit is left behind the point, by the processor's
// rounding: to the nearest, halves to even. The low bits of the sum are those of the whole number.
#define ROUNDS_FLOAT 12582912.0f

// A comparison with what is no number is false, and leaves the least. Byte i is stored where float i / 4 was,
// which has been read.
CNNC_RT_WEAK void cnnc_rt_make_bytes(float* values, int64_t count, float inverse, int32_t zero_point,
                                     int32_t flip) {
  const float least = (float)-zero_point, most = (float)(255 - zero_point);
  uint8_t* bytes = (uint8_t*)values;
  for (int64_t i = 0; i < count; i++) {
    float steps = values[i] * inverse;
    steps = steps > least ? steps : least;
    steps = steps < most ? steps : most;
    const float rounded = (steps + ROUNDS_FLOAT) - ROUNDS_FLOAT;
    bytes[i] = (uint8_t)(((int32_t)rounded + zero_point) ^ flip);
  }
}
