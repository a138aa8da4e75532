// What changes nothing: Identity, Dropout, Cast between floats.
#include <fmt/format.h>

#include "onnx/attributes.h"
#include "onnx/mappings/elementwise.h"
#include "onnx/mappings/mappings.h"

namespace cnnc::onnx {

void map_identity(Translation& t, const Node& node) {
  set_output(t, node, input(t, node, 0));
}

// Training, if at all, is an attribute until opset 6 and an input since 12.
void map_dropout(Translation& t, const Node& node) {
  const Constant* training = constant_input(t, node, 2);
  const bool trains =
      has_input(node, 2) && !(training && training->integers && training->integers->size() == 1 &&
                              training->integers->front() == 0);
  const Constant* given = constant_input(t, node, 1);
  const bool has_ratio = given && given->floats && given->floats->size() == 1;
  const double ratio = decimal(has_ratio ? given->floats->front() : real(node, "ratio", 0.5f));
  if (trains && ratio != 0)
    throw Unmapped{
        "it drops elements, as in training",
        "export the model for inference (PyTorch: model.eval()), or remove the node's third input"};
  const bool is_known = ratio >= 0 && ratio <= 1;
  set_output(t, node,
             apply(t, name_of(node), "dropout", is_known ? Attributes{{"p", ratio}} : Attributes{},
                   flat_as_vector(t, need_view(t, node, 0))));
}

// The numbers are those of TensorProto.DataType: float, float16, double and bfloat16. cnnc computes all of
// them as float.
void map_cast(Translation& t, const Node& node) {
  const int64_t to = integer(node, "to", 1);
  if (type_name(to).rfind("float8", 0) == 0 || type_name(to).rfind("float4", 0) == 0)
    throw Unmapped{
        fmt::format("it rounds numbers of the network to {}, and cnnc computes floats", type_name(to)),
        "export the model before it is quantised, or remove the node: the values are others then"};
  if (to != 1 && to != 10 && to != 11 && to != 16)
    throw Unmapped{"it makes numbers of the network something else than floats", ""};
  set_output(t, node, need_view(t, node, 0));
}

}  // namespace cnnc::onnx
