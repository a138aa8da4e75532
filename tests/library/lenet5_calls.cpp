// lenet5_calls WEIGHTS_FILE: calls of a generated library: no allocation, error codes, options, threads.
// Exits with the line of what fails.
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "lenet5.h"

namespace {
std::atomic<long> allocations{0};
}

// All that gives or takes memory, operator new and delete included, ends in these. glibc's own functions are
// still there under other names.
extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void* memory);

void* malloc(size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, size_t bytes) {
  ++allocations;
  return __libc_realloc(memory, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** memory, size_t alignment, size_t bytes) {
  ++allocations;
  *memory = __libc_memalign(alignment, bytes);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) {
  ++allocations;
  __libc_free(memory);
}
}

namespace {

#define CHECK(condition) \
  if (!(condition)) std::_Exit(__LINE__ % 256)

struct Memory {
  alignas(64) unsigned char workspace[LENET5_WORKSPACE_BYTES + 64];
  float digit[LENET5_DIGIT_ELEMENTS], output[LENET5_OUTPUT_ELEMENTS];
};

// A pattern of its own for each seed.
void fill(Memory& m, int seed) {
  for (int i = 0; i < LENET5_DIGIT_ELEMENTS; ++i)
    m.digit[i] = static_cast<float>((i * 7 + seed * 13) % 11) / 11;
  std::memset(m.workspace, 0xff, sizeof m.workspace);  // NaN: nothing of it may be read
  std::memset(m.output, 0xff, sizeof m.output);
}

void check_allocations() {
  static Memory m;
  fill(m, 0);
  lenet5_options options = {};
  options.size = sizeof options;
  double seconds[LENET5_LAYERS];
  options.layer_seconds = seconds;
  const long before = allocations;
  CHECK(lenet5_run(m.digit, m.output, m.workspace) == LENET5_OK);
  CHECK(lenet5_run_with(m.digit, m.output, m.workspace, &options) == LENET5_OK);
  CHECK(lenet5_supported() == 1 && lenet5_layer_name(0) && lenet5_error_text(1));
  CHECK(allocations == before);
  float sum = 0;
  for (float p : m.output) sum += p;
  CHECK(sum > 0.999f && sum < 1.001f);
}

// The counter counts: each line below is seen.
void check_counter() {
  long before = allocations;
  void* volatile one = std::malloc(1);
  CHECK(++before == allocations);
  one = std::realloc(one, 100);
  CHECK(++before == allocations);
  std::free(one);
  CHECK(++before == allocations);
  one = std::calloc(1, 1);
  CHECK(++before == allocations);
  std::free(one);
  int* volatile number = new int(1);
  delete number;
  CHECK(before + 3 == allocations);
}

void check_layer_seconds() {
  static Memory m;
  fill(m, 0);
  lenet5_options options = {};
  options.size = sizeof options;
  std::vector<double> seconds(LENET5_LAYERS + 1, -1);
  options.layer_seconds = seconds.data();
  CHECK(lenet5_run_with(m.digit, m.output, m.workspace, &options) == LENET5_OK);
  for (int i = 0; i < LENET5_LAYERS; ++i) {
    CHECK(seconds[i] >= 0 && seconds[i] < 1);
    CHECK(*lenet5_layer_name(i));
  }
  CHECK(seconds[LENET5_LAYERS] == -1);
  CHECK(lenet5_layer_name(-1) == nullptr && lenet5_layer_name(LENET5_LAYERS) == nullptr);
}

void check_errors() {
  static Memory m;
  fill(m, 0);
  const Memory before = m;
  lenet5_options options = {};
  options.size = sizeof options;
  const auto run_with = [&] { return lenet5_run_with(m.digit, m.output, m.workspace, &options); };
  const auto at_odd = [](float* p) { return reinterpret_cast<float*>(reinterpret_cast<char*>(p) + 1); };
  CHECK(lenet5_run(nullptr, m.output, m.workspace) == LENET5_ERROR_NULL);
  CHECK(lenet5_run(m.digit, nullptr, m.workspace) == LENET5_ERROR_NULL);
  CHECK(lenet5_run(m.digit, m.output, nullptr) == LENET5_ERROR_NULL);
  CHECK(lenet5_run_with(nullptr, m.output, m.workspace, &options) == LENET5_ERROR_NULL);
  for (int offset : {1, 4, 16, 32, 63})
    CHECK(lenet5_run(m.digit, m.output, m.workspace + offset) == LENET5_ERROR_ALIGNMENT);
  CHECK(lenet5_run(at_odd(m.digit), m.output, m.workspace) == LENET5_ERROR_ALIGNMENT);
  CHECK(lenet5_run(m.digit, at_odd(m.output), m.workspace) == LENET5_ERROR_ALIGNMENT);
  for (size_t size : {size_t{0}, size_t{1}, sizeof options - 1, sizeof options + 1}) {
    options.size = size;
    CHECK(run_with() == LENET5_ERROR_OPTIONS);
  }
  options.size = sizeof options;
  options.weights = m.workspace + 1;
  CHECK(run_with() == LENET5_ERROR_ALIGNMENT);
  CHECK(std::memcmp(&m, &before, sizeof m) == 0);  // after an error no buffer has changed
  CHECK(std::strcmp(lenet5_error_text(LENET5_OK), "no error") == 0);
  for (int code : {-1, 1, 2, 3, 4, 5, 6, 1000}) CHECK(std::strlen(lenet5_error_text(code)) > 5);

  options.weights = nullptr;
  CHECK(run_with() == LENET5_OK);
  CHECK(lenet5_run_with(m.digit, m.output, m.workspace, nullptr) == LENET5_OK);
}

// The packed weights that the library has inside, from elsewhere.
void check_weights_elsewhere(const char* path) {
  static Memory inside, elsewhere;
  fill(inside, 3);
  fill(elsewhere, 3);
  void* weights = std::aligned_alloc(64, LENET5_WEIGHTS_BYTES);
  std::FILE* file = std::fopen(path, "rb");
  CHECK(file && std::fread(weights, 1, LENET5_WEIGHTS_BYTES, file) == LENET5_WEIGHTS_BYTES);
  std::fclose(file);
  lenet5_options options = {};
  options.size = sizeof options;
  options.weights = weights;
  CHECK(lenet5_run(inside.digit, inside.output, inside.workspace) == LENET5_OK);
  CHECK(lenet5_run_with(elsewhere.digit, elsewhere.output, elsewhere.workspace, &options) == LENET5_OK);
  CHECK(std::memcmp(inside.output, elsewhere.output, sizeof inside.output) == 0);
  std::memset(weights, 0, LENET5_WEIGHTS_BYTES);  // they are what is read: all answers alike
  CHECK(lenet5_run_with(elsewhere.digit, elsewhere.output, elsewhere.workspace, &options) == LENET5_OK);
  for (float p : elsewhere.output) CHECK(p > 0.0999f && p < 0.1001f);
  std::free(weights);
}

void check_threads() {
  constexpr int kThreads = 8, kRuns = 200;
  std::vector<std::vector<float>> expected;
  lenet5::Model model;
  for (int i = 0; i < kThreads; ++i) {
    static Memory m;
    fill(m, i);
    CHECK(model.run(m.digit, m.output) == LENET5_OK);
    expected.emplace_back(m.output, m.output + LENET5_OUTPUT_ELEMENTS);
    for (int j = 0; j < i; ++j) CHECK(expected[j] != expected[i]);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&expected, i] {
      auto* m = new Memory;
      for (int run = 0; run < kRuns; ++run) {
        fill(*m, i);
        CHECK(lenet5_run(m->digit, m->output, m->workspace) == LENET5_OK);
        CHECK(std::memcmp(m->output, expected[i].data(), sizeof m->output) == 0);
      }
      delete m;
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  CHECK(argc == 2);
  check_allocations();
  check_counter();
  check_layer_seconds();
  check_errors();
  check_weights_elsewhere(argv[1]);
  check_threads();
}
