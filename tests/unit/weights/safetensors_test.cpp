// Files of weights: the floats that they hold, and all that they may be wrong in.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include "support/half.h"
#include "unit/weights/weights_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
using namespace std::string_literals;

namespace {

const std::string kTwoTensors =
    R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";

}  // namespace

TEST_CASE("safetensors: F32, F16 and BF16 become the floats that they are") {
  Result r = read_bytes(safetensors(
      R"({"__metadata__":{"format":"pt"},
          "w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},
          "h":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},
          "b":{"dtype":"BF16","shape":[],"data_offsets":[14,16]},
          "none":{"dtype":"F32","shape":[0,3],"data_offsets":[16,16]}}   )",
      bytes_of<float>({1.5f, -0.1f}) + bytes_of<uint16_t>({0x3c00, 0xc000, 0x0001, 0xbf80})));
  INFO(errors_text(r.diagnostics));
  REQUIRE(r.tensors);
  CHECK(r.tensors->size() == 4);
  CHECK(*r.tensors->at("w").values == std::vector<float>{1.5f, -0.1f});
  CHECK(r.tensors->at("w").shape == Shape{2, 1});
  CHECK(*r.tensors->at("h").values == std::vector<float>{1, -2, 0x1p-24f});
  CHECK(*r.tensors->at("b").values == std::vector<float>{-1});
  CHECK(r.tensors->at("b").shape.rank() == 0);
  CHECK(r.tensors->at("none").values->empty());
}

TEST_CASE("safetensors: tensors of other types are listed without values") {
  Result r = read_bytes(safetensors(
      R"({"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"d":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})",
      std::string(16, '\0')));
  REQUIRE(r.tensors);
  CHECK(r.tensors->at("n").values == nullptr);
  CHECK(r.tensors->at("d").values == nullptr);
  CHECK(r.tensors->at("d").type == "F64");
}

