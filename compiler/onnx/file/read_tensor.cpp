#include "onnx/file/read_tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "support/checked.h"
#include "support/half.h"
#include "support/limits.h"
#include "weights/text.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are read as they lie in the file");

namespace cnnc::onnx {
namespace {

using Proto = ::onnx::TensorProto;

// By the number of the type in the schema. Those of 0 bytes have no values here.
struct Type {
  std::string_view name;
  int64_t bytes;
};
constexpr std::array<Type, 24> kTypes = {
    {{"undefined", 0},      {"float", 4},    {"uint8", 1},        {"int8", 1},           {"uint16", 2},
     {"int16", 2},          {"int32", 4},    {"int64", 8},        {"string", 0},         {"bool", 1},
     {"float16", 2},        {"double", 8},   {"uint32", 4},       {"uint64", 8},         {"complex64", 0},
     {"complex128", 0},     {"bfloat16", 2}, {"float8e4m3fn", 0}, {"float8e4m3fnuz", 0}, {"float8e5m2", 0},
     {"float8e5m2fnuz", 0}, {"uint4", 0},    {"int4", 0},         {"float4e2m1", 0}}};

int64_t bytes_of(int32_t type) {
  return type >= 0 && type < static_cast<int32_t>(kTypes.size()) ? kTypes[type].bytes : 0;
}

bool is_real(int32_t type) {
  return type == Proto::FLOAT || type == Proto::FLOAT16 || type == Proto::BFLOAT16 || type == Proto::DOUBLE;
}

float float_of(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  if (std::fabs(value) > kMost)
    return std::copysign(std::numeric_limits<float>::infinity(), value > 0 ? 1 : -1);
  return static_cast<float>(value);
}

int64_t int64_of(uint64_t value) {
  if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    throw Refused{fmt::format("it holds {}; numbers up to 2^63 - 1 are read", value), ""};
  return static_cast<int64_t>(value);
}

// The dimensions, whose product is within the limits, and so are all products of some of them.
std::vector<int64_t> dims_of(const Proto& tensor) {
  if (tensor.dims_size() > kMaxRank)
    throw Refused{fmt::format("it has {} dimensions; at most {} are possible", tensor.dims_size(), kMaxRank),
                  ""};
  const std::vector<int64_t> dims(tensor.dims().begin(), tensor.dims().end());
  std::optional<int64_t> product = 1;
  for (const int64_t dim : dims) {
    if (dim < 0) throw Refused{fmt::format("its shape is {}", to_string(dims)), ""};
    product = checked_multiply(*product, std::max<int64_t>(dim, 1));
    if (!product || *product > limits::kElements)
      throw Refused{fmt::format("its shape {} has more elements than the limit of {}", to_string(dims),
                                limits::kElements),
                    ""};
  }
  return dims;
}

template <class From, class To>
std::vector<To> decoded(const std::string& bytes, To (*convert)(From)) {
  std::vector<To> values(bytes.size() / sizeof(From));
  for (size_t i = 0; i < values.size(); ++i) {
    From value;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    values[i] = convert(value);
  }
  return values;
}

template <class From, class To>
std::vector<To> plain(const std::string& bytes) {
  return decoded<From, To>(bytes, [](From value) { return static_cast<To>(value); });
}

std::vector<float> floats_of(int32_t type, const std::string& bytes) {
  switch (type) {
    case Proto::FLOAT16:
      return decoded(bytes, float_from_f16);
    case Proto::BFLOAT16:
      return decoded(bytes, float_from_bf16);
    case Proto::DOUBLE:
      return decoded(bytes, float_of);
    default:
      return plain<float, float>(bytes);
  }
}

std::vector<int64_t> integers_of(int32_t type, const std::string& bytes) {
  switch (type) {
    case Proto::UINT8:
      return plain<uint8_t, int64_t>(bytes);
    case Proto::INT8:
      return plain<int8_t, int64_t>(bytes);
    case Proto::UINT16:
      return plain<uint16_t, int64_t>(bytes);
    case Proto::INT16:
      return plain<int16_t, int64_t>(bytes);
    case Proto::INT32:
      return plain<int32_t, int64_t>(bytes);
    case Proto::UINT32:
      return plain<uint32_t, int64_t>(bytes);
    case Proto::UINT64:
      return decoded(bytes, int64_of);
    case Proto::BOOL:
      return decoded<uint8_t, int64_t>(bytes, [](uint8_t value) -> int64_t { return value != 0; });
    default:
      return plain<int64_t, int64_t>(bytes);
  }
}

template <class Field, class To, class Convert>
std::vector<To> converted(const Field& field, Convert convert) {
  std::vector<To> values(static_cast<size_t>(field.size()));
  std::transform(field.begin(), field.end(), values.begin(), convert);
  return values;
}

// The values that stand in the fields for values, of which each type has one.
std::vector<float> floats_of(const Proto& tensor) {
  const auto half = [&](int32_t bits) {
    const auto low = static_cast<uint16_t>(bits);
    return tensor.data_type() == Proto::FLOAT16 ? float_from_f16(low) : float_from_bf16(low);
  };
  if (tensor.data_type() == Proto::FLOAT) return {tensor.float_data().begin(), tensor.float_data().end()};
  if (tensor.data_type() == Proto::DOUBLE)
    return converted<decltype(tensor.double_data()), float>(tensor.double_data(), float_of);
  return converted<decltype(tensor.int32_data()), float>(tensor.int32_data(), half);
}

std::vector<int64_t> integers_of(const Proto& tensor) {
  const int32_t type = tensor.data_type();
  if (type == Proto::INT64) return {tensor.int64_data().begin(), tensor.int64_data().end()};
  if (type == Proto::UINT32 || type == Proto::UINT64)
    return converted<decltype(tensor.uint64_data()), int64_t>(tensor.uint64_data(), int64_of);
  return {tensor.int32_data().begin(), tensor.int32_data().end()};
}

template <class T>
std::shared_ptr<const std::vector<T>> counted(std::vector<T> values, int64_t elements,
                                              const Constant& constant) {
  if (static_cast<int64_t>(values.size()) != elements)
    throw Refused{fmt::format("its shape {} has {} elements, and the file holds {} values for it",
                              sizes_text(constant.dims), elements, values.size()),
                  "the file is damaged; export the model again"};
  return std::make_shared<const std::vector<T>>(std::move(values));
}

// The tensor's bytes, where it has its values as bytes.
std::optional<std::string> take_bytes(Proto& tensor, int64_t bytes, const Constant& constant,
                                      ExternalData& external) {
  if (tensor.data_location() == Proto::EXTERNAL) return read_external(tensor, bytes, external);
  if (!tensor.has_raw_data()) return std::nullopt;
  const std::unique_ptr<std::string> raw(tensor.release_raw_data());
  if (static_cast<int64_t>(raw->size()) != bytes)
    throw Refused{fmt::format("its shape {} of {} takes {} bytes, and the file holds {} for it",
                              sizes_text(constant.dims), constant.type, bytes, raw->size()),
                  "the file is damaged; export the model again"};
  return std::move(*raw);
}

void require_one_form(const Proto& tensor) {
  if (tensor.has_segment()) throw Refused{"it is a segment of a tensor, which no exporter writes", ""};
  const bool has_fields = tensor.float_data_size() > 0 || tensor.int32_data_size() > 0 ||
                          tensor.int64_data_size() > 0 || tensor.double_data_size() > 0 ||
                          tensor.uint64_data_size() > 0;
  if (has_fields && (tensor.has_raw_data() || tensor.data_location() == Proto::EXTERNAL))
    throw Refused{"its values are given twice", "the file is damaged; export the model again"};
}

}  // namespace

std::string type_name(int64_t type) {
  const bool is_known = type >= 0 && type < static_cast<int64_t>(kTypes.size());
  return is_known ? std::string(kTypes[type].name) : fmt::format("type {}", type);
}

Constant read_tensor(Proto tensor, ExternalData& external) {
  Constant constant;
  const int32_t type = tensor.data_type();
  constant.type = type_name(type);
  constant.dims = dims_of(tensor);
  if (bytes_of(type) == 0) return constant;
  require_one_form(tensor);
  const int64_t count = elements(constant.dims);
  const std::optional<std::string> bytes = take_bytes(tensor, count * bytes_of(type), constant, external);
  if (is_real(type))
    constant.floats = counted(bytes ? floats_of(type, *bytes) : floats_of(tensor), count, constant);
  else
    constant.integers = counted(bytes ? integers_of(type, *bytes) : integers_of(tensor), count, constant);
  return constant;
}

}  // namespace cnnc::onnx
