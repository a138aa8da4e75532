// Pad of any axes.
#include <algorithm>

#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/pad.h"

namespace cnnc::onnx {

void general_pad(Translation& t, const Node& node) {
  View x = need_view(t, node, 0);
  const size_t rank = x.dims.size();
  const GivenPadding given = given_padding(t, node, rank);
  for (size_t axis = 0; axis < rank; ++axis) {
    const int64_t before = given.pads[axis], after = given.pads[rank + axis];
    const int64_t begin = std::max<int64_t>(-before, 0),
                  end = size(x.dims[axis]) + std::min<int64_t>(after, 0);
    x = cropped(t, "", x, axis, {begin, 1, std::max<int64_t>(end - begin, 0)});
    x = padded(t, name_of(node), x, axis, std::max<int64_t>(before, 0), std::max<int64_t>(after, 0),
               {given.mode, given.value});
  }
  set_output(t, node, std::move(x));
}

}  // namespace cnnc::onnx
