// Convolutions and pools of several maps that are no batch, as of two pictures joined along the first axis,
// or of TensorFlow's SpaceToBatch: the channels of all stand behind each other, each map's in groups of their
// own.
#include "onnx/attributes.h"
#include "onnx/composed/composition.h"

namespace cnnc::onnx {
namespace {

bool is_several(const Translation& t, const Dims& x) {
  return t.images == 1 && x.size() >= 3 && x[0] > 1;
}

// 1 x NC x H x W
std::string as_one(Composer& c, const std::string& x, const Dims& dims) {
  Dims one = {1, dims[0] * dims[1]};
  one.insert(one.end(), dims.begin() + 2, dims.end());
  return c.reshape(x, one);
}

// N x C x H x W of 1 x NC x H x W, whatever H and W are: a 0 keeps a size.
void finish_several(Composer& c, const std::string& x, const Dims& dims, int64_t channels) {
  Dims several(dims.size(), 0);
  several[0] = dims[0];
  several[1] = channels;
  c.finish("Reshape", {x, c.whole(several)});
}

std::string repeated(Composer& c, const std::string& constant, const Dims& dims, int64_t count) {
  Dims repeats(dims.size(), 1);
  repeats.at(0) = count;
  return c.add("Tile", {constant, c.whole(repeats)});
}

}  // namespace

// Conv and ConvTranspose, whose weights are O x C / groups and C x O / groups.
std::optional<Composition> compose_conv_of_several(const Translation& t, const Node& node) {
  const Dims x = dims_of_input(t, node, 0), weight = dims_of_input(t, node, 1);
  if (!constant_input(t, node, 1) || !is_several(t, x) || weight.size() != x.size()) return std::nullopt;
  const int64_t groups = integer(node, "group", 1);
  Composer c(t, node);
  std::vector<std::string> inputs = {as_one(c, node.inputs[0], x), repeated(c, node.inputs[1], weight, x[0])};
  if (has_input(node, 2)) inputs.push_back(repeated(c, node.inputs[2], dims_of_input(t, node, 2), x[0]));
  std::map<std::string, Attribute> attributes = node.attributes;
  attributes["group"] = x[0] * groups;
  finish_several(c, c.add(node.op, inputs, attributes), x,
                 node.op == "Conv" ? weight[0] : weight[1] * groups);
  return c.take();
}

std::optional<Composition> compose_pool_of_several(const Translation& t, const Node& node) {
  const Dims x = dims_of_input(t, node, 0);
  if (!is_several(t, x)) return std::nullopt;
  Composer c(t, node);
  finish_several(c, c.add(node.op, {as_one(c, node.inputs[0], x)}, node.attributes), x, x[1]);
  return c.take();
}

}  // namespace cnnc::onnx
