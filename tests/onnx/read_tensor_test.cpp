// Values of tensors, in every form that a file may have them in.
#include <doctest/doctest.h>

#include <cmath>

#include "onnx/file/read.h"
#include "read_fixture.h"

using namespace cnnc;
using namespace cnnc::onnx;
using Floats = std::vector<float>;
using Integers = std::vector<int64_t>;
using Proto = ::onnx::ModelProto;
using Tensor = ::onnx::TensorProto;

namespace {

// conv_relu with one initializer more, which the test fills.
template <class Fill>
Proto with_tensor(Fill fill) {
  Proto proto = conv_relu();
  Tensor& tensor = *proto.mutable_graph()->add_initializer();
  tensor.set_name("t");
  fill(tensor);
  return proto;
}

template <class Fill>
Constant constant_of(Fill fill) {
  return model_of(with_tensor(fill)).constants.at("t");
}

template <class Fill>
std::string tensor_refusal(Fill fill) {
  return refusal(with_tensor(fill));
}

template <class T>
void set_raw(Tensor& tensor, Tensor::DataType type, std::vector<T> values) {
  tensor.set_data_type(type);
  tensor.add_dims(static_cast<int64_t>(values.size()));
  tensor.set_raw_data(values.data(), values.size() * sizeof(T));
}

}  // namespace

TEST_CASE("values of every type are read, as bytes and from the fields of the schema") {
  const auto raw = [](Tensor::DataType type, auto values) {
    return constant_of([&](Tensor& t) { set_raw(t, type, values); });
  };
  CHECK(*raw(Tensor::FLOAT, Floats{1.5F, -2}).floats == Floats{1.5F, -2});
  CHECK(*raw(Tensor::DOUBLE, std::vector<double>{0.1, 1e300}).floats == Floats{0.1F, INFINITY});
  CHECK(*raw(Tensor::FLOAT16, std::vector<uint16_t>{0x3c00, 0xc100}).floats == Floats{1, -2.5F});
  CHECK(*raw(Tensor::BFLOAT16, std::vector<uint16_t>{0x3f80, 0xc020}).floats == Floats{1, -2.5F});
  CHECK(*raw(Tensor::INT8, std::vector<int8_t>{-128, 5}).integers == Integers{-128, 5});
  CHECK(*raw(Tensor::UINT8, std::vector<uint8_t>{200}).integers == Integers{200});
  CHECK(*raw(Tensor::INT16, std::vector<int16_t>{-300}).integers == Integers{-300});
  CHECK(*raw(Tensor::UINT16, std::vector<uint16_t>{65535}).integers == Integers{65535});
  CHECK(*raw(Tensor::INT32, std::vector<int32_t>{-7}).integers == Integers{-7});
  CHECK(*raw(Tensor::UINT32, std::vector<uint32_t>{4294967295U}).integers == Integers{4294967295});
  CHECK(*raw(Tensor::INT64, Integers{-9}).integers == Integers{-9});
  CHECK(*raw(Tensor::UINT64, std::vector<uint64_t>{9}).integers == Integers{9});
  CHECK(*raw(Tensor::BOOL, std::vector<uint8_t>{0, 1}).integers == Integers{0, 1});
  CHECK(raw(Tensor::FLOAT16, std::vector<uint16_t>{0}).type == "float16");

  const auto field = [](Tensor::DataType type, auto add) {
    return constant_of([&](Tensor& t) {
      t.set_data_type(type);
      t.add_dims(1);
      add(t);
    });
  };
  CHECK(*field(Tensor::FLOAT, [](Tensor& t) { t.add_float_data(3); }).floats == Floats{3});
  CHECK(*field(Tensor::DOUBLE, [](Tensor& t) { t.add_double_data(4); }).floats == Floats{4});
  CHECK(*field(Tensor::FLOAT16, [](Tensor& t) { t.add_int32_data(0x3c00); }).floats == Floats{1});
  CHECK(*field(Tensor::BFLOAT16, [](Tensor& t) { t.add_int32_data(0x3f80); }).floats == Floats{1});
  CHECK(*field(Tensor::INT64, [](Tensor& t) { t.add_int64_data(-5); }).integers == Integers{-5});
  CHECK(*field(Tensor::INT32, [](Tensor& t) { t.add_int32_data(-5); }).integers == Integers{-5});
  CHECK(*field(Tensor::BOOL, [](Tensor& t) { t.add_int32_data(1); }).integers == Integers{1});
  CHECK(*field(Tensor::UINT64, [](Tensor& t) { t.add_uint64_data(6); }).integers == Integers{6});
}

