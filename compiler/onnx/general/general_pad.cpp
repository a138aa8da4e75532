// Pad of any axes, and pools over one dimension of three.
#include <algorithm>

#include "onnx/attributes.h"
#include "onnx/dims.h"
#include "onnx/general/general.h"
#include "onnx/general/operations.h"
#include "onnx/mappings/mappings.h"
#include "onnx/mappings/pad.h"
#include "onnx/tensors/rearrange.h"

namespace cnnc::onnx {
namespace {

using Sizes = std::vector<int64_t>;

// Of three dimensions of pixels the window covers single places of the first, or of the last two: these
// become channels, or one dimension.
struct Flattened {
  size_t first = 0;  // of the dimensions that stay, counted from that behind the channels
  size_t count = 0;
  Dims dims;  // of the input
};

bool is_single(const Node& node, size_t dim) {
  const auto at = [&](const char* name, size_t i, int64_t otherwise) {
    const Sizes sizes = integers(node, name, {});
    return i < sizes.size() ? sizes[i] : otherwise;
  };
  return at("kernel_shape", dim, 1) == 1 && at("strides", dim, 1) == 1 && at("pads", dim, 0) == 0 &&
         at("pads", dim + 3, 0) == 0;
}

Flattened flattened_of(const Node& node, const Dims& d) {
  if (d.size() != 5 || integers(node, "kernel_shape", {}).size() != 3) throw Unmapped{"", ""};
  if (is_single(node, 0)) return {1, 2, {d[0], d[1] * d[2], d[3], d[4]}};
  if (is_single(node, 1) && is_single(node, 2)) return {0, 1, {d[0], d[1], d[2], d[3] * d[4]}};
  throw Unmapped{
      "its windows are of three dimensions of pixels",
      "cnnc has windows of two; those that cover one place of the first or of the last two are possible"};
}

// The attribute of three dimensions as one of two, of which the second is single where one stays.
void flatten_attribute(Node& node, const char* name, const Flattened& f, int64_t single) {
  if (!has_attribute(node, name)) return;
  const Sizes given = integers(node, name, {});
  Sizes result;
  for (size_t side = 0; side < given.size(); side += 3) {
    const auto begin = given.begin() + static_cast<std::ptrdiff_t>(side + f.first);
    result.insert(result.end(), begin, begin + static_cast<std::ptrdiff_t>(f.count));
    if (f.count == 1) result.push_back(single);
  }
  node.attributes[name] = result;
}

}  // namespace

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

// As a pool of two dimensions, under names that no value of a file has.
void general_pool(Translation& t, const Node& node) {
  const View& x = need_view(t, node, 0);
  const Flattened f = flattened_of(node, dims_of(x));
  Node pool = node;
  pool.inputs = {"\n"};
  pool.outputs = {"\n\n"};
  for (const char* name : {"kernel_shape", "strides", "dilations"}) flatten_attribute(pool, name, f, 1);
  flatten_attribute(pool, "pads", f, 0);
  t.values.insert_or_assign("\n", reshaped_tensor(t, x, f.dims));
  t.rearranges = true;
  (node.op == "MaxPool" ? map_maxpool : map_averagepool)(t, pool);
  const View y = std::get<View>(t.values.at("\n\n"));
  Dims dims = dims_of(x), pooled = dims_of(y);
  dims[2] = f.count == 1 ? pooled[2] : dims[2];
  if (f.count == 2) std::copy(pooled.begin() + 2, pooled.end(), dims.begin() + 3);
  set_output(t, node, reshaped_tensor(t, y, dims));
}

}  // namespace cnnc::onnx
