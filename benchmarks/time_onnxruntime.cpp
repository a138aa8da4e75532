// Times ONNX Runtime: time_onnxruntime MODEL.onnx THREADS SECONDS ISA OUTPUTS LIBONNXRUNTIME.so IMAGES
// All graph optimisations, the threads of one operator as given, one operator at a time; the outputs' memory
// is there before the runs, as it is for a compiled network,
// and the dimension N, which `cnnc export` leaves open, is fixed when the model is loaded.
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <stdexcept>

#include "timing.h"

namespace {

// Places in the table of functions, struct OrtApi of onnxruntime_c_api.h, whose order is part of the
// interface.
enum Slot {
  kGetErrorMessage = 2,
  kCreateEnv = 3,
  kCreateSession = 7,
  kRun = 9,
  kCreateSessionOptions = 10,
  kSetGraphOptimizationLevel = 23,
  kSetIntraOpThreads = 24,
  kSetInterOpThreads = 25,
  kInputCount = 30,
  kOutputCount = 31,
  kInputTypeInfo = 33,
  kOutputTypeInfo = 34,
  kInputName = 36,
  kOutputName = 37,
  kCreateTensorWithData = 49,
  kTensorInfo = 55,
  kDimensionsCount = 61,
  kDimensions = 62,
  kCreateCpuMemoryInfo = 69,
  kDefaultAllocator = 78,
  kFixDimension = 124,
};
constexpr uint32_t kApiVersion = 17;
constexpr int kWarnings = 2, kAllOptimizations = 99, kFloat = 1, kArenaAllocator = 1, kDefaultMemory = 0;

using Table = void* const*;
struct ApiBase {
  Table (*get_api)(uint32_t version);
  const char* (*version)();
};

// Calls a function of the table; throws its error as a std::runtime_error.
template <typename... Arguments>
void call(Table table, Slot slot, Arguments... arguments) {
  void* error = reinterpret_cast<void* (*)(Arguments...)>(table[slot])(arguments...);
  if (error)
    throw std::runtime_error(reinterpret_cast<const char* (*)(void*)>(table[kGetErrorMessage])(error));
}

// What a function hands back through its last argument.
template <typename Result = void*, typename... Arguments>
Result make(Table table, Slot slot, Arguments... arguments) {
  Result result{};
  call(table, slot, arguments..., &result);
  return result;
}

struct Tensor {
  const char* name = nullptr;
  std::vector<int64_t> shape;
  void* value = nullptr;  // of ONNX Runtime, on memory that is ours

  size_t elements() const {
    return static_cast<size_t>(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
  }
};

void* load_session(Table table, const benchmarks::Request& request) {
  void* environment = make(table, kCreateEnv, kWarnings, "benchmarks");
  void* options = make(table, kCreateSessionOptions);
  call(table, kSetGraphOptimizationLevel, options, kAllOptimizations);
  call(table, kSetIntraOpThreads, options, request.threads);
  call(table, kSetInterOpThreads, options, 1);
  call(table, kFixDimension, options, "N", int64_t{std::stoll(request.more[2])});
  return make(table, kCreateSession, environment, request.file.c_str(), options);
}

// The inputs or the outputs of a session, without values.
std::vector<Tensor> tensors_of(Table table, void* session, Slot count, Slot name, Slot type) {
  std::vector<Tensor> tensors(make<size_t>(table, count, session));
  void* allocator = make(table, kDefaultAllocator);
  for (size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].name = make<char*>(table, name, session, i, allocator);
    void* info = make(table, kTensorInfo, make(table, type, session, i));
    tensors[i].shape.resize(make<size_t>(table, kDimensionsCount, info));
    call(table, kDimensions, info, tensors[i].shape.data(), tensors[i].shape.size());
  }
  return tensors;
}

void place(Table table, Tensor& tensor, std::vector<float>& values) {
  void* memory = make(table, kCreateCpuMemoryInfo, kArenaAllocator, kDefaultMemory);
  tensor.value = make(table, kCreateTensorWithData, memory, values.data(), values.size() * sizeof(float),
                      tensor.shape.data(), tensor.shape.size(), kFloat);
}

void time_model(const benchmarks::Request& request) {
  if (request.more.size() != 3)
    throw std::runtime_error("OUTPUTS, ONNX Runtime's library and IMAGES are wanted");
  void* library = dlopen(request.more[1].c_str(), RTLD_NOW);
  if (!library) throw std::runtime_error(dlerror());
  const ApiBase& base = *reinterpret_cast<const ApiBase* (*)()>(dlsym(library, "OrtGetApiBase"))();
  const Table table = base.get_api(kApiVersion);
  void* session = load_session(table, request);
  auto inputs = tensors_of(table, session, kInputCount, kInputName, kInputTypeInfo);
  auto outputs = tensors_of(table, session, kOutputCount, kOutputName, kOutputTypeInfo);
  std::vector<std::vector<float>> in, out;
  std::vector<const char*> in_names, out_names;
  std::vector<void*> in_values, out_values;
  for (Tensor& tensor : inputs) {
    place(table, tensor, in.emplace_back(benchmarks::input_values(tensor.elements(), in.size())));
    in_names.push_back(tensor.name);
    in_values.push_back(tensor.value);
  }
  for (Tensor& tensor : outputs) {
    place(table, tensor, out.emplace_back(tensor.elements()));
    out_names.push_back(tensor.name);
    out_values.push_back(tensor.value);
  }
  const benchmarks::Times times = benchmarks::time_runs(request, [&] {
    call(table, kRun, session, nullptr, in_names.data(), in_values.data(), in_values.size(), out_names.data(),
         out_values.size(), out_values.data());
  });
  benchmarks::write_floats(request.more[0], out);
  fmt::print("{{{}, \"version\": \"{}\"}}\n", members(times), base.version());
}

}  // namespace

int main(int argc, char** argv) try {
  time_model(benchmarks::parse_request(argc, argv));
  std::fflush(stdout);
  std::_Exit(0);  // its destructors have nothing left to do for us
} catch (const std::exception& error) {
  fmt::print(stderr, "time_onnxruntime: {}\n", error.what());
  return 1;
}
