// Models that were damaged at random, always in the same way: whatever the file, it is refused in words or
// becomes a network whose text means the same, in bounded time and memory. CNNC_MUTATIONS says how many,
// CNNC_FIRST_MUTATION which is the first.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "describe/describe.h"
#include "elaborate/elaborate.h"
#include "onnx/export/express.h"
#include "onnx/file/read.h"
#include "onnx/file/write.h"
#include "onnx/import/translate.h"
#include "protos.h"
#include "support/limits.h"
#include "syntax/formatter.h"
#include "syntax/parser.h"
#include "weights/weights.h"

using namespace cnnc;
using namespace cnnc::onnx;

namespace {

using Random = std::mt19937;  // its numbers are the same everywhere; distributions' are not
using Message = google::protobuf::Message;
using Field = google::protobuf::FieldDescriptor;

size_t below(Random& random, size_t limit) {
  return limit == 0 ? 0 : random() % limit;
}

// ---- the models

// Nearly every operator that export writes, by way of a text.
const char* const kTexts[] = {
    R"(network joined
input image 3x8x8
conv 4 3x3 pad 1 bias off
batchnorm
relu6
residual { conv 4 3x3 pad 1; batchnorm } shortcut project
gate { global_avgpool; conv 2 1x1; silu; conv 4 1x1; hardsigmoid }
concat { branch { maxpool 3x3 stride 1 pad 1 } branch { avgpool 3x3 stride 1 pad 1 } branch { conv 2 1x1; gelu } }
channel_shuffle 2
flatten
dense 5
softmax
)",
    R"(network spatial
input image 4x6x6
conv 4 3x3 pad 1 groups 4
leaky_relu slope 0.1
upsample 2
pad 1 mode reflect
depth_to_space 2
prelu
upconv 3 2x2 stride 2
lrn 3
elu
global_maxpool
flatten
log_softmax
)",
    R"(network head
input image 6x4x4
conv 12 1x1
reshape 2x6x4x4
permute 0 2 3 1
reshape 32x6 as boxes
sigmoid
crop 1 0 2
affine 2 (-0.5)
add_constant 32x2
multiply_constant 32x1 as centres
from boxes
crop 1 2 6
softmax along 1
concat along 1 with centres
)",
    R"(network attention
input image 6x4x4
reshape 6x16
permute 1 0 as tokens
dense 6
reshape 16x2x3
permute 1 0 2 as q
permute 0 2 1 as k
from q
matmul with k
softmax along 2
matmul with q
permute 1 0 2
reshape 16x6
add with tokens as a
reduce_mean 1 as mean
from a
subtract with mean
flip 0
)",
};

Graph graph_of(const std::string& text) {
  const Source source{"m.dsl", text};
  Diagnostics diagnostics;
  const auto file = parse(source, diagnostics);
  auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  INFO(render(diagnostics, source, false));
  REQUIRE(graph.has_value());
  bind_random(*graph, 1);
  return std::move(*graph);
}

::onnx::ModelProto exported(const std::string& text) {
  Diagnostics diagnostics;
  const auto model = express(graph_of(text), diagnostics);
  REQUIRE(model.has_value());
  std::string bytes;
  const Files files = write_model(*model, "m.onnx");
  std::get<ByteSource>(files.at(0).second)(
      [&](const void* data, size_t size) { bytes.append(static_cast<const char*>(data), size); });
  ::onnx::ModelProto proto;
  REQUIRE(proto.ParseFromString(bytes));
  return proto;
}

// The arithmetic on shapes that PyTorch writes around a reshape.
::onnx::ModelProto shape_arithmetic() {
  ::onnx::ModelProto model = empty_model({2, 4, 6, 6});
  model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_param("batch");
  add_integers(model, "zero", {0}).clear_dims();
  add_integers(model, "axis", {0});
  add_integers(model, "rest", {-1});
  add_weights(model, "fc.weight", {144, 3});
  add_weights(model, "fc.bias", {3});
  add_op(model, "Shape", {"x"}, "shape");
  add_op(model, "Gather", {"shape", "zero"}, "batch");
  add_op(model, "Unsqueeze", {"batch", "axis"}, "batches");
  set_integer(add_op(model, "Concat", {"batches", "rest"}, "wanted"), "axis", 0);
  add_op(model, "Reshape", {"x", "wanted"}, "flat");
  add_op(model, "Gemm", {"flat", "fc.weight", "fc.bias"}, "fc");
  set_integer(add_op(model, "Softmax", {"fc"}, "y"), "axis", 1);
  return model;
}

