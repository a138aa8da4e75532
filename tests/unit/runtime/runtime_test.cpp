#include <doctest/doctest.h>
#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "runtime/bytes_cpu.h"
#include "runtime/cnnc_rt.h"
#include "runtime/embedded.h"

namespace {

// What cnnc_rt_zero_halo is for, one float at a time.
std::vector<float> zeroed(std::vector<float> t, int planes, int rows, int stride, int top, int bottom,
                          int left, int right) {
  for (int i = 0; i < planes * rows * stride; i++) {
    const int y = i / stride % rows, x = i % stride;
    if (y < top || y >= rows - bottom || x < left || x >= stride - right) t[i] = 0;
  }
  return t;
}

struct TemporaryFolder {
  char path[32] = "/tmp/cnnc_rt_XXXXXX";
  TemporaryFolder() { REQUIRE(mkdtemp(path) != nullptr); }
  ~TemporaryFolder() {
    unlink(file().c_str());
    rmdir(path);
  }
  std::string file() const { return std::string(path) + "/weights"; }
  void write(const std::vector<uint64_t>& words) const {
    std::ofstream out(file(), std::ios::binary);
    out.write(reinterpret_cast<const char*>(words.data()), static_cast<std::streamsize>(words.size() * 8));
  }
};

// The words of a header, without comments.
std::string declarations(const std::string& path) {
  std::ifstream file(std::string(CNNC_SOURCE_DIR) + "/" + path);
  REQUIRE(file);
  std::string words;
  for (std::string line; std::getline(file, line);) {
    std::istringstream rest(line.substr(0, line.find("//")));
    for (std::string word; rest >> word;) words += word + " ";
  }
  return words;
}

// FNV-1a, 64 bits.
uint64_t number_of(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

TEST_CASE("the halo of a tensor is zeroed, and nothing else") {
  for (int planes : {1, 3})
    for (int top : {0, 2})
      for (int bottom : {0, 1})
        for (int left : {0, 1, 16, 160})
          for (int right : {0, 3, 8})
            for (int height : {1, 5}) {
              const int rows = top + height + bottom, stride = left + 7 + right;
              // 16 floats behind the tensor must stay, too.
              std::vector<float> t(static_cast<size_t>(planes * rows * stride + 16), 1.0f);
              const auto expected = zeroed(t, planes, rows, stride, top, bottom, left, right);
              cnnc_rt_zero_halo(t.data(), planes, rows, stride, top, bottom, left, right);
              CHECK(t == expected);
            }
}

TEST_CASE("an instruction set includes the ones before it, and an unknown one is not supported") {
  CHECK(cnnc_rt_cpu_supports(0) >= cnnc_rt_cpu_supports(1));
  CHECK(cnnc_rt_cpu_supports(1) >= cnnc_rt_cpu_supports(2));
  CHECK(cnnc_rt_cpu_supports(-1) == 0);
  CHECK(cnnc_rt_cpu_supports(3) == 0);
}

TEST_CASE("the processor's instruction sets are what the compiler finds, too") {
  CHECK(cnnc_rt_cpu_supports(0) == (__builtin_cpu_supports("sse4.1") != 0));
  CHECK(cnnc_rt_cpu_supports(1) == (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")));
  CHECK(cnnc_rt_cpu_supports(2) ==
        (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl")));
}

TEST_CASE("a weights file is mapped if it is the one that was written with the library") {
  const TemporaryFolder folder;
  const std::vector<uint64_t> words = {1, 2, 3, 4, 5, 6, 7, 8};
  const uint64_t hash = cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words.data(), 64);
  folder.write(words);
  const void* weights = nullptr;
  REQUIRE(cnnc_rt_map_weights(folder.file().c_str(), 64, hash, &weights) == CNNC_RT_OK);
  CHECK(std::vector<uint64_t>(static_cast<const uint64_t*>(weights),
                              static_cast<const uint64_t*>(weights) + 8) == words);
  cnnc_rt_unmap_weights(weights, 64);
}

TEST_CASE("a weights file of another size or content is refused, and so is a missing one") {
  const TemporaryFolder folder;
  const std::vector<uint64_t> words = {1, 2, 3, 4, 5, 6, 7, 8};
  const uint64_t hash = cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words.data(), 64);
  const std::string path = folder.file();
  const void* weights = &folder;
  CHECK(cnnc_rt_map_weights(path.c_str(), 64, hash, &weights) == CNNC_RT_ERROR_SYSTEM);
  CHECK(weights == nullptr);
  folder.write({1, 2, 3, 4, 5, 6, 7});
  CHECK(cnnc_rt_map_weights(path.c_str(), 64, hash, &weights) == CNNC_RT_ERROR_WEIGHTS);
  folder.write({1, 2, 3, 4, 5, 6, 7, 9});
  CHECK(cnnc_rt_map_weights(path.c_str(), 64, hash, &weights) == CNNC_RT_ERROR_WEIGHTS);
  CHECK(weights == nullptr);
  CHECK(cnnc_rt_map_weights(folder.path, 64, hash, &weights) == CNNC_RT_ERROR_WEIGHTS);
  CHECK(cnnc_rt_map_weights(nullptr, 64, hash, &weights) == CNNC_RT_ERROR_NULL);
  CHECK(cnnc_rt_map_weights(path.c_str(), 64, hash, nullptr) == CNNC_RT_ERROR_NULL);
}

TEST_CASE("opening a named pipe as weights fails at once") {
  const TemporaryFolder folder;
  REQUIRE(mkfifo(folder.file().c_str(), 0600) == 0);
  const void* weights = nullptr;
  CHECK(cnnc_rt_map_weights(folder.file().c_str(), 64, 0, &weights) == CNNC_RT_ERROR_WEIGHTS);
}

TEST_CASE("the hash changes with any bit of any word, and with pairs of the highest ones") {
  std::vector<uint64_t> words(8, 0x3f8000003f800000);
  const uint64_t hash = cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words.data(), 64);
  for (auto& word : words)
    for (int bit = 0; bit < 64; bit++) {
      word ^= uint64_t{1} << bit;
      CHECK(cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words.data(), 64) != hash);
      word ^= uint64_t{1} << bit;
    }
  words[1] ^= uint64_t{1} << 63;  // the signs of two floats: with FNV-1a as it is, these two cancel
  words[5] ^= uint64_t{1} << 63;
  CHECK(cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words.data(), 64) != hash);
}

TEST_CASE("the hash is the same on every machine") {
  const uint64_t words[] = {0, 1};
  CHECK(cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words, 0) == 0xcbf29ce484222325);
  CHECK(cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words, 16) == 0x68853a6a3912cc7c);
  CHECK(cnnc_rt_hash(cnnc_rt_hash(CNNC_RT_HASH_OF_NOTHING, words, 8), words + 1, 8) == 0x68853a6a3912cc7c);
}

