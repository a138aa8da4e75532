#include "weights/foreign.h"

#include <algorithm>

namespace cnnc {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kFromTorch =
    "convert it in Python: safetensors.torch.save_file(torch.load(\"model.pt\", map_location=\"cpu\", "
    "weights_only=True), \"model.safetensors\")";
constexpr std::string_view kFromNumpy =
    "convert it in Python: safetensors.numpy.save_file({\"conv1.weight\": array, …}, \"model.safetensors\")";
constexpr std::string_view kFromKeras =
    "convert it in Python with safetensors.numpy.save_file: a conv kernel as "
    "\"conv1.weight\": kernel.transpose(3, 2, 0, 1), a dense one as \"dense1.weight\": kernel.T";
constexpr std::string_view kFromOnnx =
    "write 'cnnc import model.onnx', which makes a text of it and a file of its weights";

constexpr std::string_view kWanted = "the trained weights are wanted, in a file such as 'model.safetensors'";

struct Magic {
  std::string_view bytes;
  ForeignFile file;
};
constexpr Magic kMagics[] = {
    {"PK\3\4"sv, {"a zip file (a PyTorch checkpoint?)", kFromTorch}},
    {"\x80\2"sv, {"a Python pickle (an old PyTorch checkpoint?)", kFromTorch}},
    {"\x89HDF\r\n"sv, {"an HDF5 file (Keras?)", kFromKeras}},
    {"\x93NUMPY"sv, {"a NumPy array", kFromNumpy}},
    {"GGUF"sv, {"a GGUF file", kFromNumpy}},
    {"!<arch>\n"sv, {"an ar archive (a library?)", kWanted}},
    {"\177ELF"sv, {"a compiled program or library", kWanted}},
    {"version https://git-lfs"sv, {"a Git LFS pointer", "fetch the file itself: git lfs pull"}},
};

// An ONNX model is a protobuf message that begins with its field 1, ir_version (a small number), followed by
// field 2, producer_name, 7, graph, or 8, opset_import;
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
bool is_onnx(std::string_view start) {
  return start.size() > 2 && start[0] == 0x08 && start[1] > 0 && start[1] < 32 &&
         (start[2] == 0x12 || start[2] == 0x3a || start[2] == 0x42);
}

// ASCII without control characters, and bytes that UTF-8 has.
bool is_text(std::string_view start) {
  const auto may_stand_in_text = [](unsigned char c) {
    return (c >= 0x20 && c != 0x7f && c < 0xf5) || c == '\n' || c == '\r' || c == '\t';
  };
  return start.size() >= 8 && std::all_of(start.begin(), start.end(), may_stand_in_text);
}

}  // namespace

std::optional<ForeignFile> recognise_foreign_file(std::string_view start) {
  for (const Magic& magic : kMagics)
    if (start.substr(0, magic.bytes.size()) == magic.bytes) return magic.file;
  if (is_onnx(start)) return ForeignFile{"an ONNX model", kFromOnnx, ForeignFile::Format::onnx};
  if (is_text(start)) return ForeignFile{"text", kWanted, ForeignFile::Format::text};
  return std::nullopt;
}

}  // namespace cnnc
