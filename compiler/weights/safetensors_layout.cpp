#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "support/checked.h"
#include "support/limits.h"
#include "weights/safetensors_header.h"
#include "weights/text.h"

namespace cnnc {
namespace {

constexpr size_t kMaxErrors = 20;

// https://docs.rs/safetensors/latest/safetensors/tensor/enum.Dtype.html
struct TypeSize {
  std::string_view name;
  int64_t bits;
};
constexpr std::array<TypeSize, 20> kTypes = {
    {{"F32", 32}, {"F16", 16}, {"BF16", 16},   {"F64", 64},    {"I64", 64},    {"I32", 32},   {"I16", 16},
     {"I8", 8},   {"U64", 64}, {"U32", 32},    {"U16", 16},    {"U8", 8},      {"BOOL", 8},   {"F8_E4M3", 8},
     {"F4", 4},   {"C64", 64}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F8_E5M2", 8}, {"F8_E8M0", 8}}};

// The size of one element in bits; 0: no such type.
int64_t bits_of(std::string_view type) {
  for (const TypeSize& t : kTypes)
    if (t.name == type) return t.bits;
  return 0;
}

// The number of elements, if it is within the limits.
std::optional<int64_t> count_elements(const std::vector<int64_t>& sizes) {
  std::optional<int64_t> count = 1;
  for (int64_t size : sizes)
    if (!(count = checked_multiply(*count, size))) return std::nullopt;
  return *count <= limits::kElements ? count : std::nullopt;
}

// What is wrong with one tensor on its own.
std::optional<HeaderError> check_tensor(const TensorEntry& tensor, int64_t data_bytes) {
  std::string subject = fmt::format("tensor {}", quote(tensor.name));
  int64_t bits = bits_of(tensor.type);
  if (bits == 0)
    return HeaderError{fmt::format("{} has the unknown type {}", subject, quote(tensor.type)),
                       "save weights as F32, F16 or BF16"};
  std::optional<int64_t> elements = count_elements(tensor.sizes);
  if (!elements)
    return HeaderError{fmt::format("{}: the shape {} has more elements than the limit of {}", subject,
                                   sizes_text(tensor.sizes), limits::kElements),
                       ""};
  if (tensor.begin > tensor.end || tensor.end > data_bytes)
    return HeaderError{fmt::format("{} is said to lie at bytes {} to {}, but the file holds {} bytes of data",
                                   subject, tensor.begin, tensor.end, data_bytes),
                       tensor.end > data_bytes ? "the file is cut short; copy or export it again" : ""};
  int64_t total_bits = *elements * bits;  // at most 2^31 * 64
  if (total_bits % 8 != 0 || total_bits / 8 != tensor.end - tensor.begin)
    return HeaderError{fmt::format("{}: {} of {} takes {} bytes, but its offsets {} to {} span {}", subject,
                                   sizes_text(tensor.sizes), tensor.type, (total_bits + 7) / 8, tensor.begin,
                                   tensor.end, tensor.end - tensor.begin),
                       ""};
  return std::nullopt;
}

std::string range_text(const TensorEntry& tensor) {
  return fmt::format("{} (bytes {} to {})", quote(tensor.name), tensor.begin, tensor.end);
}

// Overlaps and holes among tensors that are each within the data.
std::vector<HeaderError> check_ranges(const std::vector<TensorEntry>& tensors, int64_t data_bytes) {
  std::vector<const TensorEntry*> order;
  for (const TensorEntry& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const TensorEntry* a, const TensorEntry* b) {
    return std::tie(a->begin, a->end, a->name) < std::tie(b->begin, b->end, b->name);
  });
  std::vector<HeaderError> errors;
  int64_t end = 0;  // of the data that has an owner
  const TensorEntry* previous = nullptr;
  auto hole = [&](int64_t to) {
    errors.push_back({fmt::format("bytes {} to {} of the data belong to no tensor", end, to),
                      "the file is damaged, or has more than tensors in it; export it again"});
  };
  for (const TensorEntry* tensor : order) {
    if (errors.size() == kMaxErrors) return errors;
    if (tensor->begin < end)
      errors.push_back({fmt::format("tensors {} and {} overlap", range_text(*previous), range_text(*tensor)),
                        "the file is damaged; export it again"});
    if (tensor->begin > end) hole(tensor->begin);
    if (tensor->end >= end) {
      end = tensor->end;
      previous = tensor;
    }
  }
  if (end < data_bytes) hole(data_bytes);
  return errors;
}

}  // namespace

std::vector<HeaderError> check_layout(const std::vector<TensorEntry>& tensors, int64_t data_bytes) {
  std::vector<HeaderError> errors;
  for (const TensorEntry& tensor : tensors) {
    if (errors.size() == kMaxErrors) break;
    if (auto error = check_tensor(tensor, data_bytes)) errors.push_back(std::move(*error));
  }
  return errors.empty() ? check_ranges(tensors, data_bytes) : errors;
}

}  // namespace cnnc
