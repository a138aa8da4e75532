// The names that a network's tensors have in its header, as C and C++ want them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emit/header/byte_ports.h"
#include "plan/plan.h"

namespace cnnc {

struct HeaderTensor {
  std::string name;       // from the text
  std::string macro;      // LENET5_DIGIT, followed by _ELEMENTS, …
  std::string parameter;  // of a function: the name, unless that would clash
  std::string type;       // in the namespace: Digit
  Shape shape;
  ElementType elements = ElementType::float32;
  std::optional<BytePort> bytes = {};
  std::optional<Pixels> pixels = {};  // of an input that is made of pictures
  // Then the parameters that describe the picture: image_width, image_height, image_stride, image_format.
  std::vector<std::string> words = {};
};

struct HeaderNames {
  std::string symbol;      // prefix of functions: lenet5
  std::string macro;       // LENET5
  std::string name_space;  // lenet5
  std::vector<HeaderTensor> inputs, outputs;
};

// In ASCII alone: "AVX2".
std::string upper_case(std::string_view name);

// Each kind of name is unique among the tensors, and none is a keyword or one of the header's own names.
HeaderNames header_names(const Plan& plan, const BytePorts& ports = {});

}  // namespace cnnc
