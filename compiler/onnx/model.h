// An ONNX model as far as cnnc looks at it: what the file says, with its structure checked and its constants
// in memory. The types of the ONNX schema end here: only file/ knows protobuf.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "onnx/unmapped.h"

namespace cnnc::onnx {

// The opsets whose operators are understood. The newest is that of ONNX 1.21; the schema of ONNX 1.12, which
// Debian 12 has, reads its files as well: what a file may hold beside has only grown.
constexpr int64_t kOldestOpset = 7, kNewestOpset = 26;
// One that every version of ONNX that is in use can write, and convert to.
constexpr int64_t kAdvisedOpset = 17;

// A tensor whose values are known: an initializer, a node's attribute, or what was computed from such.
// Row-major. float16, bfloat16 and double are floats here, all integers and booleans int64; `type` is what
// the file had, in ONNX's words ("float", "int64", "bool"). Other types have no values: neither pointer is
// set.
struct Constant {
  std::string type = "float";
  std::vector<int64_t> dims;  // none: a scalar
  std::shared_ptr<const std::vector<float>> floats;
  std::shared_ptr<const std::vector<int64_t>> integers;
};

// ONNX's word for a type of elements, by its number in TensorProto.DataType: "float", "int64"; "type N" of
// one that is not known.
std::string type_name(int64_t type);

// The number of elements of dims that were checked.
int64_t elements(const std::vector<int64_t>& dims);

// "1x3x224x224", "" of a scalar.
std::string to_string(const std::vector<int64_t>& dims);

using Attribute =
    std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<float>, Constant>;

struct Branch;

struct Node {
  std::string name;                          // often empty
  std::string op;                            // "Conv"
  std::string domain;                        // "" for ONNX's own operators
  std::vector<std::string> inputs, outputs;  // names of values; "": left out
  std::map<std::string, Attribute>
      attributes;                     // of a kind that Attribute has; others are dropped, see `dropped`
  std::vector<std::string> dropped;   // names of the attributes of other kinds (graphs, sequences)
  std::vector<std::string> captured;  // values of the model that graphs among its attributes read (If, Loop)
  std::map<std::string, std::shared_ptr<const Branch>> branches;  // of an If, by attribute
  std::optional<std::string>
      module;        // whose it is, where the file says so apart ("layer1.0.conv1"; "": the whole)
  std::string path;  // as what the network knows it (layer1.0.conv1): see names.h
  std::optional<Unmapped> refusal;  // why it has no place in a network, where that was found before the walk
};

// A graph in a node: "then_branch" or "else_branch". It reads values of the model around it as well.
struct Branch {
  std::vector<Node> nodes;  // each behind those that it reads from
  std::map<std::string, Constant> constants;
  std::vector<std::string> outputs;
};

// A size of an input: known, or unknown and perhaps called something ("batch_size").
struct Dimension {
  std::optional<int64_t> size;
  std::string symbol;
};

struct ValueInfo {
  std::string name;
  std::string type;                            // "float"; "" where it is no tensor or the file does not say
  std::optional<std::vector<Dimension>> dims;  // none: the rank is not known
};

struct Model {
  std::string name;                           // of the graph
  std::string producer;                       // "pytorch 1.13.1"
  int64_t opset = 0;                          // of ONNX's own operators
  std::vector<Node> nodes;                    // in topological order; each value is written once
  std::map<std::string, Constant> constants;  // the initializers
  std::vector<ValueInfo> inputs;              // without those that have an initializer
  std::vector<std::string> defaults;          // those that have one, which a caller might give another value
  std::vector<ValueInfo> former_inputs;       // those that a cut has taken away, see import/cut.h
  std::vector<ValueInfo> outputs;
  std::vector<ValueInfo> values;            // what the file says of those between
  std::vector<std::string> external_files;  // absolute paths of the files of external data that were read
};

}  // namespace cnnc::onnx
