// What the runtime is told of an input that is made of pictures.
#pragma once
#include "graph/pixels.h"
#include "graph/shape.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

// `shape` is a map of one channel or three.
cnnc_rt_picture picture_for(const Pixels& pixels, const Shape& shape, int64_t images);

}  // namespace cnnc