TEST_CASE("every error code has a text, and an unknown one too") {
  CHECK(std::string(cnnc_rt_error_text(CNNC_RT_OK)) == "no error");
  CHECK(std::string(cnnc_rt_error_text(CNNC_RT_ERROR_SYSTEM)) ==
        "the operating system refused; errno says why");
  CHECK(std::string(cnnc_rt_error_text(-1)) == "unknown error code");
  CHECK(std::string(cnnc_rt_error_text(8)) == "unknown error code");
}

TEST_CASE("the clock goes forward") {
  const double start = cnnc_rt_seconds();
  usleep(1000);
  const double passed = cnnc_rt_seconds() - start;
  CHECK(passed >= 0.001);
  CHECK(passed < 60);
}

TEST_CASE(
    "the embedded objects are ELF files of their architecture, sorted by name, without a path of the build") {
  for (const auto& [architecture, machine] :
       {std::pair("x86_64", EM_X86_64), std::pair("aarch64", EM_AARCH64)}) {
    const std::vector<cnnc::EmbeddedObject> objects = cnnc::runtime_objects(architecture, "linux");
    if (objects.empty()) {
      std::printf("SKIPPED: cnnc was built without a compiler for %s\n", architecture);
      continue;
    }
    std::string previous;
    for (const auto& object : objects) {
      CAPTURE(object.name);
      CHECK(previous < object.name);
      previous = object.name;
      const std::string bytes(object.begin, object.end);
      Elf64_Ehdr header;
      REQUIRE(bytes.copy(reinterpret_cast<char*>(&header), sizeof header) == sizeof header);
      CHECK(bytes.substr(0, SELFMAG) == ELFMAG);
      CHECK(header.e_machine == machine);
      CHECK(bytes.find("cnnc_rt_") != std::string::npos);
      CHECK(bytes.find(CNNC_SOURCE_DIR) == std::string::npos);
    }
    CHECK(previous == "cnnc_rt_weights" CNNC_RT_SUFFIX ".o");
  }
  CHECK(cnnc::runtime_objects("vax", "linux").empty());
}

