#include "node_cases.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

namespace cnnc::onnx::test {
namespace {

namespace fs = std::filesystem;
using ::onnx::ModelProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;

// The operators, and the inputs from which on they take what is constant in a network; 0: none.
// clang-format off
const std::map<std::string, int> kOperators = {
    {"Abs", 0},
    {"Acos", 0},
    {"Acosh", 0},
    {"Add", 0},
    {"ArgMax", 0},
    {"ArgMin", 0},
    {"Asin", 0},
    {"Asinh", 0},
    {"Atan", 0},
    {"Atanh", 0},
    {"AveragePool", 0},
    {"BatchNormalization", 1},
    {"Cast", 0},
    {"Ceil", 0},
    {"Celu", 0},
    {"CenterCropPad", 1},
    {"Clip", 1},
    {"Col2Im", 1},
    {"Concat", 0},
    {"Constant", 0},
    {"Conv", 1},
    {"ConvTranspose", 1},
    {"Cos", 0},
    {"Cosh", 0},
    {"DepthToSpace", 0},
    {"Div", 0},
    {"Dropout", 1},
    {"Einsum", 0},
    {"Elu", 0},
    {"Erf", 0},
    {"Exp", 0},
    {"Expand", 1},
    {"Flatten", 0},
    {"Floor", 0},
    {"Gather", 1},
    {"GatherElements", 1},
    {"Gelu", 0},
    {"Gemm", 1},
    {"GlobalAveragePool", 0},
    {"GlobalMaxPool", 0},
    {"GridSample", 0},
    {"GroupNormalization", 1},
    {"HardSigmoid", 0},
    {"HardSwish", 0},
    {"Hardmax", 0},
    {"Identity", 0},
    {"InstanceNormalization", 1},
    {"LRN", 0},
    {"LayerNormalization", 1},
    {"LeakyRelu", 0},
    {"Log", 0},
    {"LogSoftmax", 0},
    {"LpNormalization", 0},
    {"LpPool", 0},
    {"MatMul", 0},
    {"Max", 0},
    {"MaxPool", 0},
    {"MaxUnpool", 1},
    {"Mean", 0},
    {"MeanVarianceNormalization", 0},
    {"Min", 0},
    {"Mish", 0},
    {"Mod", 0},
    {"Mul", 0},
    {"Neg", 0},
    {"PRelu", 1},
    {"Pad", 1},
    {"Pow", 1},
    {"RMSNormalization", 1},
    {"Reciprocal", 0},
    {"ReduceL1", 0},
    {"ReduceL2", 0},
    {"ReduceLogSum", 0},
    {"ReduceLogSumExp", 0},
    {"ReduceMax", 0},
    {"ReduceMean", 0},
    {"ReduceMin", 0},
    {"ReduceProd", 0},
    {"ReduceSum", 1},
    {"ReduceSumSquare", 0},
    {"Relu", 0},
    {"Reshape", 1},
    {"Resize", 1},
    {"Round", 0},
    {"ScatterElements", 1},
    {"ScatterND", 1},
    {"Selu", 0},
    {"Shrink", 0},
    {"Sigmoid", 0},
    {"Sign", 0},
    {"Sin", 0},
    {"Sinh", 0},
    {"Slice", 1},
    {"Softmax", 0},
    {"Softplus", 0},
    {"Softsign", 0},
    {"SpaceToDepth", 0},
    {"Split", 1},
    {"Sqrt", 0},
    {"Squeeze", 1},
    {"Sub", 0},
    {"Sum", 0},
    {"Tan", 0},
    {"Tanh", 0},
    {"ThresholdedRelu", 0},
    {"Tile", 1},
    {"TopK", 1},
    {"Transpose", 0},
    {"Unsqueeze", 1},
    {"Upsample", 1},
};
// clang-format on

// Those that a network has nothing to compute for: a Neg stands behind them, and their outputs are negated.
const std::set<std::string> kMoves = {"Cast", "Dropout", "Expand",  "Flatten",   "Identity",
                                      "Pad",  "Reshape", "Squeeze", "Transpose", "Unsqueeze"};

template <class Proto>
Proto read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  Proto proto;
  if (!file || !proto.ParseFromString(bytes.str())) throw std::runtime_error(path.string() + ": not read");
  return proto;
}

bool is_floats(const TensorProto& tensor) {
  return tensor.data_type() == TensorProto::FLOAT;
}

std::vector<float> floats_of(const TensorProto& tensor) {
  if (tensor.raw_data().empty()) return {tensor.float_data().begin(), tensor.float_data().end()};
  std::vector<float> values(tensor.raw_data().size() / sizeof(float));
  std::memcpy(values.data(), tensor.raw_data().data(), values.size() * sizeof(float));
  return values;
}

// Of outputs that are floats, or whole numbers as floats hold them.
bool has_values(const TensorProto& tensor) {
  return is_floats(tensor) || tensor.data_type() == TensorProto::INT64;
}

std::vector<float> values_of(const TensorProto& tensor) {
  if (is_floats(tensor)) return floats_of(tensor);
  if (tensor.raw_data().empty()) return {tensor.int64_data().begin(), tensor.int64_data().end()};
  std::vector<int64_t> values(tensor.raw_data().size() / sizeof(int64_t));
  std::memcpy(values.data(), tensor.raw_data().data(), values.size() * sizeof(int64_t));
  return {values.begin(), values.end()};
}

// The tensors input_0.pb, input_1.pb, … (or output_…).
std::vector<TensorProto> tensors_of(const fs::path& folder, const std::string& kind, int count) {
  std::vector<TensorProto> tensors;
  for (int i = 0; i < count; ++i)
    tensors.push_back(
        read<TensorProto>(folder / "test_data_set_0" / (kind + "_" + std::to_string(i) + ".pb")));
  return tensors;
}

bool is_tensor(const ::onnx::ValueInfoProto& info) {
  return info.type().has_tensor_type();
}

// Of two tensors of different shapes that an operator of elements takes, the second is a constant.
bool is_broadcast(const std::vector<TensorProto>& inputs) {
  return inputs.size() == 2 && !std::equal(inputs[0].dims().begin(), inputs[0].dims().end(),
                                           inputs[1].dims().begin(), inputs[1].dims().end());
}

int first_weight(const NodeProto& node, const std::vector<TensorProto>& inputs) {
  const int first = kOperators.at(node.op_type());
  if (first > 0) return first;
  const std::set<std::string> joins = {"Add", "Div", "Max", "Min", "Mul", "Sub"};
  return joins.count(node.op_type()) && is_broadcast(inputs) ? 1 : node.input_size();
}

// A test declares the opset in which its operator last changed: what it says holds in the oldest one that
// cnnc reads as well.
void raise_opset(ModelProto& model) {
  for (auto& opset : *model.mutable_opset_import())
    if (opset.domain().empty()) opset.set_version(std::max(opset.version(), kOldestOpset));
}

void add_neg(ModelProto& model) {
  ::onnx::GraphProto& graph = *model.mutable_graph();
  NodeProto& neg = *graph.add_node();
  neg.set_op_type("Neg");
  neg.add_input(graph.output(0).name());
  neg.add_output("negated");
  graph.mutable_output(0)->set_name("negated");
}

std::optional<NodeCase> case_of(const fs::path& folder) {
  ModelProto model = read<ModelProto>(folder / "model.onnx");
  ::onnx::GraphProto& graph = *model.mutable_graph();
  if (graph.node_size() != 1 || kOperators.count(graph.node(0).op_type()) == 0) return std::nullopt;
  const NodeProto node = graph.node(0);
  if (!std::all_of(graph.input().begin(), graph.input().end(), is_tensor) ||
      !std::all_of(graph.output().begin(), graph.output().end(), is_tensor))
    return std::nullopt;
  std::vector<TensorProto> inputs = tensors_of(folder, "input", graph.input_size());
  const std::vector<TensorProto> outputs = tensors_of(folder, "output", graph.output_size());
  if (!std::all_of(outputs.begin(), outputs.end(), has_values)) return std::nullopt;
  NodeCase result{folder.filename().string().substr(5), "", {}, {}};
  const int first = first_weight(node, inputs);
  for (int i = 0; i < graph.input_size(); ++i) {
    const auto used = std::find(node.input().begin(), node.input().end(), graph.input(i).name());
    if (used - node.input().begin() >= first) {
      inputs[static_cast<size_t>(i)].set_name(graph.input(i).name());
      *graph.add_initializer() = inputs[static_cast<size_t>(i)];
    } else if (is_floats(inputs[static_cast<size_t>(i)])) {
      result.inputs.push_back(floats_of(inputs[static_cast<size_t>(i)]));
    } else {
      return std::nullopt;
    }
  }
  raise_opset(model);
  const bool is_move = kMoves.count(node.op_type()) > 0;
  if (is_move) add_neg(model);
  for (const TensorProto& output : outputs) {
    result.outputs.push_back(values_of(output));
    if (is_move)
      for (float& value : result.outputs.back()) value = -value;
  }
  result.bytes = model.SerializeAsString();
  return result;
}

}  // namespace

std::vector<NodeCase> node_cases(const std::string& folder) {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::vector<NodeCase> cases;
  for (const fs::path& path : folders)
    if (auto found = case_of(path)) cases.push_back(std::move(*found));
  return cases;
}

}  // namespace cnnc::onnx::test
