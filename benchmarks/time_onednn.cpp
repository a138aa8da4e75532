// Times one convolution with bias and ReLU in oneDNN, by each of its algorithms that has it:
//   time_onednn SHAPE THREADS SECONDS ISA
// SHAPE is 16 numbers with commas: images, input channels, height, width, output channels, then filter,
// stride, padding before, padding behind and dilation, each as height,width, groups. All layouts are oneDNN's
// own choice, and reordering is not timed.
#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <dnnl.hpp>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <unordered_map>

#include "timing.h"

namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
constexpr auto kF32 = memory::data_type::f32;

struct Shape {
  Dims input, weights, output, stride, before, behind, dilation;  // dilation as oneDNN counts it: 0 is none
  int64_t groups = 1;
};

Shape parse_shape(const std::string& text) {
  std::vector<int64_t> n;
  std::stringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) n.push_back(std::stoll(word));
  if (n.size() != 16) throw std::runtime_error(fmt::format("a shape has 16 numbers; found '{}'", text));
  Shape s{{n[0], n[1], n[2], n[3]}, {},   {n[0], n[4]}, {n[7], n[8]}, {n[9], n[10]}, {n[11], n[12]},
          {n[13] - 1, n[14] - 1},   n[15]};
  for (size_t i = 0; i < 2; ++i)
    s.output.push_back((n[2 + i] + n[9 + i] + n[11 + i] - n[13 + i] * (n[5 + i] - 1) - 1) / n[7 + i] + 1);
  s.weights = {n[4], n[1] / s.groups, n[5], n[6]};
  if (s.groups > 1) s.weights = {s.groups, n[4] / s.groups, n[1] / s.groups, n[5], n[6]};
  return s;
}

class Convolution {
 public:
  Convolution(const Shape& shape, dnnl::algorithm algorithm) : shape_(shape) {
    dnnl::post_ops relu;
    relu.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(relu);
    const dnnl::convolution_forward::desc what(
        dnnl::prop_kind::forward_inference, algorithm, {shape.input, kF32, Tag::any},
        {shape.weights, kF32, Tag::any}, {{shape.output[1]}, kF32, Tag::x}, {shape.output, kF32, Tag::any},
        shape.stride, shape.dilation, shape.before, shape.behind);
    chosen_ = {what, attributes, engine_};
    arguments_ = {{DNNL_ARG_SRC, memory(chosen_.src_desc(), engine_)},
                  {DNNL_ARG_WEIGHTS, memory(chosen_.weights_desc(), engine_)},
                  {DNNL_ARG_BIAS, memory(chosen_.bias_desc(), engine_)},
                  {DNNL_ARG_DST, memory(chosen_.dst_desc(), engine_)}};
    primitive_ = dnnl::convolution_forward(chosen_);
    fill(DNNL_ARG_SRC, shape.input, Tag::nchw, 1);
    const auto fan_in = static_cast<float>(
        std::accumulate(shape.weights.end() - 3, shape.weights.end(), int64_t{1}, std::multiplies<>()));
    fill(DNNL_ARG_WEIGHTS, shape.weights, shape.groups > 1 ? Tag::goihw : Tag::oihw, 1 / std::sqrt(fan_in));
    fill(DNNL_ARG_BIAS, {shape.output[1]}, Tag::x, 0.1f);
  }

  void run() {
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

  std::vector<float> result() {
    std::vector<float> values(arguments_.at(DNNL_ARG_DST).get_desc().get_size() / sizeof(float) + 1);
    memory plain({shape_.output, kF32, Tag::nchw}, engine_, values.data());
    dnnl::reorder(arguments_.at(DNNL_ARG_DST), plain).execute(stream_, arguments_.at(DNNL_ARG_DST), plain);
    stream_.wait();
    return values;
  }

  std::string implementation() const { return chosen_.impl_info_str(); }

 private:
  // Random values within ± scale, reordered to the layout that was chosen.
  void fill(int argument, const Dims& dims, Tag tag, float scale) {
    memory plain({dims, kF32, tag}, engine_);
    auto values = benchmarks::input_values(plain.get_desc().get_size() / sizeof(float),
                                           static_cast<uint64_t>(argument));
    std::transform(values.begin(), values.end(), static_cast<float*>(plain.get_data_handle()),
                   [&](float value) { return value * scale; });
    dnnl::reorder(plain, arguments_.at(argument)).execute(stream_, plain, arguments_.at(argument));
    stream_.wait();
  }

  Shape shape_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  dnnl::convolution_forward::primitive_desc chosen_;
  dnnl::convolution_forward primitive_;
  std::unordered_map<int, memory> arguments_;
};

// The largest difference as a part of the largest element.
double difference(const std::vector<float>& found, const std::vector<float>& expected) {
  double error = 0, size = 1e-30;
  for (size_t i = 0; i < found.size(); ++i) {
    error = std::max(error, std::fabs(double{found[i]} - expected[i]));
    size = std::max(size, std::fabs(double{expected[i]}));
  }
  return error / size;
}

void time_convolution(const benchmarks::Request& request) {
  omp_set_num_threads(request.threads);
  const Shape shape = parse_shape(request.file);
  std::vector<float> expected;
  for (const auto& [name, algorithm] : {std::pair("direct", dnnl::algorithm::convolution_direct),
                                        std::pair("auto", dnnl::algorithm::convolution_auto),
                                        std::pair("winograd", dnnl::algorithm::convolution_winograd)}) {
    try {
      Convolution convolution(shape, algorithm);
      const benchmarks::Times times = benchmarks::time_runs(request, [&] { convolution.run(); });
      if (expected.empty()) expected = convolution.result();
      fmt::print("{{\"algorithm\": \"{}\", {}, \"implementation\": \"{}\", \"difference\": {:.3g}}}\n", name,
                 members(times), convolution.implementation(), difference(convolution.result(), expected));
    } catch (const dnnl::error& error) {
      if (error.status != dnnl_unimplemented) throw;  // Winograd: 3x3 with stride 1 alone
    }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  time_convolution(benchmarks::parse_request(argc, argv));
} catch (const std::exception& error) {
  fmt::print(stderr, "time_onednn: {}\n", error.what());
  return 1;
}
