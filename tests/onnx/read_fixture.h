// Files of models, and what the reader says of them.
#pragma once
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "onnx/file/read.h"
#include "protos.h"

namespace cnnc::onnx {

// A folder that is there as long as the value.
struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "cnnc-onnx-XXXXXX").string();
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(path + "/" + name).parent_path());
    std::ofstream(path + "/" + name, std::ios::binary) << bytes;
    return path + "/" + name;
  }
};

inline std::string errors_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all())
    text += (text.empty() ? "" : "\n") + d.message + (d.hint.empty() ? "" : " | " + d.hint);
  return text;
}

inline Model model_of(const ::onnx::ModelProto& proto) {
  Diagnostics diagnostics;
  std::optional<Model> model = parse_model(proto.SerializeAsString(), "m.onnx", diagnostics);
  INFO(errors_text(diagnostics));
  REQUIRE(model.has_value());
  return std::move(*model);
}

inline std::string refusal_of_bytes(const std::string& bytes, const std::string& path = "m.onnx") {
  Diagnostics diagnostics;
  const auto model = parse_model(bytes, path, diagnostics);
  CHECK(model.has_value() != diagnostics.has_errors());
  return errors_text(diagnostics);
}

inline std::string refusal(const ::onnx::ModelProto& proto, const std::string& path = "m.onnx") {
  return refusal_of_bytes(proto.SerializeAsString(), path);
}

}  // namespace cnnc::onnx
