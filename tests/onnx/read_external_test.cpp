// Data that lies in files of its own: read from the model's folder, and from nowhere else.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "onnx/file/read.h"
#include "read_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
namespace fs = std::filesystem;
using Floats = std::vector<float>;
using Proto = ::onnx::ModelProto;
using Tensor = ::onnx::TensorProto;

namespace {

void set_external(Tensor& tensor, const std::vector<std::pair<std::string, std::string>>& entries) {
  tensor.set_data_location(Tensor::EXTERNAL);
  for (const auto& [key, value] : entries) {
    auto& entry = *tensor.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  }
}

// conv_relu whose bias lies elsewhere.
Proto external_bias(const std::vector<std::pair<std::string, std::string>>& entries) {
  Proto proto = conv_relu();
  Tensor& bias = *proto.mutable_graph()->mutable_initializer(1);
  bias.clear_raw_data();
  set_external(bias, entries);
  return proto;
}

std::string bytes_of(const Floats& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace

TEST_CASE("external data is read from the model's own folder") {
  const Folder folder;
  folder.write("data/w.bin", "....." + bytes_of({7, 8, 9}));
  const Proto proto = external_bias({{"location", "data/w.bin"}, {"offset", "5"}, {"length", "12"}});
  Diagnostics diagnostics;
  const auto model = read_model(folder.write("m.onnx", proto.SerializeAsString()), diagnostics);
  INFO(errors_text(diagnostics));
  REQUIRE(model.has_value());
  CHECK(*model->constants.at("conv.bias").floats == Floats{7, 8, 9});
  CHECK(model->external_files ==
        std::vector<std::string>{fs::canonical(folder.path + "/data/w.bin").string()});
  const Proto to_the_end = external_bias({{"location", "./data/w.bin"}, {"offset", "5"}});
  CHECK(refusal(to_the_end, folder.path + "/m.onnx").empty());
}

TEST_CASE("external data that is not there, or too short or long, is refused") {
  const Folder folder;
  folder.write("w.bin", bytes_of({7, 8, 9}));
  const auto with = [&](const std::vector<std::pair<std::string, std::string>>& entries) {
    return refusal(external_bias(entries), folder.path + "/m.onnx");
  };
  CHECK(with({{"location", "w.bin"}}).empty());
  CHECK(with({}) == "initializer 'conv.bias': its external data has no 'location'");
  CHECK(with({{"location", "v.bin"}}) ==
        "initializer 'conv.bias': its external data 'v.bin' cannot be read: No such file or directory | a "
        "model with external data is moved together with those files");
  CHECK(with({{"location", "w.bin"}, {"offset", "4"}}) ==
        "initializer 'conv.bias': its shape takes 12 bytes; its external data 'w.bin' has 8 for it");
  CHECK(with({{"location", "w.bin"}, {"length", "8"}}) ==
        "initializer 'conv.bias': its shape takes 12 bytes; its external data 'w.bin' has 8 for it");
  const std::string short_hint =
      " | the file is cut short, or belongs to another model; copy or export both again";
  CHECK(with({{"location", "w.bin"}, {"offset", "4"}, {"length", "12"}}) ==
        "initializer 'conv.bias': its external data 'w.bin' is said to hold its 12 bytes from 4 on, and has "
        "12 bytes" +
            short_hint);
  CHECK(with({{"location", "w.bin"}, {"offset", "9223372036854775807"}, {"length", "12"}}) ==
        "initializer 'conv.bias': its external data 'w.bin' is said to hold its 12 bytes from "
        "9223372036854775807 on, and has 12 bytes" +
            short_hint);
  CHECK(
      with({{"location", "w.bin"}, {"offset", "-4"}}) ==
      "initializer 'conv.bias': the 'offset' of its external data is '-4'; expected a whole number of bytes");
  CHECK(with({{"location", "w.bin"}, {"length", "12x"}}) ==
        "initializer 'conv.bias': the 'length' of its external data is '12x'; expected a whole number of "
        "bytes");
}

TEST_CASE("external data outside of the model's folder is refused, however it is written") {
  const Folder folder;
  folder.write("secret", bytes_of({7, 8, 9}));
  fs::create_directory(folder.path + "/model");
  fs::create_symlink("../secret", folder.path + "/model/link");
  fs::create_symlink("..", folder.path + "/model/up");
  fs::create_symlink("inside", folder.path + "/model/within");
  folder.write("model/inside", bytes_of({7, 8, 9}));
  REQUIRE(mkfifo((folder.path + "/model/pipe").c_str(), 0600) == 0);
  const auto from = [&](const std::string& location) {
    return refusal(external_bias({{"location", location}}), folder.path + "/model/m.onnx");
  };
  const std::string start = "initializer 'conv.bias': its external data ";
  const std::string hint =
      " | put the file beside the model and set the 'location' of the tensor's external_data to its name: in "
      "Python, onnx.load with load_external_data=False, then onnx.save";
  CHECK(from("inside").empty());
  CHECK(from("within").empty());
  CHECK(from("../secret") ==
        start + "is said to lie in '../secret', which leaves the model's own folder" + hint);
  CHECK(from("./x/../../secret") ==
        start + "is said to lie in './x/../../secret', which leaves the model's own folder" + hint);
  CHECK(from(folder.path + "/model/inside") == start + "is said to lie in '" + folder.path +
                                                   "/model/inside', an absolute path; expected one from the "
                                                   "model's own folder" +
                                                   hint);
  const std::string link_hint = " | copy the file that it leads to in its place";
  CHECK(from("link") == start + "'link' is a link out of the model's own folder" + link_hint);
  CHECK(from("up/secret") == start + "'up/secret' is a link out of the model's own folder" + link_hint);
  CHECK(from(".") == "initializer 'conv.bias': expected a file of external data, found a folder");
  CHECK(from("pipe") == "initializer 'conv.bias': expected a file of external data, found a pipe or device");
  CHECK(from(std::string("inside\0/../x", 12)) == start + "has no 'location'");
}

TEST_CASE("tensors that share bytes of external data cannot make a small file fill the memory") {
  const Folder folder;
  folder.write("w.bin", bytes_of({7, 8, 9}));
  Proto proto = external_bias({{"location", "w.bin"}});
  Tensor& other = *proto.mutable_graph()->add_initializer();
  other.set_name("other");
  other.set_data_type(Tensor::FLOAT);
  other.add_dims(3);
  set_external(other, {{"location", "./w.bin"}});
  CHECK(
      refusal(proto, folder.path + "/m.onnx") ==
      "initializer 'other': the tensors in './w.bin' take more than its 12 bytes together | tensors may not "
      "share bytes of external data: write it anew in Python, onnx.save(onnx.load(\"model.onnx\"), "
      "\"new.onnx\", "
      "save_as_external_data=True, location=\"new.bin\")");
}
