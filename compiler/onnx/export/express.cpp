#include "onnx/export/express.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "onnx/export/expression.h"

namespace cnnc::onnx {
namespace {

// Operators that ONNX has as they are.
constexpr std::pair<std::string_view, std::string_view> kEqual[] = {
    {"abs", "Abs"},
    {"ceil", "Ceil"},
    {"cos", "Cos"},
    {"erf", "Erf"},
    {"exp", "Exp"},
    {"floor", "Floor"},
    {"global_avgpool", "GlobalAveragePool"},
    {"global_maxpool", "GlobalMaxPool"},
    {"hardswish", "HardSwish"},
    {"log", "Log"},
    {"neg", "Neg"},
    {"reciprocal", "Reciprocal"},
    {"relu", "Relu"},
    {"round", "Round"},
    {"selu", "Selu"},
    {"sigmoid", "Sigmoid"},
    {"sign", "Sign"},
    {"sin", "Sin"},
    {"softsign", "Softsign"},
    {"sqrt", "Sqrt"},
    {"tanh", "Tanh"},
};

constexpr std::pair<std::string_view, Expression> kExpressions[] = {
    {"adaptive_avgpool", express_adaptive_avgpool},
    {"adaptive_maxpool", express_adaptive_maxpool},
    {"add", express_add},
    {"add_constant", express_add_constant},
    {"affine", express_affine},
    {"argmax", express_argmax},
    {"argmin", express_argmin},
    {"avgpool", express_avgpool},
    {"avgpool3d", express_avgpool3d},
    {"batchnorm", express_batchnorm},
    {"celu", express_celu},
    {"channel_shuffle", express_channel_shuffle},
    {"clip", express_clip},
    {"concat", express_concat},
    {"concat_along", express_concat_along},
    {"conv", express_conv},
    {"conv3d", express_conv3d},
    {"crop", express_crop},
    {"dense", express_dense},
    {"depth_to_space", express_depth_to_space},
    {"divide", express_divide},
    {"divide_constant", express_divide_constant},
    {"dropout", express_dropout},
    {"elu", express_elu},
    {"equal", express_equal},
    {"equal_constant", express_equal_constant},
    {"expand", express_expand},
    {"flatten", express_flatten},
    {"flip", express_flip},
    {"gelu", express_gelu},
    {"greater", express_greater},
    {"greater_constant", express_greater_constant},
    {"greater_equal", express_greater_equal},
    {"greater_equal_constant", express_greater_equal_constant},
    {"grid_sample", express_grid_sample},
    {"grid_sample_constant", express_grid_sample_constant},
    {"groupnorm", express_groupnorm},
    {"hardsigmoid", express_hardsigmoid},
    {"instancenorm", express_instancenorm},
    {"int32", express_int32},
    {"l2norm", express_l2norm},
    {"layernorm", express_layernorm},
    {"leaky_relu", express_leaky_relu},
    {"less", express_less},
    {"less_constant", express_less_constant},
    {"less_equal", express_less_equal},
    {"less_equal_constant", express_less_equal_constant},
    {"log_softmax", express_log_softmax},
    {"lrn", express_lrn},
    {"matmul", express_matmul},
    {"maximum", express_maximum},
    {"maximum_constant", express_maximum_constant},
    {"maxpool", express_maxpool},
    {"maxpool3d", express_maxpool3d},
    {"minimum", express_minimum},
    {"minimum_constant", express_minimum_constant},
    {"mish", express_mish},
    {"multiply", express_multiply},
    {"multiply_constant", express_multiply_constant},
    {"pad", express_pad},
    {"pad_along", express_pad_along},
    {"permute", express_permute},
    {"prelu", express_prelu},
    {"reduce_max", express_reduce_max},
    {"reduce_mean", express_reduce_mean},
    {"reduce_min", express_reduce_min},
    {"reduce_product", express_reduce_product},
    {"reduce_sum", express_reduce_sum},
    {"relu6", express_relu6},
    {"reshape", express_reshape},
    {"resize", express_resize},
    {"rmsnorm", express_rmsnorm},
    {"shrink", express_shrink},
    {"silu", express_silu},
    {"slice", express_slice},
    {"softmax", express_softmax},
    {"softplus", express_softplus},
    {"space_to_depth", express_space_to_depth},
    {"split", express_split},
    {"square", express_square},
    {"subtract", express_subtract},
    {"subtract_constant", express_subtract_constant},
    {"threshold", express_threshold},
    {"tile", express_tile},
    {"upconv", express_upconv},
    {"upconv3d", express_upconv3d},
    {"upsample", express_upsample},
    {"where", express_where},
};

template <class Table>
auto find(const Table& table, std::string_view op) {
  return std::find_if(std::begin(table), std::end(table),
                      [&](const auto& entry) { return entry.first == op; });
}

void express_node(const Layer& layer) {
  const std::string& op = node_of(layer).op;
  if (const auto equal = find(kEqual, op); equal != std::end(kEqual))
    return finish(layer, equal->second, {input(layer)});
  const auto found = find(kExpressions, op);
  if (found == std::end(kExpressions))
    throw std::logic_error(fmt::format("'{}' has no expression in ONNX", op));
  found->second(layer);
}

bool is_input(const Graph& graph, NodeId id) {
  return graph.nodes[static_cast<size_t>(id)].op == "input";
}

ValueInfo describe(const std::string& name, const Shape& shape) {
  std::vector<Dimension> dims = {{std::nullopt, "N"}};
  for (const int64_t size : shape.sizes) dims.push_back({size, ""});
  return {name, "float", std::move(dims)};
}

// An output that is an input, or another output as well, is a value of its own.
void add_output(Model& model, const Graph& graph, const std::vector<std::string>& values,
                const GraphOutput& output) {
  const cnnc::Node& node = graph.nodes[output.node];
  model.outputs.push_back(describe(output.name, node.shape));
  if (node.op == "int32") model.outputs.back().type = "int32";
  if (values[output.node] == output.name) return;
  Node copy;
  copy.name = output.name + "/copy";
  copy.op = "Identity";
  copy.inputs = {values[output.node]};
  copy.outputs = {output.name};
  model.nodes.push_back(std::move(copy));
}

}  // namespace

std::vector<std::string> names_of_values(const Graph& graph) {
  std::vector<std::string> names(graph.nodes.size());
  std::set<std::string> taken;
  for (const NodeId id : graph.inputs) taken.insert(names[id] = graph.nodes[id].name);
  for (const GraphOutput& output : graph.outputs) {
    taken.insert(output.name);
    if (names[output.node].empty()) names[output.node] = output.name;
  }
  for (const cnnc::Node& node : graph.nodes)
    for (const Parameter& p : node.parameters) taken.insert(node.name + "." + p.name);
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& name = graph.nodes[i].name;
    if (names[i].empty()) names[i] = taken.insert(name).second ? name : name + "/value";
  }
  return names;
}

std::optional<Model> express(const Graph& graph, Diagnostics& diagnostics) {
  Model model;
  model.name = graph.name;
  model.producer = "cnnc";
  model.opset = kWrittenOpset;
  const std::vector<std::string> values = names_of_values(graph);
  bool complete = true;
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    const cnnc::Node& node = graph.nodes[id];
    if (!node.epilogue.empty()) throw std::logic_error(fmt::format("'{}' has an epilogue", node.name));
    try {
      if (!is_input(graph, id)) express_node({graph, values, id, model});
    } catch (const Unwritable& reason) {
      diagnostics.error(node.where, fmt::format("'{}' cannot be written as ONNX: {}", node.op, reason.why),
                        reason.hint);
      complete = false;
    }
  }
  for (const NodeId id : graph.inputs) model.inputs.push_back(describe(values[id], graph.nodes[id].shape));
  for (const GraphOutput& output : graph.outputs) add_output(model, graph, values, output);
  return complete ? std::optional(std::move(model)) : std::nullopt;
}

}  // namespace cnnc::onnx