// What takes its sizes as inputs; shuffled channels; a layer along rows alone.
::onnx::ModelProto sizes_as_inputs() {
  ::onnx::ModelProto model = empty_model({1, 4, 6, 6});
  add_integers(model, "groups", {1, 2, 2, 6, 6});
  add_integers(model, "whole", {1, 4, 6, 6});
  add_integers(model, "begin", {1});
  add_integers(model, "end", {4});
  add_integers(model, "pads", {0, 0, 1, 1, 0, 0, 1, 1});
  add_weights(model, "none", {0});
  add_weights(model, "scales", {4});
  add_weights(model, "factor", {3, 1, 1});
  add_op(model, "Reshape", {"x", "groups"}, "split");
  set_integers(add_op(model, "Transpose", {"split"}, "swapped"), "perm", {0, 2, 1, 3, 4});
  add_op(model, "Reshape", {"swapped", "whole"}, "shuffled");
  add_op(model, "Slice", {"shuffled", "begin", "end", "begin"}, "slice");
  add_op(model, "Pad", {"slice", "pads"}, "padded");
  add_op(model, "Resize", {"padded", "none", "scales"}, "larger");
  add_op(model, "Mul", {"larger", "factor"}, "scaled");
  add_op(model, "Sigmoid", {"scaled"}, "gate");
  add_op(model, "Mul", {"scaled", "gate"}, "silu");
  set_integers(add_op(model, "ReduceMean", {"silu"}, "y"), "axes", {2, 3});
  const float by[] = {1, 1, 2, 2};
  for (auto& tensor : *model.mutable_graph()->mutable_initializer())
    if (tensor.name() == "scales") tensor.set_raw_data(by, sizeof by);
  return model;
}

std::vector<::onnx::ModelProto> models() {
  std::vector<::onnx::ModelProto> all = {conv_relu(), shape_arithmetic(), sizes_as_inputs()};
  for (const char* text : kTexts) all.push_back(exported(text));
  return all;
}

// ---- damage to bytes

void damage(std::string& bytes, Random& random) {
  const size_t at = below(random, bytes.size());
  switch (below(random, 5)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
      break;
    case 1:
      bytes.insert(at, 1, static_cast<char>(random()));
      break;
    case 2:
      bytes.erase(at, 1 + below(random, 8));
      break;
    case 3:
      bytes.insert(at, bytes.substr(below(random, bytes.size()), below(random, 64)));
      break;
    default:
      bytes[at] = static_cast<char>(random());
      break;
  }
}

// ---- damage to the structure: fields of the schema

struct Place {
  Message* message;
  const Field* field;
};

// All fields that are set, those of the messages inside among them.
void collect(Message& message, std::vector<Place>& places) {
  const auto* reflection = message.GetReflection();
  std::vector<const Field*> fields;
  reflection->ListFields(message, &fields);
  for (const Field* field : fields) {
    places.push_back({&message, field});
    if (field->cpp_type() != Field::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) collect(*reflection->MutableMessage(&message, field), places);
    for (int i = 0; field->is_repeated() && i < reflection->FieldSize(message, field); ++i)
      collect(*reflection->MutableRepeatedMessage(&message, field, i), places);
  }
}

int64_t odd_number(Random& random) {
  constexpr int64_t kNumbers[] = {0,         1,         -1,        2,         3,      4,
                                  5,         7,         16,        255,       1000,   65536,
                                  -2,        INT32_MAX, -65536,    INT32_MIN, 100000, 1073741824,
                                  INT64_MAX, INT64_MIN, 1LL << 31, 1LL << 40};
  return kNumbers[below(random, std::size(kNumbers))];
}

// A name or a word that another place of the model has.
std::string other_string(const std::vector<Place>& places, Random& random) {
  for (int tries = 0; tries < 20; ++tries) {
    const Place& place = places[below(random, places.size())];
    if (place.field->cpp_type() != Field::CPPTYPE_STRING || place.field->name() == "raw_data") continue;
    const auto* reflection = place.message->GetReflection();
    if (!place.field->is_repeated()) return reflection->GetString(*place.message, place.field);
    const int size = reflection->FieldSize(*place.message, place.field);
    return reflection->GetRepeatedString(*place.message, place.field, static_cast<int>(below(random, size)));
  }
  return "";
}

// A new value for a field, or for the one of its elements at `index`.
void set_value(const Place& place, int index, const std::vector<Place>& places, Random& random) {
  Message* message = place.message;
  const Field* field = place.field;
  const auto* reflection = message->GetReflection();
  const bool repeated = field->is_repeated();
  const auto number = odd_number(random);
  switch (field->cpp_type()) {
    case Field::CPPTYPE_INT32:
      repeated ? reflection->SetRepeatedInt32(message, field, index, static_cast<int32_t>(number))
               : reflection->SetInt32(message, field, static_cast<int32_t>(number));
      break;
    case Field::CPPTYPE_INT64:
      repeated ? reflection->SetRepeatedInt64(message, field, index, number)
               : reflection->SetInt64(message, field, number);
      break;
    case Field::CPPTYPE_FLOAT:
      repeated ? reflection->SetRepeatedFloat(message, field, index, static_cast<float>(number))
               : reflection->SetFloat(message, field, static_cast<float>(number));
      break;
    case Field::CPPTYPE_ENUM:
      if (!repeated) reflection->SetEnumValue(message, field, static_cast<int>(below(random, 15)));
      break;
    case Field::CPPTYPE_STRING:
      repeated ? reflection->SetRepeatedString(message, field, index, other_string(places, random))
               : reflection->SetString(message, field, other_string(places, random));
      break;
    default:
      break;
  }
}