TEST_CASE("a tensor may have no elements, or no dimensions, or a type whose values nobody wants") {
  const Constant none = constant_of([](Tensor& t) {
    t.set_data_type(Tensor::FLOAT);
    t.add_dims(0);
  });
  CHECK(none.floats->empty());
  const Constant scalar = constant_of([](Tensor& t) {
    t.set_data_type(Tensor::FLOAT);
    t.add_float_data(2);
  });
  CHECK(scalar.dims.empty());
  CHECK(scalar.floats->size() == 1);
  const Constant words = constant_of([](Tensor& t) {
    t.set_data_type(Tensor::STRING);
    t.add_string_data("a");
  });
  CHECK(words.type == "string");
  CHECK_FALSE(words.floats);
  CHECK_FALSE(words.integers);
}

TEST_CASE(
    "types that came with opsets 19 to 23 have names and no values, however many bytes the file holds") {
  const std::vector<std::string> names = {"float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz",
                                          "uint4",        "int4",           "float4e2m1", "type 24"};
  for (size_t i = 0; i < names.size(); ++i)
    for (const size_t bytes : {0, 1, 9}) {
      const Constant c = constant_of([&](Tensor& t) {
        t.set_data_type(static_cast<int32_t>(17 + i));
        t.add_dims(3);
        t.set_raw_data(std::string(bytes, '\x7f'));
      });
      CHECK(c.type == names[i]);
      CHECK_FALSE(c.floats);
      CHECK_FALSE(c.integers);
    }
}

TEST_CASE("shapes and values that disagree are refused, and nothing is allocated on a shape's word") {
  const auto shaped = [](Integers dims, const Floats& values) {
    return tensor_refusal([&](Tensor& t) {
      set_raw(t, Tensor::FLOAT, values);
      t.clear_dims();
      for (const int64_t dim : dims) t.add_dims(dim);
    });
  };
  const std::string damaged = " | the file is damaged; export the model again";
  CHECK(shaped({2}, {1, 2}).empty());
  CHECK(shaped({3}, {1, 2}) ==
        "initializer 't': its shape 3 of float takes 12 bytes, and the file holds 8 for it" + damaged);
  CHECK(shaped({1 << 30}, {1, 2}) ==
        "initializer 't': its shape 1073741824 of float takes 4294967296 bytes, and the file holds 8 for it" +
            damaged);
  CHECK(shaped({int64_t{1} << 31, 2}, {}) ==
        "initializer 't': its shape 2147483648x2 has more elements than the limit of 2147483648");
  CHECK(shaped({int64_t{1} << 62, 4, 0}, {}) ==
        "initializer 't': its shape 4611686018427387904x4x0 has more elements than the limit of 2147483648");
  CHECK(shaped({-1}, {1}) == "initializer 't': its shape is -1");
  CHECK(shaped(Integers(65, 1), {1}) == "initializer 't': it has 65 dimensions; at most 64 are possible");
  CHECK(tensor_refusal([](Tensor& t) {
          t.set_data_type(Tensor::FLOAT);
          t.add_dims(3);
          t.add_float_data(1);
        }) == "initializer 't': its shape 3 has 3 elements, and the file holds 1 values for it" + damaged);
  CHECK(tensor_refusal([](Tensor& t) {
          set_raw(t, Tensor::FLOAT, Floats{1});
          t.add_float_data(1);
        }) == "initializer 't': its values are given twice" + damaged);
  CHECK(tensor_refusal([](Tensor& t) { set_raw(t, Tensor::UINT64, std::vector<uint64_t>{UINT64_MAX}); }) ==
        "initializer 't': it holds 18446744073709551615; numbers up to 2^63 - 1 are read");
  CHECK(tensor_refusal([](Tensor& t) {
          t.mutable_segment()->set_begin(1), t.set_data_type(Tensor::FLOAT);
        }) == "initializer 't': it is a segment of a tensor, which no exporter writes");
}