TEST_CASE("safetensors: a 16-bit tensor of several pieces is read whole and in order") {
  std::vector<uint16_t> halves(200'003);
  for (size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<uint16_t>(i % 30011);
  Result r = read_bytes(
      safetensors(R"({"h":{"dtype":"F16","shape":[200003],"data_offsets":[0,400006]}})", bytes_of(halves)));
  REQUIRE(r.tensors);
  const std::vector<float>& values = *r.tensors->at("h").values;
  REQUIRE(values.size() == halves.size());
  for (size_t i = 0; i < values.size(); ++i) REQUIRE(values[i] == float_from_f16(halves[i]));
}

TEST_CASE("every 16-bit float converts to its value by the formula of IEEE 754") {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    int exponent = static_cast<int>(bits >> 10 & 31), fraction = static_cast<int>(bits & 1023);
    float value = float_from_f16(static_cast<uint16_t>(bits));
    REQUIRE(std::signbit(value) == (bits >= 32768));
    if (exponent == 31)
      REQUIRE((fraction ? std::isnan(value) : std::isinf(value)));
    else if (exponent == 0)
      REQUIRE(std::fabs(value) == std::ldexp(fraction, -24));
    else
      REQUIRE(std::fabs(value) == std::ldexp(1024 + fraction, exponent - 25));
  }
}

TEST_CASE("safetensors: errors in the header's structure name the tensor and the field") {
  CHECK(header_errors("[]") == "this is no safetensors file: its header does not begin with '{'");
  CHECK(header_errors("{\"a\":") ==
        "the header is not valid JSON, from byte 6 of 5 on\nhint: the file is damaged; copy or export it "
        "again");
  CHECK(header_errors("{} {}") ==
        "the header is not valid JSON, from byte 4 of 5 on\nhint: the file is damaged; copy or export it "
        "again");
  CHECK(header_errors(R"({"a":1})") ==
        "'a' is 1, but must be an object with 'dtype', 'shape' and 'data_offsets'");
  CHECK(header_errors(R"({"a":[]})") ==
        "'a' is an array, but must be an object with 'dtype', 'shape' and 'data_offsets'");
  CHECK(header_errors(R"({"a":{"dtype":"F32","shape":[]}})") == "tensor 'a' has no 'data_offsets'");
  CHECK(header_errors(R"({"a":{"dtype":7}})") ==
        "tensor 'a': 'dtype' is 7, but must be a string such as \"F32\"");
  CHECK(header_errors(R"({"a":{"dtype":["F32"]}})") ==
        "tensor 'a': 'dtype' is an array, but must be a string such as \"F32\"");
  CHECK(header_errors(R"({"a":{"shape":3}})") == "tensor 'a': 'shape' is 3, but must be an array of sizes");
  CHECK(header_errors(R"({"a":{"shape":null}})") ==
        "tensor 'a': 'shape' is null, but must be an array of sizes");
  CHECK(header_errors(R"({"a":{"shape":[2,-1]}})") ==
        "tensor 'a': 'shape' holds -1, but must hold whole numbers of at least 0");
  CHECK(header_errors(R"({"a":{"shape":[1.5]}})") ==
        "tensor 'a': 'shape' holds 1.5, but must hold whole numbers of at least 0");
  CHECK(header_errors(R"({"a":{"shape":[9223372036854775808]}})") ==
        "tensor 'a': 'shape' holds 9223372036854775808, but must hold whole numbers of at least 0");
  CHECK(header_errors(R"({"a":{"shape":[[1]]}})") ==
        "tensor 'a': 'shape' holds an array, but must hold whole numbers of at least 0");
  CHECK(
      header_errors(R"({"a":{"data_offsets":[0]}})") ==
      "tensor 'a': 'data_offsets' holds 1 number, but must hold two, where the tensor's bytes begin and end");
  CHECK(header_errors(R"({"a":{"data_offsets":[0,4,8]}})") ==
        "tensor 'a': 'data_offsets' holds 3 numbers, but must hold two, where the tensor's bytes begin and "
        "end");
  CHECK(header_errors(R"({"a":{"data_offsets":"0"}})") ==
        "tensor 'a': 'data_offsets' is a string, but must be an array of two byte offsets");
  CHECK(header_errors(R"({"a":{"type":"F32"}})") ==
        "tensor 'a' has the unknown field 'type'; expected 'dtype', 'shape' and 'data_offsets'");
  CHECK(header_errors(R"({"a":{"dtype":"F32","dtype":"F16"}})") == "tensor 'a' has 'dtype' twice");
  CHECK(header_errors(R"({"__metadata__":{"a":1}})") ==
        "the header's '__metadata__': 'a' is 1, but must be a string");
  std::string one = R"({"dtype":"F32","shape":[],"data_offsets":[0,4]})";
  CHECK(header_errors("{\"a\":" + one + ",\"a\":" + one + "}", "1234") == "the header has 'a' twice");
}

TEST_CASE("safetensors: errors of types, sizes and offsets give the numbers") {
  auto with = [](const std::string& fields) {
    return header_errors("{\"a\":{" + fields + "}}", std::string(8, '\0'));
  };
  CHECK(with(R"("dtype":"F33","shape":[2],"data_offsets":[0,8])") ==
        "tensor 'a' has the unknown type 'F33'\nhint: save weights as F32, F16 or BF16");
  CHECK(with(R"("dtype":"F32","shape":[65536,32769],"data_offsets":[0,8])") ==
        "tensor 'a': the shape 65536x32769 has more elements than the limit of 2147483648");
  CHECK(with(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8])") ==
        "tensor 'a': the shape 4294967296x4294967296 has more elements than the limit of 2147483648");
  CHECK(with(R"("dtype":"F32","shape":[3],"data_offsets":[0,12])") ==
        "tensor 'a' is said to lie at bytes 0 to 12, but the file holds 8 bytes of data\n"
        "hint: the file is cut short; copy or export it again");
  CHECK(with(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])") ==
        "tensor 'a' is said to lie at bytes 8 to 0, but the file holds 8 bytes of data");
  CHECK(with(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])") ==
        "tensor 'a': 3 of F32 takes 12 bytes, but its offsets 0 to 8 span 8");
  CHECK(with(R"("dtype":"F4","shape":[3],"data_offsets":[0,1])") ==
        "tensor 'a': 3 of F4 takes 2 bytes, but its offsets 0 to 1 span 1");
}

TEST_CASE("safetensors: overlaps and holes are errors") {
  auto pair = [](int a_begin, int a_end, int b_begin, int b_end, int bytes) {
    return header_errors(fmt::format(R"({{"a":{{"dtype":"U8","shape":[{}],"data_offsets":[{},{}]}},)"
                                     R"("b":{{"dtype":"U8","shape":[{}],"data_offsets":[{},{}]}}}})",
                                     a_end - a_begin, a_begin, a_end, b_end - b_begin, b_begin, b_end),
                         std::string(static_cast<size_t>(bytes), '\0'));
  };
  CHECK(pair(4, 8, 0, 4, 8) == "");
  CHECK(pair(0, 8, 6, 10, 10) ==
        "tensors 'a' (bytes 0 to 8) and 'b' (bytes 6 to 10) overlap\nhint: the file is damaged; export it "
        "again");
  CHECK(pair(0, 10, 2, 4, 10) ==
        "tensors 'a' (bytes 0 to 10) and 'b' (bytes 2 to 4) overlap\nhint: the file is damaged; export it "
        "again");
  std::string hint = "\nhint: the file is damaged, or has more than tensors in it; export it again";
  CHECK(pair(0, 4, 6, 8, 8) == "bytes 4 to 6 of the data belong to no tensor" + hint);
  CHECK(pair(2, 4, 4, 8, 8) == "bytes 0 to 2 of the data belong to no tensor" + hint);
  CHECK(pair(0, 4, 4, 8, 9) == "bytes 8 to 9 of the data belong to no tensor" + hint);
  CHECK(header_errors("{}", "x") == "bytes 0 to 1 of the data belong to no tensor" + hint);
}

