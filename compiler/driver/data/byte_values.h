// Values of inputs and outputs that a library has as bytes.
#pragma once
#include <vector>

#include "emit/header/byte_ports.h"

namespace cnnc {

// Reals as the bytes that a plan's input holds, 0 to 255, as ops/quantized/quantize.cpp makes them; those
// with a sign by the bits that they have.
void make_bytes(const BytePort& port, std::vector<float>& values);

// What bytes of a plan's output stand for.
void make_reals(const BytePort& port, std::vector<float>& values);

}  // namespace cnnc
