#include <fmt/format.h>

#include <algorithm>

#include "support/half.h"
#include "support/input_file.h"
#include "weights/foreign.h"
#include "weights/safetensors_header.h"
#include "weights/text.h"
#include "weights/weights.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are read as they lie in the file");

namespace cnnc {
namespace {

constexpr int64_t kLengthBytes = 8;
constexpr int64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit

// What the file seems to be instead, for one that is not safetensors.
HeaderError not_safetensors(const InputFile& file, std::string reason) {
  if (auto foreign = recognise_foreign_file(file.start(64)))
    return {fmt::format("this is no safetensors file: it looks like {}", foreign->name),
            std::string(foreign->hint)};
  return {"this is no safetensors file: " + std::move(reason), ""};
}

// The JSON text of the header, its length checked.
std::optional<std::string> read_header(const InputFile& file, HeaderError& error) {
  uint64_t length = 0;
  if (file.bytes() < kLengthBytes || !file.read_at(0, &length, kLengthBytes)) {
    error = not_safetensors(file, fmt::format("it has {} bytes, and the length of its header alone takes {}",
                                              file.bytes(), kLengthBytes));
    return std::nullopt;
  }
  if (length > static_cast<uint64_t>(std::min(file.bytes() - kLengthBytes, kMaxHeaderBytes)) || length < 2) {
    error = not_safetensors(
        file,
        fmt::format("its first 8 bytes give a header of {} bytes; expected 2 to {} in a file of {} bytes",
                    length, std::max<int64_t>(2, std::min(file.bytes() - kLengthBytes, kMaxHeaderBytes)),
                    file.bytes()));
    return std::nullopt;
  }
  std::string header(length, '\0');
  if (!file.read_at(kLengthBytes, header.data(), static_cast<int64_t>(length))) {
    error = {"the file ends or fails before the end of its header", ""};
    return std::nullopt;
  }
  if (header[0] != '{') {
    error = not_safetensors(file, "its header does not begin with '{'");
    return std::nullopt;
  }
  return header;
}

// Reads 16-bit numbers piece by piece and converts each.
bool read_converted(const InputFile& file, int64_t offset, std::vector<float>& values,
                    float (*convert)(uint16_t)) {
  std::vector<uint16_t> piece(std::min<size_t>(values.size(), 1 << 16));
  for (size_t done = 0; done < values.size(); done += piece.size()) {
    piece.resize(std::min(piece.size(), values.size() - done));
    int64_t at = offset + static_cast<int64_t>(done * sizeof(uint16_t));
    if (!file.read_at(at, piece.data(), static_cast<int64_t>(piece.size() * sizeof(uint16_t)))) return false;
    std::transform(piece.begin(), piece.end(), values.begin() + static_cast<ptrdiff_t>(done), convert);
  }
  return true;
}

// Reads one checked tensor whose bytes begin at `offset` of the file; false if the file fails.
bool read_values(const InputFile& file, const TensorEntry& entry, int64_t offset, NamedTensor& tensor) {
  int64_t bytes = entry.end - entry.begin;
  bool is_f32 = entry.type == "F32";
  if (!is_f32 && entry.type != "F16" && entry.type != "BF16") return true;
  auto values = std::make_shared<std::vector<float>>(static_cast<size_t>(bytes / (is_f32 ? 4 : 2)));
  bool done =
      is_f32 ? file.read_at(offset, values->data(), bytes)
             : read_converted(file, offset, *values, entry.type == "F16" ? float_from_f16 : float_from_bf16);
  tensor.values = std::move(values);
  return done;
}

// All tensors of an open file; empty, and the errors filled in, if anything is wrong.
std::optional<NamedTensors> read_tensors(const InputFile& file, std::vector<HeaderError>& errors) {
  errors.emplace_back();
  std::optional<std::string> header = read_header(file, errors[0]);
  if (!header) return std::nullopt;
  std::optional<std::vector<TensorEntry>> entries = parse_header(*header, errors[0]);
  if (!entries) return std::nullopt;
  int64_t data = kLengthBytes + static_cast<int64_t>(header->size());
  header.reset();
  errors = check_layout(*entries, file.bytes() - data);
  if (!errors.empty()) return std::nullopt;
  NamedTensors tensors;
  for (TensorEntry& entry : *entries) {
    NamedTensor tensor{Shape(std::move(entry.sizes)), entry.type, nullptr};
    if (!read_values(file, entry, data + entry.begin, tensor)) {
      errors.push_back(
          {fmt::format("tensor {} cannot be read: the file ends or fails at bytes {} to {} of the data",
                       quote(entry.name), entry.begin, entry.end),
           ""});
      return std::nullopt;
    }
    tensors.emplace(std::move(entry.name), std::move(tensor));
  }
  return tensors;
}

}  // namespace

std::optional<NamedTensors> read_safetensors(const std::string& path, Diagnostics& diagnostics) {
  const InputFile file(path);
  if (std::string fault = file.fault("the weights", "a safetensors file"); !fault.empty()) {
    diagnostics.error_in_file(path, std::move(fault));
    return std::nullopt;
  }
  std::vector<HeaderError> errors;
  std::optional<NamedTensors> tensors = read_tensors(file, errors);
  for (HeaderError& error : errors)
    diagnostics.error_in_file(path, std::move(error.message), std::move(error.hint));
  return tensors;
}

}  // namespace cnnc
