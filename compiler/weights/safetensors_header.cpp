#include "weights/safetensors_header.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "weights/text.h"

namespace cnnc {
namespace {

using Json = nlohmann::json;

// Takes the parser's events and accepts the one structure that a header may have, so that nothing else (a
// duplicate key, deep nesting, a huge array) is ever held in memory. An event that returns false ends the
// parse.
struct HeaderReader {
  enum class Place { start, header, metadata, tensor, sizes, offsets };
  Place place = Place::start;
  std::vector<TensorEntry> tensors;
  std::set<std::string> names, fields;  // keys seen: of the header; of the object inside it
  std::string field;
  size_t offsets = 0;
  size_t bytes = 0;  // of the header
  HeaderError error;

  static constexpr size_t kMaxRank = 64;  // PyTorch's limit

  bool fail(std::string message, std::string hint = "") {
    error = {std::move(message), std::move(hint)};
    return false;
  }

  // "the header" or "tensor 'conv1.weight'": what an error is about.
  std::string subject() const {
    if (place == Place::start || place == Place::header) return "the header";
    if (place == Place::metadata) return "the header's '__metadata__'";
    return fmt::format("tensor {}", quote(tensors.back().name));
  }

  // A value that the structure has no room for.
  bool misplaced(std::string_view found) {
    switch (place) {
      case Place::start:
        return fail(fmt::format("the header is {}, but must be an object of tensors", found));
      case Place::header:
        return fail(fmt::format("{} is {}, but must be an object with 'dtype', 'shape' and 'data_offsets'",
                                quote(field), found));
      case Place::metadata:
        return fail(fmt::format("{}: {} is {}, but must be a string", subject(), quote(field), found));
      case Place::sizes:
      case Place::offsets:
        return fail(fmt::format("{}: {} holds {}, but must hold whole numbers of at least 0", subject(),
                                quote(field), found));
      case Place::tensor:
        break;
    }
    std::string_view wanted = field == "dtype"   ? "a string such as \"F32\""
                              : field == "shape" ? "an array of sizes"
                                                 : "an array of two byte offsets";
    return fail(fmt::format("{}: {} is {}, but must be {}", subject(), quote(field), found, wanted));
  }

  bool start_object(size_t) {
    if (place == Place::start) {
      place = Place::header;
      return true;
    }
    if (place != Place::header) return misplaced("an object");
    fields.clear();
    place = field == "__metadata__" ? Place::metadata : Place::tensor;
    if (place == Place::tensor) tensors.push_back({field, "", {}, 0, 0});
    return true;
  }

  bool key(std::string& name) {
    bool is_new = (place == Place::header ? names : fields).insert(name).second;
    if (!is_new) return fail(fmt::format("{} has {} twice", subject(), quote(name)));
    if (place == Place::tensor && name != "dtype" && name != "shape" && name != "data_offsets")
      return fail(fmt::format("{} has the unknown field {}; expected 'dtype', 'shape' and 'data_offsets'",
                              subject(), quote(name)));
    field = name;
    return true;
  }

  bool end_object() {
    if (place == Place::tensor)
      for (const char* wanted : {"dtype", "shape", "data_offsets"})
        if (!fields.count(wanted)) return fail(fmt::format("{} has no '{}'", subject(), wanted));
    place = place == Place::header ? Place::start : Place::header;
    return true;
  }

  bool start_array(size_t) {
    if (place != Place::tensor || field == "dtype") return misplaced("an array");
    place = field == "shape" ? Place::sizes : Place::offsets;
    offsets = 0;
    return true;
  }

  bool end_array() {
    if (place == Place::offsets && offsets != 2)
      return fail(
          fmt::format("{}: 'data_offsets' holds {} number{}, but must hold two, where the tensor's bytes "
                      "begin and end",
                      subject(), offsets, offsets == 1 ? "" : "s"));
    place = Place::tensor;
    return true;
  }

  bool number_unsigned(uint64_t value) {
    if (value > INT64_MAX || (place != Place::sizes && place != Place::offsets))
      return misplaced(std::to_string(value));
    TensorEntry& tensor = tensors.back();
    if (place == Place::sizes) {
      if (tensor.sizes.size() == kMaxRank)
        return fail(fmt::format("{}: 'shape' holds more than {} sizes", subject(), kMaxRank));
      tensor.sizes.push_back(static_cast<int64_t>(value));
      return true;
    }
    if (offsets < 2) (offsets == 0 ? tensor.begin : tensor.end) = static_cast<int64_t>(value);
    ++offsets;
    return true;
  }

  bool string(std::string& value) {
    if (place == Place::metadata) return true;
    if (place != Place::tensor || field != "dtype") return misplaced("a string");
    tensors.back().type = std::move(value);
    return true;
  }

  bool null() { return misplaced("null"); }
  bool boolean(bool value) { return misplaced(value ? "true" : "false"); }
  bool number_integer(int64_t value) { return misplaced(std::to_string(value)); }
  bool number_float(double value, const std::string&) { return misplaced(fmt::format("{}", value)); }
  bool binary(Json::binary_t&) { return misplaced("binary data"); }

  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) {
    return fail(fmt::format("the header is not valid JSON, from byte {} of {} on", position, bytes),
                "the file is damaged; copy or export it again");
  }
};

}  // namespace

std::optional<std::vector<TensorEntry>> parse_header(std::string_view json, HeaderError& error) {
  HeaderReader reader;
  reader.bytes = json.size();
  if (Json::sax_parse(json.begin(), json.end(), &reader)) return std::move(reader.tensors);
  error = std::move(reader.error);
  return std::nullopt;
}

}  // namespace cnnc
