#include "model_fixture.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "graph/graph.h"
#include "ops/evaluation/evaluate.h"
#include "ops/verify.h"

namespace cnnc::onnx::test {
namespace {

std::string text_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    if (!text.empty()) text += "\n";
    text += d.message + (d.hint.empty() ? "" : "; hint: " + d.hint);
  }
  return text;
}

// Image number `image` of values that hold all images.
std::vector<float> image_of(const std::vector<float>& values, const Shape& shape, int64_t image) {
  const auto size = shape.elements();
  return {values.begin() + image * size, values.begin() + (image + 1) * size};
}

}  // namespace

Constant floats(Dims dims, std::vector<float> values) {
  return {"float", std::move(dims), std::make_shared<const std::vector<float>>(std::move(values)), nullptr};
}

Constant integers(Dims dims, std::vector<int64_t> values) {
  return {"int64", std::move(dims), nullptr, std::make_shared<const std::vector<int64_t>>(std::move(values))};
}

Constant integers(std::vector<int64_t> values) {
  const auto count = static_cast<int64_t>(values.size());
  return integers({count}, std::move(values));
}

Constant scalar(float value) {
  return floats({}, {value});
}

ValueInfo value(std::string name, Dims dims) {
  std::vector<Dimension> known;
  for (const int64_t size : dims) {
    if (size < 0)
      known.push_back({std::nullopt, "d" + std::to_string(known.size())});
    else
      known.push_back({size, ""});
  }
  return {std::move(name), "float", std::move(known)};
}

Node node(std::string op, std::vector<std::string> inputs, std::vector<std::string> outputs,
          std::map<std::string, Attribute> attributes) {
  Node result;
  result.op = std::move(op);
  result.inputs = std::move(inputs);
  result.outputs = std::move(outputs);
  result.attributes = std::move(attributes);
  return result;
}

Model model(std::vector<ValueInfo> inputs, std::vector<Node> nodes, std::vector<std::string> outputs,
            std::map<std::string, Constant> constants) {
  Model result;
  result.name = "graph";
  result.opset = 13;
  result.nodes = std::move(nodes);
  result.constants = std::move(constants);
  result.inputs = std::move(inputs);
  for (std::string& output : outputs) result.outputs.push_back({std::move(output), "float", std::nullopt});
  return result;
}

Model model_of(std::string op, Dims x, std::vector<Constant> further,
               std::map<std::string, Attribute> attributes) {
  std::vector<std::string> inputs = {"x"};
  std::map<std::string, Constant> constants;
  for (Constant& constant : further) {
    inputs.push_back("c" + std::to_string(constants.size()));
    constants.emplace(inputs.back(), std::move(constant));
  }
  return model({value("x", std::move(x))},
               {node(std::move(op), std::move(inputs), {"y"}, std::move(attributes))}, {"y"},
               std::move(constants));
}

Network translated(const Model& model, const TranslateOptions& options) {
  Diagnostics diagnostics;
  auto network = translate(model, options, "net.onnx", diagnostics);
  if (!network || diagnostics.has_errors()) throw std::runtime_error(text_of(diagnostics));
  verify(network->graph);
  verify_operators(network->graph);
  return *network;
}

std::string errors_of(const Model& model, const TranslateOptions& options) {
  Diagnostics diagnostics;
  translate(model, options, "net.onnx", diagnostics);
  return text_of(diagnostics);
}

std::vector<Values> run(const Network& network, const std::vector<std::vector<float>>& inputs) {
  const Graph& graph = network.graph;
  std::vector<Values> outputs(graph.outputs.size());
  for (int64_t image = 0; image < network.images; ++image) {
    std::vector<std::vector<float>> of_image;
    for (size_t i = 0; i < inputs.size(); ++i)
      of_image.push_back(image_of(inputs[i], graph.nodes[graph.inputs.at(i)].shape, image));
    const std::vector<Reference> results = evaluate(graph, of_image);
    for (size_t o = 0; o < outputs.size(); ++o) {
      const Values& values = results[graph.outputs[o].node].values;
      outputs[o].insert(outputs[o].end(), values.begin(), values.end());
    }
  }
  return outputs;
}

Values run(const Model& model, const std::vector<std::vector<float>>& inputs) {
  return run(translated(model), inputs).at(0);
}

std::string operators(const Model& model) {
  return operators_of(translated(model));
}

std::string operators_of(const Network& network) {
  std::string text;
  for (const cnnc::Node& node : network.graph.nodes)
    if (node.op != "input") text += (text.empty() ? "" : " ") + node.op;
  return text;
}

std::vector<float> counting(size_t count, float first) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = first + static_cast<float>(i);
  return values;
}

bool close(const Values& a, const Values& b) {
  if (a.size() != b.size()) return false;
  double greatest = 0, difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    greatest = std::max({greatest, std::fabs(a[i]), std::fabs(b[i])});
    difference = std::max(difference, std::fabs(a[i] - b[i]));
  }
  return difference <= 1e-6 * greatest;
}

}  // namespace cnnc::onnx::test
