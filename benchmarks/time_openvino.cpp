// Times OpenVINO: time_openvino MODEL.onnx THREADS SECONDS ISA OUTPUTS LIBOPENVINO_C.so IMAGES PRECISION
// Its plugin for processors, with the hint for latency, one stream, and the threads as given; PRECISION is
// f32 or bf16, and of no consequence where the model is quantised. The first dimension, which `cnnc export`
// leaves open, is fixed when the model is loaded.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "timing.h"

namespace {

// As openvino/c/ov_partial_shape.h has them.
struct Dimension {
  int64_t least, greatest;
};
struct PartialShape {
  Dimension rank;
  Dimension* dimensions;
};

// The functions of a library by their names.
class Library {
 public:
  explicit Library(const std::string& path) : library_(dlopen(path.c_str(), RTLD_NOW)) {
    if (!library_) throw std::runtime_error(dlerror());
  }

  template <typename Result, typename... Arguments>
  Result get(const char* name, Arguments... arguments) const {
    void* function = dlsym(library_, name);
    if (!function) throw std::runtime_error(dlerror());
    return reinterpret_cast<Result (*)(Arguments...)>(function)(arguments...);
  }

  // Throws its error as a std::runtime_error.
  template <typename... Arguments>
  void call(const char* name, Arguments... arguments) const {
    if (get<int>(name, arguments...) == 0) return;
    throw std::runtime_error(fmt::format("{}: {}", name, get<const char*>("ov_get_last_err_msg")));
  }

  // What a function hands back through its last argument.
  template <typename Result = void*, typename... Arguments>
  Result make(const char* name, Arguments... arguments) const {
    Result result{};
    call(name, arguments..., &result);
    return result;
  }

 private:
  void* library_;
};

void fix_batch(const Library& ov, void* model, int64_t images) {
  void* port = ov.make("ov_model_const_input_by_index", model, size_t{0});
  const auto shape = ov.make<PartialShape>("ov_port_get_partial_shape", port);
  shape.dimensions[0] = {images, images};
  ov.call("ov_model_reshape_single_input", model, shape);
}

// Properties follow what the function hands back, so `make` does not fit.
void* compile(const Library& ov, void* core, void* model, int threads, const std::string& precision) {
  void* compiled = nullptr;
  const std::string count = std::to_string(threads);
  ov.call("ov_core_compile_model", static_cast<const void*>(core), static_cast<const void*>(model), "CPU",
          size_t{8}, &compiled, "PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "INFERENCE_NUM_THREADS",
          count.c_str(), "INFERENCE_PRECISION_HINT", precision.c_str());
  return compiled;
}

struct Values {
  float* data;
  size_t elements;
};

Values values_of(const Library& ov, void* request, const char* which, size_t index) {
  void* tensor = ov.make(which, request, index);
  return {static_cast<float*>(ov.make("ov_tensor_data", tensor)),
          ov.make<size_t>("ov_tensor_get_size", tensor)};
}

void time_model(const benchmarks::Request& request) {
  if (request.more.size() != 4)
    throw std::runtime_error("OUTPUTS, OpenVINO's library, IMAGES and PRECISION are wanted");
  const Library ov(request.more[1]);
  void* core = ov.make("ov_core_create");
  const char* none = nullptr;
  void* model = ov.make("ov_core_read_model", core, request.file.c_str(), none);
  fix_batch(ov, model, std::stoll(request.more[2]));
  void* compiled = compile(ov, core, model, request.threads, request.more[3]);
  void* infer = ov.make("ov_compiled_model_create_infer_request", compiled);
  const Values input = values_of(ov, infer, "ov_infer_request_get_input_tensor_by_index", 0);
  const std::vector<float> in = benchmarks::input_values(input.elements, 0);
  std::copy(in.begin(), in.end(), input.data);
  const benchmarks::Times times =
      benchmarks::time_runs(request, [&] { ov.call("ov_infer_request_infer", infer); });
  std::vector<std::vector<float>> out;
  const auto outputs = ov.make<size_t>("ov_compiled_model_outputs_size", compiled);
  for (size_t i = 0; i < outputs; ++i) {
    const Values output = values_of(ov, infer, "ov_infer_request_get_output_tensor_by_index", i);
    out.emplace_back(output.data, output.data + output.elements);
  }
  benchmarks::write_floats(request.more[0], out);
  fmt::print("{{{}}}\n", members(times));
}

}  // namespace

int main(int argc, char** argv) try {
  time_model(benchmarks::parse_request(argc, argv));
  std::fflush(stdout);
  std::_Exit(0);  // its destructors have nothing left to do for us
} catch (const std::exception& error) {
  fmt::print(stderr, "time_openvino: {}\n", error.what());
  return 1;
}