// One more element of a repeated field, a copy of one that it has where that can be done.
void add_element(const Place& place, int index, Random& random) {
  Message* message = place.message;
  const auto* reflection = message->GetReflection();
  if (place.field->cpp_type() == Field::CPPTYPE_MESSAGE) {
    Message* added = reflection->AddMessage(message, place.field);
    added->CopyFrom(reflection->GetRepeatedMessage(*message, place.field, index));
  } else if (place.field->cpp_type() == Field::CPPTYPE_INT64) {
    reflection->AddInt64(message, place.field, odd_number(random));
  } else if (place.field->cpp_type() == Field::CPPTYPE_STRING) {
    reflection->AddString(message, place.field, reflection->GetRepeatedString(*message, place.field, index));
  }
}

void damage(::onnx::ModelProto& model, Random& random) {
  std::vector<Place> places;
  collect(*model.mutable_graph(), places);
  if (places.empty()) return;
  const Place& place = places[below(random, places.size())];
  const auto* reflection = place.message->GetReflection();
  const int size = place.field->is_repeated() ? reflection->FieldSize(*place.message, place.field) : 1;
  const int index = static_cast<int>(below(random, static_cast<size_t>(size)));
  switch (below(random, 6)) {
    case 0:
      reflection->ClearField(place.message, place.field);
      break;
    case 1:
      if (place.field->is_repeated()) reflection->RemoveLast(place.message, place.field);
      break;
    case 2:
      if (place.field->is_repeated())
        reflection->SwapElements(place.message, place.field, index,
                                 static_cast<int>(below(random, static_cast<size_t>(size))));
      break;
    case 3:
      if (place.field->is_repeated()) add_element(place, index, random);
      break;
    default:
      set_value(place, index, places, random);
      break;
  }
}

std::string damaged(const std::vector<::onnx::ModelProto>& originals, unsigned seed) {
  Random random(seed);
  ::onnx::ModelProto model = originals[below(random, originals.size())];
  const bool by_structure = seed % 4 != 0;
  const size_t times = 1 + below(random, 4);
  for (size_t i = 0; by_structure && i < times; ++i) damage(model, random);
  std::string bytes = model.SerializeAsString();
  for (size_t i = 0; !by_structure && i < times; ++i) damage(bytes, random);
  if (!by_structure && below(random, 8) == 0) bytes.resize(below(random, bytes.size()));
  return bytes;
}

// ---- the whole way of a model

// "" where it is refused; else its text, which stands for the same network.
std::string imported(const std::string& bytes, Diagnostics& diagnostics) {
  const auto model = parse_model(bytes, "m.onnx", diagnostics);
  CHECK(model.has_value() != diagnostics.has_errors());
  const auto network = model ? translate(*model, {}, "m.onnx", diagnostics) : std::nullopt;
  CHECK(network.has_value() != diagnostics.has_errors());
  CHECK(render(diagnostics, {"m.onnx", ""}, false).empty() != diagnostics.has_errors());
  if (!network) return "";
  const Source source{"m.dsl", cnnc::format(describe(network->graph))};
  INFO(source.text);
  const auto file = parse(source, diagnostics);
  auto graph = file ? elaborate(*file, source, diagnostics) : std::nullopt;
  INFO(render(diagnostics, source, false));
  REQUIRE(graph.has_value());
  with_weights_of(std::move(*graph), network->graph);
  return source.text;
}

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* value = std::getenv(variable);
  return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10)) : otherwise;
}

int64_t peak_kilobytes() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("the models that are damaged are right when they are not") {
  for (const ::onnx::ModelProto& model : models()) {
    INFO(model.graph().name());
    Diagnostics diagnostics;
    const std::string text = imported(model.SerializeAsString(), diagnostics);
    CHECK(render(diagnostics, {"m.onnx", ""}, false) == "");
    CHECK_FALSE(text.empty());
  }
}

TEST_CASE("no damage to a model makes the import crash, hang, fill the memory, or change what it means") {
  const std::vector<::onnx::ModelProto> originals = models();
  const unsigned count = number_from("CNNC_MUTATIONS", 400), first = number_from("CNNC_FIRST_MUTATION", 0);
  const int64_t before = peak_kilobytes();
  unsigned accepted = 0;
  double slowest = 0;
  for (unsigned seed = first; seed < first + count; ++seed) {
    INFO("CNNC_FIRST_MUTATION=" << seed);
    const auto start = std::chrono::steady_clock::now();
    Diagnostics diagnostics;
    CHECK_NOTHROW(accepted += !imported(damaged(originals, seed), diagnostics).empty());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    slowest = std::max(slowest, took.count());
  }
  const int64_t grown = (peak_kilobytes() - before) / 1024;
  MESSAGE(accepted << " of " << count << " accepted; the slowest took " << slowest << " s; " << grown
                   << " MiB more memory");
  CHECK(slowest < 20);
  CHECK(grown < 1024);
  if (count >= 100) CHECK(accepted > count / 50);
}
