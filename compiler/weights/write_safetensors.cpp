#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "weights/weights.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "floats are written as they lie in memory");

namespace cnnc {
namespace {

struct Tensor {
  std::string name;
  const Parameter* parameter;
};

std::vector<Tensor> tensors_of(const Graph& graph) {
  std::vector<Tensor> tensors;
  for (const Node& node : graph.nodes)
    for (const Parameter& parameter : node.parameters) {
      tensors.push_back({node.name + "." + parameter.name, &parameter});
      if (!parameter.values) throw std::logic_error(tensors.back().name + " has no values to be written");
    }
  return tensors;
}

// The length of the JSON and the JSON, in spaces to a multiple of 8 bytes, as the format's own library does.
std::string header_of(const std::vector<Tensor>& tensors) {
  std::string text = "{";
  uint64_t begin = 0;
  for (const Tensor& tensor : tensors) {
    const uint64_t end = begin + tensor.parameter->values->size() * sizeof(float);
    text += fmt::format(R"({}{}:{{"dtype":"F32","shape":[{}],"data_offsets":[{},{}]}})", begin > 0 ? "," : "",
                        nlohmann::json(tensor.name).dump(), fmt::join(tensor.parameter->shape.sizes, ","),
                        begin, end);
    begin = end;
  }
  text += "}";
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

}  // namespace

ByteSource safetensors_bytes(const Graph& graph) {
  const std::vector<Tensor> tensors = tensors_of(graph);
  std::vector<std::shared_ptr<const std::vector<float>>> values;
  for (const Tensor& tensor : tensors) values.push_back(tensor.parameter->values);
  return [header = header_of(tensors), values](const ByteSink& take) {
    take(header.data(), header.size());
    for (const auto& v : values) take(v->data(), v->size() * sizeof(float));
  };
}

}  // namespace cnnc