TEST_CASE("safetensors: the header's length is checked before anything is made of it") {
  CHECK(errors_of("") ==
        "this is no safetensors file: it has 0 bytes, and the length of its header alone takes 8");
  CHECK(errors_of(bytes_of<uint64_t>({~uint64_t{0}}) + "{}") ==
        "this is no safetensors file: its first 8 bytes give a header of 18446744073709551615 bytes; "
        "expected 2 to 2 "
        "in a file of 10 bytes");
  CHECK(errors_of(bytes_of<uint64_t>({0})) ==
        "this is no safetensors file: its first 8 bytes give a header of 0 bytes; expected 2 to 2 in a file "
        "of 8 bytes");
}

TEST_CASE("safetensors: deep nesting, long names and control characters do no harm") {
  CHECK(header_errors("{\"a\":" + std::string(1'000'000, '[')) ==
        "'a' is an array, but must be an object with 'dtype', 'shape' and 'data_offsets'");
  CHECK(header_errors(R"({"\u001b[31m)" + std::string(1'000'000, 'n') + "\":1}").size() < 300);
  CHECK(header_errors(R"({"\u001b[31m":1})").substr(0, 12) == "'\\x1b[31m' i");
  std::string sizes = "1";
  for (int i = 0; i < 100; ++i) sizes += ",1";
  CHECK(header_errors(R"({"a":{"shape":[)" + sizes + "]}}") ==
        "tensor 'a': 'shape' holds more than 64 sizes");
}

TEST_CASE("safetensors: a cut file is an error at every length, a damaged byte never a crash") {
  std::string whole = safetensors(kTwoTensors, std::string(12, '\1'));
  REQUIRE(read_bytes(whole).tensors);
  for (size_t n = 0; n < whole.size(); ++n) CHECK_FALSE(read_bytes(whole.substr(0, n)).tensors);
  for (size_t i = 0; i < whole.size(); ++i)
    for (char flip : {1, 16, 127}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      read_bytes(damaged);
    }
}

TEST_CASE("a file of another format is named, with a way to convert it") {
  auto found = [](const std::string& start) {
    Result r = read_bytes(start + std::string(100, '\1'));
    REQUIRE(r.diagnostics.count() == 1);
    CHECK(r.diagnostics.all()[0].hint != "");
    return r.diagnostics.all()[0].message;
  };
  using namespace std::string_literals;
  CHECK(found("PK\3\4"s) == "this is no safetensors file: it looks like a zip file (a PyTorch checkpoint?)");
  CHECK(found("\x80\2"s) ==
        "this is no safetensors file: it looks like a Python pickle (an old PyTorch checkpoint?)");
  CHECK(found("\x89HDF\r\n\x1a\n"s) == "this is no safetensors file: it looks like an HDF5 file (Keras?)");
  CHECK(found("\x93NUMPY\1\0"s) == "this is no safetensors file: it looks like a NumPy array");
  CHECK(found("\x08\x07\x12\x07pytorch"s) == "this is no safetensors file: it looks like an ONNX model");
  CHECK(found("version https://git-lfs.github.com/spec/v1\n"s) ==
        "this is no safetensors file: it looks like a Git LFS pointer");
  CHECK(found("!<arch>\n/"s) == "this is no safetensors file: it looks like an ar archive (a library?)");
  CHECK(errors_of("network m\ninput image 2\n").substr(0, 47) ==
        "this is no safetensors file: it looks like text");
}

TEST_CASE("what is no file is refused, and not waited for") {
  CHECK(errors_text(read_path("/nowhere/w.safetensors").diagnostics) ==
        "the weights cannot be read: No such file or directory");
  CHECK(errors_text(read_path("/").diagnostics) == "expected a safetensors file, found a folder");
  CHECK(errors_text(read_path("/dev/zero").diagnostics) ==
        "expected a safetensors file, found a pipe or device");
  std::string pipe =
      (std::filesystem::temp_directory_path() / fmt::format("cnnc_pipe_{}", ::getpid())).string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(errors_text(read_path(pipe).diagnostics) == "expected a safetensors file, found a pipe or device");
  std::filesystem::remove(pipe);
}
