// Times a compiled network: time_cnnc NETWORK.so THREADS SECONDS ISA OUTPUTS [layers]
// The last run's outputs go to OUTPUTS; with `layers` each layer's median and best time is printed, too, of
// runs of their own.
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "network.h"
#include "timing.h"

namespace {

const benchmark_network& load(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW);
  void* network = library ? dlsym(library, "network") : nullptr;
  if (!network) throw std::runtime_error(dlerror());
  return *static_cast<const benchmark_network*>(network);
}

// Inputs, outputs and workspace of a network.
class Instance {
 public:
  Instance(const benchmark_network& network, int threads) : network_(network), threads_(threads) {
    for (int i = 0; i < network.inputs; ++i)
      inputs_.push_back(benchmarks::input_values(network.input_elements[i], static_cast<uint64_t>(i)));
    for (int i = 0; i < network.outputs; ++i) outputs.emplace_back(network.output_elements[i]);
    for (const auto& input : inputs_) input_pointers_.push_back(input.data());
    for (auto& output : outputs) output_pointers_.push_back(output.data());
    workspace_.reset(std::aligned_alloc(network.alignment, network.workspace_bytes + network.alignment));
    if (network.start_threads(threads) != 0) throw std::runtime_error("the pool's threads cannot be started");
  }

  void run(double* layer_seconds = nullptr) {
    if (const int error = network_.run(input_pointers_.data(), output_pointers_.data(), workspace_.get(),
                                       threads_, layer_seconds))
      throw std::runtime_error(fmt::format("the network returned error {}", error));
  }

  std::vector<std::vector<float>> outputs;

 private:
  const benchmark_network& network_;
  int threads_;
  std::vector<std::vector<float>> inputs_;
  std::vector<const float*> input_pointers_;
  std::vector<float*> output_pointers_;
  std::unique_ptr<void, void (*)(void*)> workspace_{nullptr, std::free};
};

// ", "layers": [{"name": …}, …]"; the times are of the same loop as the runs' as a whole.
std::string layer_members(const benchmark_network& network, const std::vector<std::vector<double>>& seconds) {
  std::string text;
  for (int i = 0; i < network.layers; ++i) {
    const auto& times = seconds[static_cast<size_t>(i)];
    text += fmt::format(R"({}{{"name": "{}", "median": {:.9g}, "best": {:.9g}}})", i ? ", " : "",
                        network.layer_name(i), benchmarks::median(times), benchmarks::least(times));
  }
  return fmt::format(R"(, "layers": [{}])", text);
}

void time_network(const benchmarks::Request& request) {
  const benchmark_network& network = load(request.file);
  Instance instance(network, request.threads);
  const bool by_layer = request.more.size() > 1;
  std::vector<double> seconds(static_cast<size_t>(network.layers));
  std::vector<std::vector<double>> layers(seconds.size());
  const benchmarks::Times times = benchmarks::time_runs(request, [&] {
    instance.run(by_layer ? seconds.data() : nullptr);
    for (size_t i = 0; by_layer && i < seconds.size(); ++i) layers[i].push_back(seconds[i]);
  });
  benchmarks::write_floats(request.more.at(0), instance.outputs);
  fmt::print("{{{}{}}}\n", members(times), by_layer ? layer_members(network, layers) : "");
}

}  // namespace

int main(int argc, char** argv) try {
  time_network(benchmarks::parse_request(argc, argv));
} catch (const std::exception& error) {
  fmt::print(stderr, "time_cnnc: {}\n", error.what());
  return 1;
}
