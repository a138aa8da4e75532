#include "driver/data/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "driver/console/input_error.h"
#include "support/checked.h"
#include "support/input_file.h"

namespace cnnc {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr int64_t kMostHeader = 1 << 16;

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw InputError{fmt::format("{}: error: {}\n", path, reason)};
}

// What stands behind a key of the header's dictionary, up to the comma or bracket that ends it: "'<f4'", "(1,
// 3)".
std::string_view value_of(std::string_view header, std::string_view key) {
  const size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) return "";
  std::string_view rest = header.substr(at + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const size_t end = rest.empty() || rest[0] != '(' ? rest.find_first_of(",}") : rest.find(')');
  return rest.substr(0, end);
}

std::vector<int64_t> sizes_of(const std::string& path, std::string_view text) {
  std::vector<int64_t> sizes;
  int64_t number = -1;
  for (const char c : std::string(text) + ",") {
    if (c >= '0' && c <= '9') {
      if (number > std::numeric_limits<int32_t>::max()) fail(path, "the array is too large");
      number = std::max<int64_t>(number, 0) * 10 + (c - '0');
    } else if (number >= 0) {
      sizes.push_back(number);
      number = -1;
    }
  }
  return sizes;
}

template <class T>
std::vector<float> as_floats(const std::string& bytes) {
  std::vector<float> values(bytes.size() / sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
  return values;
}

struct Kind {
  std::string_view name;  // as NumPy writes it
  int64_t bytes;
  std::vector<float> (*read)(const std::string& bytes);
};

constexpr Kind kKinds[] = {
    {"'<f4'", 4, as_floats<float>},    {"'<f8'", 8, as_floats<double>},   {"'|u1'", 1, as_floats<uint8_t>},
    {"'|i1'", 1, as_floats<int8_t>},   {"'<u2'", 2, as_floats<uint16_t>}, {"'<i2'", 2, as_floats<int16_t>},
    {"'<u4'", 4, as_floats<uint32_t>}, {"'<i4'", 4, as_floats<int32_t>},  {"'<u8'", 8, as_floats<uint64_t>},
    {"'<i8'", 8, as_floats<int64_t>},
};

const Kind& kind_of(const std::string& path, std::string_view name) {
  for (const Kind& kind : kKinds)
    if (kind.name == name) return kind;
  fail(path, fmt::format("its elements are {}; floats of 32 or 64 bits and integers are read: save "
                         "array.astype('float32')",
                         name.empty() ? "of no known type" : name));
}

}  // namespace

Array read_npy(const std::string& path) {
  const InputFile file(path);
  if (std::string fault = file.fault("the array", "an array of NumPy"); !fault.empty()) fail(path, fault);
  const std::string start = file.start(12);
  if (start.compare(0, kMagic.size(), kMagic) != 0 || start.size() < 12)
    fail(path, "this is no array of NumPy, a file that numpy.save() writes");
  const auto byte = [&](size_t i) { return static_cast<int64_t>(static_cast<uint8_t>(start[i])); };
  const bool is_first = byte(6) == 1;  // whose header has its length in two bytes, not in four
  const int64_t begin = is_first ? 10 : 12;
  const int64_t length = byte(8) + byte(9) * 256 + (is_first ? 0 : (byte(10) << 16) + (byte(11) << 24));
  if (length > kMostHeader || begin + length > file.bytes()) fail(path, "the file is damaged, or cut short");
  std::string header(static_cast<size_t>(length), ' ');
  if (!file.read_at(begin, header.data(), length)) fail(path, "the file cannot be read");
  if (value_of(header, "fortran_order") != "False")
    fail(path, "the array is in Fortran's order: save numpy.ascontiguousarray(array)");
  const Kind& kind = kind_of(path, value_of(header, "descr"));
  Array array{sizes_of(path, value_of(header, "shape")), {}};
  std::optional<int64_t> bytes = kind.bytes;
  for (const int64_t size : array.sizes)
    if (bytes) bytes = checked_multiply(*bytes, size);
  if (!bytes || *bytes != file.bytes() - begin - length)
    fail(path, "the file has not the bytes that its header promises");
  std::string content(static_cast<size_t>(*bytes), '\0');
  if (!file.read_at(begin + length, content.data(), *bytes)) fail(path, "the file cannot be read");
  array.values = kind.read(content);
  return array;
}

std::string npy_bytes(const Array& array) {
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}{}), }}",
                                   fmt::join(array.sizes, ", "), array.sizes.size() == 1 ? "," : "");
  constexpr size_t kBefore = 10, kAlignment = 64;
  header.resize((kBefore + header.size() + kAlignment) / kAlignment * kAlignment - kBefore - 1, ' ');
  header += '\n';
  std::string bytes(kMagic);
  bytes += {'\1', '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  bytes += header;
  return bytes.append(reinterpret_cast<const char*>(array.values.data()),
                      array.values.size() * sizeof(float));
}

}  // namespace cnnc
