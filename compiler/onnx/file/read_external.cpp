// Values in files of their own:
// https://github.com/onnx/onnx/blob/v1.12.0/docs/ExternalData.md
#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "onnx/file/read_tensor.h"
#include "support/input_file.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

namespace fs = std::filesystem;

struct Place {
  std::string location;
  int64_t offset = 0;
  std::optional<int64_t> length;  // none: to the end of the file
};

int64_t whole_number(const std::string& key, const std::string& word) {
  int64_t value = 0;
  const char* end_of_word = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), end_of_word, value);
  if (error != std::errc() || end != end_of_word || value < 0)
    throw Refused{fmt::format("the '{}' of its external data is {}; expected a whole number of bytes", key,
                              quote(word)),
                  ""};
  return value;
}

Place place_of(const ::onnx::TensorProto& tensor) {
  Place place;
  for (const auto& entry : tensor.external_data()) {
    if (entry.key() == "location") place.location = entry.value();
    if (entry.key() == "offset") place.offset = whole_number("offset", entry.value());
    if (entry.key() == "length") place.length = whole_number("length", entry.value());
  }
  return place;
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The file without links; inside of the model's folder.
std::string resolved(const std::string& location, const std::string& folder) {
  constexpr const char* kHint =
      "put the file beside the model and set the 'location' of the tensor's external_data to its name: in "
      "Python, "
      "onnx.load with load_external_data=False, then onnx.save";
  if (location.empty() || location.find('\0') != std::string::npos)
    throw Refused{"its external data has no 'location'", ""};
  const fs::path relative(location);
  if (relative.is_absolute())
    throw Refused{fmt::format("its external data is said to lie in {}, an absolute path; expected one from "
                              "the model's own folder",
                              quote(location)),
                  kHint};
  for (const fs::path& part : relative)
    if (part == "..")
      throw Refused{fmt::format("its external data is said to lie in {}, which leaves the model's own folder",
                                quote(location)),
                    kHint};
  std::error_code error;
  const fs::path root = fs::canonical(folder.empty() ? "." : folder, error);
  const fs::path path = error ? fs::path() : fs::canonical(root / relative, error);
  if (error)
    throw Refused{fmt::format("its external data {} cannot be read: {}", quote(location), error.message()),
                  "a model with external data is moved together with those files"};
  if (!lies_in(path, root))
    throw Refused{
        fmt::format("its external data {} is a link out of the model's own folder", quote(location)),
        "copy the file that it leads to in its place"};
  return path.string();
}

}  // namespace

std::string read_external(const ::onnx::TensorProto& tensor, int64_t bytes, ExternalData& external) {
  const Place place = place_of(tensor);
  const std::string path = resolved(place.location, external.folder);
  const InputFile file(path, false);
  const std::string what = "its external data " + quote(place.location);
  if (std::string fault = file.fault(what, "a file of external data"); !fault.empty())
    throw Refused{fault, ""};
  const int64_t rest = std::max<int64_t>(0, file.bytes() - place.offset);
  if (place.offset > file.bytes() || place.length.value_or(0) > rest)
    throw Refused{fmt::format("{} is said to hold its {} bytes from {} on, and has {} bytes", what,
                              place.length.value_or(bytes), place.offset, file.bytes()),
                  "the file is cut short, or belongs to another model; copy or export both again"};
  if (place.length.value_or(rest) != bytes)
    throw Refused{
        fmt::format("its shape takes {} bytes; {} has {} for it", bytes, what, place.length.value_or(rest)),
        ""};
  // Ranges do not overlap, so no more is read of a file than it has.
  int64_t& total = external.bytes_read[path];
  if (bytes > file.bytes() - total)
    throw Refused{fmt::format("the tensors in {} take more than its {} bytes together", quote(place.location),
                              file.bytes()),
                  "tensors may not share bytes of external data: write it anew in Python, "
                  "onnx.save(onnx.load(\"model.onnx\"), "
                  "\"new.onnx\", save_as_external_data=True, location=\"new.bin\")"};
  total += bytes;
  std::string data(static_cast<size_t>(bytes), '\0');
  if (!file.read_at(place.offset, data.data(), bytes))
    throw Refused{
        fmt::format("{} cannot be read from byte {} to {}", what, place.offset, place.offset + bytes), ""};
  return data;
}

}  // namespace cnnc::onnx
