#include "onnx/file/read.h"

#include <fmt/format.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <onnx/onnx_pb.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <memory>

#include "onnx/file/inline_functions.h"
#include "onnx/file/read_node.h"
#include "onnx/file/read_parts.h"
#include "onnx/file/read_tensor.h"
#include "onnx/file/sort_nodes.h"
#include "support/input_file.h"
#include "support/limits.h"
#include "weights/foreign.h"
#include "weights/text.h"

namespace cnnc::onnx {
namespace {

constexpr int kMaxNodes = 5 * limits::kStatements;  // exporters write several where the language has one

constexpr size_t kMaxInputs = 1024;

// A file that is being read.
struct Reading {
  const std::string& path;
  Diagnostics& diagnostics;
  ExternalData external;

  void error(std::string message, std::string hint = "") {
    diagnostics.error_in_file(path, std::move(message), std::move(hint));
  }
};

// Calls work(); what it refuses is an error about `subject`.
template <class Work>
void guarded(Reading& reading, const std::string& subject, Work work) {
  try {
    work();
  } catch (const Refused& refused) {
    reading.error(fmt::format("{}: {}", subject, refused.why), refused.hint);
  }
}

void refuse_foreign(Reading& reading, const std::string& start, const std::string& reason) {
  const std::optional<ForeignFile> foreign = recognise_foreign_file(start);
  const bool is_other = foreign && foreign->format != ForeignFile::Format::onnx;
  if (start.empty()) return reading.error("the file is empty; expected an ONNX model");
  reading.error(is_other ? fmt::format("this is no ONNX model: it looks like {}", foreign->name)
                         : "this is no ONNX model, or a damaged one: " + reason,
                is_other ? "" : "copy the file or export the model again");
}

// The opset of ONNX's own operators.
int64_t read_opset(Reading& reading, const ::onnx::ModelProto& proto) {
  int64_t opset = 0;
  for (const auto& import : proto.opset_import())
    if (import.domain().empty() || import.domain() == "ai.onnx") opset = std::max(opset, import.version());
  if (opset >= kOldestOpset && opset <= kNewestOpset) return opset;
  const std::string found =
      opset == 0 ? "does not say which opset it uses" : fmt::format("uses opset {}", opset);
  reading.error(
      fmt::format("the model {}; the operators of opsets {} to {} are known", found, kOldestOpset,
                  kNewestOpset),
      fmt::format("export it again, in PyTorch with opset_version={0}, or convert it in Python, which has no "
                  "way back from some newer operators: "
                  "onnx.version_converter.convert_version(onnx.load(\"model.onnx\"), {0})",
                  kAdvisedOpset));
  return opset;
}

// What a model may have and no network here can.
void refuse_rest(Reading& reading, const ::onnx::ModelProto& proto) {
  const ::onnx::GraphProto& graph = proto.graph();
  if (graph.sparse_initializer_size() > 0)
    reading.error(fmt::format("the initializer {} is sparse; dense ones are read",
                              quote(graph.sparse_initializer(0).values().name())),
                  "save the weights in full");
  if (graph.node_size() > kMaxNodes)
    reading.error(
        fmt::format("the model has {} nodes; at most {} are possible", graph.node_size(), kMaxNodes));
}

void read_initializers(Reading& reading, ::onnx::GraphProto& graph, Model& model) {
  for (::onnx::TensorProto& tensor : *graph.mutable_initializer()) {
    const std::string name = tensor.name();
    guarded(reading, "initializer " + quote(name), [&] {
      check_name(name);
      if (name.empty()) throw Refused{"it has no name", ""};
      Constant constant = read_tensor(std::move(tensor), reading.external);
      if (!model.constants.emplace(name, std::move(constant)).second)
        throw Refused{"two initializers are called so", ""};
    });
  }
}

void read_nodes(Reading& reading, ::onnx::GraphProto& graph, Model& model) {
  for (int i = 0; i < graph.node_size(); ++i) {
    ::onnx::NodeProto& node = *graph.mutable_node(i);
    const std::string name = !node.name().empty() || node.output_size() == 0 ? node.name() : node.output(0);
    guarded(reading, fmt::format("node {}, {} {}", i, quote(node.op_type()), quote(name)),
            [&] { model.nodes.push_back(read_node(std::move(node), reading.external)); });
  }
}

void read_interface(Reading& reading, const ::onnx::ModelProto& proto, Model& model) {
  const ::onnx::GraphProto& graph = proto.graph();
  for (const auto& info : graph.input())
    guarded(reading, "input " + quote(info.name()), [&] {
      // Before IR version 4 all initializers were listed as inputs as well.
      if (model.constants.count(info.name()) == 0)
        model.inputs.push_back(read_value_info(info));
      else if (proto.ir_version() >= 4)
        model.defaults.push_back(info.name());
    });
  if (model.inputs.size() > kMaxInputs)
    reading.error(
        fmt::format("the model has {} inputs; at most {} are possible", model.inputs.size(), kMaxInputs),
        "weights are initializers, and no inputs");
  for (const auto& info : graph.output())
    guarded(reading, "output " + quote(info.name()), [&] { model.outputs.push_back(read_value_info(info)); });
  if (graph.output_size() == 0) reading.error("the model has no output");
}

// What is wrong there is passed over: nothing but a cut needs it.
void read_values(const ::onnx::GraphProto& graph, Model& model) {
  for (const auto& info : graph.value_info()) try {
      model.values.push_back(read_value_info(info));
    } catch (const Refused&) {
      continue;
    }
}

// "pytorch 1.13.1"
std::string producer_of(const ::onnx::ModelProto& proto) {
  const std::string& version = proto.producer_version();
  return proto.producer_name() + (version.empty() || proto.producer_name().empty() ? "" : " ") + version;
}

std::optional<Model> read_parsed(Reading& reading, ::onnx::ModelProto& proto, const std::string& start) {
  if (!proto.has_graph() || proto.graph().node_size() == 0) {
    refuse_foreign(reading, start, "it holds no graph of operators");
    return std::nullopt;
  }
  Model model;
  model.name = proto.graph().name();
  model.producer = producer_of(proto);
  model.opset = read_opset(reading, proto);
  guarded(reading, "the functions of the model", [&] { inline_functions(proto, kMaxNodes); });
  refuse_rest(reading, proto);
  if (reading.diagnostics.has_errors()) return std::nullopt;
  ::onnx::GraphProto& graph = *proto.mutable_graph();
  read_initializers(reading, graph, model);
  read_nodes(reading, graph, model);
  read_interface(reading, proto, model);
  read_values(graph, model);
  for (const auto& [path, bytes] : reading.external.bytes_read) model.external_files.push_back(path);
  if (reading.diagnostics.has_errors()) return std::nullopt;
  if (!sort_nodes(model, reading.path, reading.diagnostics)) return std::nullopt;
  return model;
}

bool is_too_large(int64_t bytes, const std::string& path, Diagnostics& diagnostics) {
  constexpr int64_t kMostBytes = std::numeric_limits<int>::max();  // of protobuf
  if (bytes <= kMostBytes) return false;
  diagnostics.error_in_file(
      path, fmt::format("the model has {} bytes; an ONNX file has at most {}", bytes, kMostBytes),
      "save the weights beside it: onnx.save(model, \"model.onnx\", save_as_external_data=True)");
  return true;
}

// `open` makes a stream that begins where the file does; `start` are the first bytes, to say what the file is
// if it is no model.
template <class Open>
std::optional<Model> parse(Open open, const std::string& start, const std::string& path,
                           Diagnostics& diagnostics) {
  const google::protobuf::LogSilencer quiet;
  Reading reading{path, diagnostics, {std::filesystem::path(path).parent_path().string(), {}}};
  const Parts parts = check_parts(*open());
  if (parts == Parts::too_many) {
    reading.error(fmt::format("the model is made of more than {} parts: nodes, names, lists", kMaxParts));
    return std::nullopt;
  }
  ::onnx::ModelProto proto;
  if (parts == Parts::fine && proto.ParseFromZeroCopyStream(open().get()))
    return read_parsed(reading, proto, start);
  refuse_foreign(reading, start, "its structure ends or breaks off");
  return std::nullopt;
}

}  // namespace

std::optional<Model> read_model(const std::string& path, Diagnostics& diagnostics) {
  const InputFile file(path);
  if (std::string fault = file.fault("the model", "an ONNX model"); !fault.empty()) {
    diagnostics.error_in_file(path, std::move(fault));
    return std::nullopt;
  }
  if (is_too_large(file.bytes(), path, diagnostics)) return std::nullopt;
  const auto open = [&] {
    lseek(file.descriptor(), 0, SEEK_SET);
    return std::make_unique<google::protobuf::io::FileInputStream>(file.descriptor());
  };
  return parse(open, file.start(64), path, diagnostics);
}

std::optional<Model> parse_model(const std::string& bytes, const std::string& path,
                                 Diagnostics& diagnostics) {
  if (is_too_large(static_cast<int64_t>(bytes.size()), path, diagnostics)) return std::nullopt;
  const auto open = [&] {
    return std::make_unique<google::protobuf::io::ArrayInputStream>(bytes.data(),
                                                                    static_cast<int>(bytes.size()));
  };
  return parse(open, bytes.substr(0, 64), path, diagnostics);
}

}  // namespace cnnc::onnx
