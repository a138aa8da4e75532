// threads CALLS: two networks in one program, run from eight threads at once, so many times each: on these
// alone, with the pool, with the application's own parallel loop, while the pool starts and stops, and after
// fork(). Every output is what one thread computes, bit by bit. Exits with the line of what fails.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "left.h"
#include "right.h"

#define CHECK(condition) \
  if (!(condition)) std::_Exit(__LINE__ % 256)

namespace {

constexpr int kCallers = 8;

// A pattern of its own for each seed.
template <class Tensor>
Tensor pattern(int seed) {
  Tensor tensor;
  for (size_t i = 0; i < tensor.size(); ++i)
    tensor[i] = static_cast<float>((i * 7919 + static_cast<size_t>(seed) * 104729) % 1009) / 1009 - 0.5f;
  return tensor;
}

// One of the networks behind a name that both have.
struct Left {
  using Image = left::Image;
  using Output = left::Output;
  using Options = left_options;
  static constexpr size_t workspace_bytes = LEFT_WORKSPACE_BYTES;
  static int run(const float* image, float* output, void* workspace, const Options* options) {
    return left_run_with(image, output, workspace, options);
  }
};
struct Right {
  using Image = right::Image;
  using Output = right::Output;
  using Options = right_options;
  static constexpr size_t workspace_bytes = RIGHT_WORKSPACE_BYTES;
  static int run(const float* image, float* output, void* workspace, const Options* options) {
    return right_run_with(image, output, workspace, options);
  }
};

using ParallelFor = void (*)(void* context, int count, void (*task)(void*, int), void* data);

// How a run uses threads.
struct Threads {
  int threads = 0;
  ParallelFor parallel_for = nullptr;
  void* context = nullptr;
};

template <class Network>
typename Network::Output output_of(int seed, const Threads& threads) {
  const auto image = pattern<typename Network::Image>(seed);
  typename Network::Output output;
  typename Network::Options options = {};
  options.size = sizeof options;
  options.threads = threads.threads;
  options.parallel_for = threads.parallel_for;
  options.parallel_context = threads.context;
  void* workspace = std::aligned_alloc(64, Network::workspace_bytes);
  CHECK(Network::run(image.data(), output.data(), workspace, &options) == 0);
  std::free(workspace);
  return output;
}

template <class Network>
const std::vector<typename Network::Output>& expected() {
  static const auto outputs = [] {
    std::vector<typename Network::Output> all;
    for (int seed = 0; seed < kCallers; ++seed) all.push_back(output_of<Network>(seed, {}));
    return all;
  }();
  return outputs;
}

template <class Network>
bool is_right(int seed, const Threads& threads) {
  const auto output = output_of<Network>(seed, threads);
  const auto& right = expected<Network>()[static_cast<size_t>(seed)];
  return std::memcmp(output.data(), right.data(), output.size() * sizeof(float)) == 0;
}

void call_from_many_threads(int calls, const Threads& threads) {
  std::vector<std::thread> callers;
  for (int seed = 0; seed < kCallers; ++seed)
    callers.emplace_back([=] {
      for (int call = 0; call < calls; ++call) {
        CHECK(is_right<Left>(seed, threads));
        CHECK(is_right<Right>(seed, threads));
      }
    });
  for (std::thread& caller : callers) caller.join();
}

// The application's own loop: the tasks in another order, on two threads.
void backwards(void* context, int count, void (*task)(void*, int), void* data) {
  ++*static_cast<std::atomic<int>*>(context);
  CHECK(count > 1);
  std::thread half([=] {
    for (int i = 0; i < count / 2; ++i) task(data, i);
  });
  for (int i = count - 1; i >= count / 2; --i) task(data, i);
  half.join();
}

void check_outputs_differ() {
  for (int seed = 1; seed < kCallers; ++seed)
    for (int other = 0; other < seed; ++other) {
      CHECK(expected<Left>()[seed][0] != expected<Left>()[other][0]);
      CHECK(expected<Right>()[seed][0] != expected<Right>()[other][0]);
    }
}

void check_parallel_for(int calls) {
  std::atomic<int> loops{0};
  call_from_many_threads(calls, {0, backwards, &loops});
  CHECK(loops >= 2 * calls * kCallers);  // in each network there is a layer worth it
}

void check_start_and_stop(int calls) {
  std::atomic<bool> done{false};
  std::thread other([&] {
    for (int i = 0; !done; ++i) {
      CHECK(left_start_threads(i % 6) == LEFT_OK);
      if (i % 3 == 0) right_stop_threads();
    }
  });
  call_from_many_threads(calls, {5});
  done = true;
  other.join();
}

void check_fork() {
  CHECK(left_start_threads(4) == LEFT_OK);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    CHECK(is_right<Left>(1, {4}) && is_right<Right>(2, {4}));
#ifndef __SANITIZE_THREAD__  // which allows no new threads after a fork
    CHECK(right_start_threads(3) == RIGHT_OK);
    call_from_many_threads(2, {3});
    right_stop_threads();
#endif
    std::_Exit(0);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  if (WEXITSTATUS(status) != 0) std::_Exit(WEXITSTATUS(status));
  CHECK(is_right<Left>(3, {4}));
}

void check_models() {
  left::Model left_model;
  right::Model right_model;
  left_model.threads(3);
  right_model.threads(2);
  for (int seed = 0; seed < kCallers; ++seed) {
    const left::Output from_left = left_model(pattern<left::Image>(seed));
    const right::Output from_right = right_model(pattern<right::Image>(seed));
    CHECK(std::memcmp(from_left.data(), expected<Left>()[seed].data(), sizeof(float) * from_left.size()) ==
          0);
    CHECK(std::memcmp(from_right.data(), expected<Right>()[seed].data(), sizeof(float) * from_right.size()) ==
          0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CHECK(argc == 2);
  const int calls = std::atoi(argv[1]);
  expected<Left>();
  expected<Right>();
  check_outputs_differ();
  call_from_many_threads(calls, {1});
  call_from_many_threads(calls, {4});  // the pool is empty
  CHECK(left_start_threads(4) == LEFT_OK && right_start_threads(2) == RIGHT_OK);
  call_from_many_threads(calls, {4});
  left_stop_threads();
  check_start_and_stop(calls);
  check_fork();
  check_models();
  right_stop_threads();
  check_parallel_for(calls < 50 ? calls : 50);
}