// What the names must change with: see runtime/names.h. Where this fails, raise CNNC_RT_VERSION unless
// something was only added, and put the new version and the new number of the declarations here.
TEST_CASE("the runtime's interface changes with its version alone") {
  CHECK(CNNC_RT_VERSION == 1);
  CHECK(number_of(declarations("runtime/cnnc_rt.h") + declarations("runtime/pool.h")) == 0xe2d029eca12d405d);
}

TEST_CASE("libraries of bytes know instructions for these, too") {
  for (const int isa : {-1, 0, 1, 2}) CHECK(cnnc_rt_cpu_supports_bytes(isa) == cnnc_rt_cpu_supports(isa));
#ifdef __x86_64__
  CHECK(cnnc_rt_cpu_supports_bytes(3) == (cnnc_rt_cpu_supports(2) && __builtin_cpu_supports("avx512vnni")));
  CHECK(cnnc_rt_cpu_supports_bytes(4) ==
        (cnnc_rt_cpu_supports_bytes(3) && __builtin_cpu_supports("avx512bf16")));
  CHECK(cnnc_rt_cpu_supports_bytes(5) == (cnnc_rt_cpu_supports(1) && __builtin_cpu_supports("avxvnni")));
#endif
  const int32_t levels[] = {3, 2, 1, 0};
  int best = 1;
  while (best < 5 && cnnc_rt_cpu_supports_bytes(levels[best - 1]) == 0) ++best;
  uint32_t word = 0;
  CHECK(cnnc_rt_choose_set_of_bytes(&word, levels, 4, 0) == (best < 5 ? best : -CNNC_RT_ERROR_PROCESSOR));
  CHECK(word != 0);
  CHECK(cnnc_rt_choose_set_of_bytes(&word, levels, 4, 5) == -CNNC_RT_ERROR_OPTIONS);
}

TEST_CASE(
    "of several instruction sets the first that the processor has is chosen, or the one that is wanted") {
  const int32_t levels[] = {3, 2, 1, 0};  // nobody has the first
  int best = 2;
  while (best < 5 && cnnc_rt_cpu_supports(levels[best - 1]) == 0) ++best;
  const int expected = best < 5 ? best : -CNNC_RT_ERROR_PROCESSOR;
  uint32_t word = 0;
  CHECK(cnnc_rt_choose_set(&word, levels, 4, 0) == expected);
  const uint32_t kept = word;
  CHECK(kept != 0);
  CHECK(cnnc_rt_choose_set(&word, levels, 4, 1) == -CNNC_RT_ERROR_PROCESSOR);
  for (int set = 2; set <= 4; ++set)
    CHECK(cnnc_rt_choose_set(&word, levels, 4, set) ==
          (cnnc_rt_cpu_supports(levels[set - 1]) != 0 ? set : -CNNC_RT_ERROR_PROCESSOR));
  for (const int unknown : {-1, 5, 1 << 30})
    CHECK(cnnc_rt_choose_set(&word, levels, 4, unknown) == -CNNC_RT_ERROR_OPTIONS);
  CHECK(word == kept);
}

TEST_CASE("a processor without any of the sets is asked once") {
  const int32_t levels[] = {3, -1};
  uint32_t word = 0;
  CHECK(cnnc_rt_choose_set(&word, levels, 2, 0) == -CNNC_RT_ERROR_PROCESSOR);
  CHECK(word != 0);
  CHECK(cnnc_rt_choose_set(&word, levels, 2, 2) == -CNNC_RT_ERROR_PROCESSOR);
}

TEST_CASE(
    "all libraries have a text for the processor's error, and those for several sets their own for options") {
  for (const auto& text_of : {cnnc_rt_error_text, cnnc_rt_error_text_of_sets})
    CHECK(std::string(text_of(CNNC_RT_ERROR_PROCESSOR)) ==
          "this processor lacks the instruction set that the run needs");
  CHECK(std::string(cnnc_rt_error_text_of_sets(CNNC_RT_ERROR_OPTIONS)) ==
        "options->size or options->instruction_set is none that this library knows");
  CHECK(std::string(cnnc_rt_error_text_of_sets(CNNC_RT_OK)) == "no error");
  CHECK(std::string(cnnc_rt_error_text_of_sets(8)) == "unknown error code");
}
