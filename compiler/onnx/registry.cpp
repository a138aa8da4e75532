#include <algorithm>

#include "onnx/mappings.h"

namespace cnnc::onnx {
namespace {

struct Entry {
  std::string_view op;
  Mapping mapping;
};

constexpr Entry kMappings[] = {
    {"Conv", map_conv},
    {"Relu", map_plain_activation},
    {"Sigmoid", map_plain_activation},
    {"Tanh", map_plain_activation},
};

}  // namespace

Mapping find_mapping(std::string_view op) {
  const auto found = std::find_if(std::begin(kMappings), std::end(kMappings),
                                  [&](const Entry& entry) { return entry.op == op; });
  return found == std::end(kMappings) ? nullptr : found->mapping;
}

}  // namespace cnnc::onnx
