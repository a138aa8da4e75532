#include "emit/header/header.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

Plan lenet5() {
  Plan plan;
  plan.target = target_for(Isa::avx2);
  plan.name = "lenet5";
  plan.inputs = {"digit"};
  plan.input_shapes = {Shape{1, 28, 28}};
  plan.outputs = {{"output", 0}};
  plan.output_shapes = {Shape{10}};
  plan.steps.resize(7);
  plan.workspace_bytes = 20480;
  plan.weights_bytes = 246848;
  return plan;
}

// Names that a keyword, a macro, the header's own names or each other would break.
Plan awkward() {
  Plan plan = lenet5();
  plan.name = "int";
  plan.inputs = {"Model", "output", "b", "B", "workspace", "NULL", "_Bool", "int_options", "run"};
  plan.input_shapes.assign(plan.inputs.size(), Shape{3, 4, 5});
  plan.outputs = {{"a_b", 0}, {"options", 0}};
  plan.output_shapes = {Shape{7}, Shape{1, 2, 3}};
  return plan;
}

// Tensors that are neither maps nor vectors, beside one that is.
Plan ranked(int64_t images) {
  Plan plan = lenet5();
  plan.images = images;
  plan.inputs = {"digit", "sizes"};
  plan.input_shapes = {Shape{2, 3, 4, 5}, Shape{3, 4, 5}};
  plan.output_shapes = {Shape{10, 2}};
  return plan;
}

// An output of whole numbers, beside one of floats.
Plan integers(int64_t images) {
  Plan plan = ranked(images);
  plan.outputs = {{"classes", 0}, {"output", 1}};
  plan.output_shapes = {Shape{1, 3, 4}, Shape{10, 2}};
  plan.output_types = {ElementType::int32, ElementType::float32};
  return plan;
}

HeaderOptions options(bool weights_file) {
  HeaderOptions result;
  result.weights_file = weights_file;
  result.version = "0.1.0";
  return result;
}

// A folder for one test.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "cnnc_header_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
  int run(const std::string& command) const {
    return std::system(fmt::format("cd '{}' && {}", path.string(), command).c_str());
  }
};

// A library with the header's symbols: each output is the input's second element plus the threads; the
// workspace must be aligned.
const char* const kMockLibrary = R"(
#include "model.h"
int lenet5_supported(void) { return 1; }
const char* lenet5_error_text(int code) { return code == LENET5_ERROR_ALIGNMENT ? "misaligned" : "other"; }
int lenet5_start_threads(int threads) { return threads > 100 ? LENET5_ERROR_SYSTEM : LENET5_OK; }
int lenet5_run_with(const float digit[static 784], float output[static 10], void* workspace,
                    const lenet5_options* options) {
  if (options->size != sizeof *options || options->weights || options->layer_seconds || options->parallel_for)
    return LENET5_ERROR_OPTIONS;
  if (!digit || !output || !workspace) return LENET5_ERROR_NULL;
  if ((unsigned long)workspace % LENET5_WORKSPACE_ALIGNMENT) return LENET5_ERROR_ALIGNMENT;
  for (int i = 0; i < LENET5_OUTPUT_ELEMENTS; i++) output[i] = digit[1] + options->threads;
  for (int i = 0; i < LENET5_WORKSPACE_BYTES; i++) ((char*)workspace)[i] = 1;
  return LENET5_OK;
}
)";

const char* const kProgram = R"(
#include "model.h"
static_assert(lenet5::Digit::elements == 784 && lenet5::Digit::height == 28 && lenet5::Output::channels == 10);
int main() {
  if (!lenet5::Model::supported()) return 1;
  lenet5::Model model;
  lenet5::Digit digit;
  digit(0, 0, 1) = 41;
  const lenet5::Output returned = model(digit);
  lenet5::Output filled;
  lenet5::Model moved = static_cast<lenet5::Model&&>(model);
  moved(digit, filled);
  float values[LENET5_OUTPUT_ELEMENTS];
  if (moved.run(digit.data(), values) != LENET5_OK) return 2;
  if (moved.run(nullptr, values) != LENET5_ERROR_NULL) return 3;
  for (int i = 0; i < 10; i++)
    if (returned[i] != 42 || filled[i] != 42 || values[i] != 42) return 4;  // with 1 thread
  moved.threads(3);
  lenet5::Model last = static_cast<lenet5::Model&&>(moved);
  if (last(digit)[0] != 44) return 7;
  try {
    last.threads(101);
    return 8;
  } catch (const std::runtime_error&) {
    if (last(digit)[0] != 44) return 9;
  }
  try {
    model(digit);  // its workspace has moved away
  } catch (const std::runtime_error& error) {
    return error.what() == std::string("lenet5: other") ? 0 : 5;
  }
  return 6;
}
)";

const char* const kProgramOfRanks = R"(
#include "model.h"
static_assert(lenet5::Digit::elements == 120 && lenet5::Output::elements == 20 && lenet5::Sizes::height == 4);
int main() {
  lenet5::Digit digit;
  digit(1, 2, 3, 4) = 7;
  digit(0, 0, 1, 0) = 5;
  const lenet5::Digit same = digit;
  if (digit[119] != 7 || digit[5] != 5 || same(1, 2, 3, 4) != 7) return 1;
  lenet5::Output output;
  output(9, 0) = 3;
  return output[18] == 3 ? 0 : 2;
}
)";

const char* const kProgramOfRanksAndBatch = R"(
#include "model.h"
static_assert(lenet5::Digit::elements == 360 && lenet5::Output::elements == 60);
int main() {
  lenet5::Digit digit;
  digit(2, 1, 2, 3, 4) = 7;
  return digit[359] == 7 ? 0 : 1;
}
)";

// A library that finds no file, or a wrong one.
const char* const kMockWeightsLibrary = R"(
#include <errno.h>
#include "model.h"
int lenet5_supported(void) { return 1; }
int lenet5_start_threads(int threads) { return threads; }
const char* lenet5_error_text(int code) { return code == LENET5_ERROR_WEIGHTS ? "another file" : "other"; }
int lenet5_run_with(const float digit[static 784], float output[static 10], void* workspace,
                    const lenet5_options* options) {
  return digit && output && workspace && options->weights ? LENET5_OK : LENET5_ERROR_NULL;
}
int lenet5_open_weights(const char* path, const void** weights) {
  *weights = NULL;
  if (!path) return LENET5_ERROR_NULL;
  errno = ENOENT;
  return *path == 'a' ? LENET5_ERROR_SYSTEM : LENET5_ERROR_WEIGHTS;
}
void lenet5_close_weights(const void* weights) { (void)weights; }
)";

const char* const kWeightsProgram = R"--(
#include <type_traits>
#include "model.h"
using lenet5::Model;
using lenet5::Weights;
static_assert(std::is_constructible_v<Model, const Weights&> && std::is_constructible_v<Model, Weights&>);
static_assert(!std::is_constructible_v<Model, Weights> && !std::is_constructible_v<Model, const Weights>);
static_assert(std::is_move_constructible_v<Model> && !std::is_copy_constructible_v<Model>);
std::string reason(const char* path) {
  try {
    Weights weights(path);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}
int main() {
  if (reason("absent") != "lenet5: absent: No such file or directory (other)") return 1;
  if (reason("wrong") != "lenet5: wrong: another file") return 2;
  return reason(nullptr) == "lenet5: other" ? 0 : 3;
}
)--";

// The plans above have no constants, but bytes of weights.
Plans for_one_set(const Plan& plan) {
  Plans plans = plans_of(plan);
  plans.weights_bytes = plan.weights_bytes;
  return plans;
}

// The same plan for each instruction set, the last of which needs the most.
Plans for_three_sets(const Plan& plan) {
  Plans plans = for_one_set(plan);
  plans.of_targets.assign(3, plan);
  const Isa isas[] = {Isa::avx512, Isa::avx2, Isa::sse41};
  for (size_t i = 0; i < 3; ++i) plans.of_targets[i].target = target_for(isas[i]);
  plans.of_targets[2].workspace_bytes += 64;
  plans.of_targets[2].steps.emplace_back();
  plans.weights_bytes += 128;
  return plans;
}

}  // namespace

TEST_CASE("the header of LeNet-5 is the golden one") {
  const fs::path golden = fs::path(CNNC_SOURCE_DIR) / "tests/golden/lenet5.h.golden";
  const std::string header = make_header(for_one_set(lenet5()), options(false));
  if (std::getenv("UPDATE_GOLDEN")) std::ofstream(golden) << header;
  std::stringstream expected;
  expected << std::ifstream(golden).rdbuf();
  CHECK(header == expected.str());
}

// Each header alone by one standard of C and one of C++, which take turns; and by each standard all of them
// in one program, as one that runs several networks has them. Each twice.
TEST_CASE("every header is clean C99 to C17 and C++11 to C++20") {
  const Folder folder;
  const std::string flags = "-Wall -Wextra -Wpedantic -Werror -fsyntax-only";
  const std::vector<const char*> c = {"c99", "c17"};
  const std::vector<const char*> cpp = {"c++11", "c++17", "c++20", "c++17 -fno-exceptions"};
  const auto is_clean = [&](const std::string& text, const std::string& standard) {
    const bool is_cpp = standard.rfind("c++", 0) == 0;
    folder.write(is_cpp ? "main.cpp" : "main.c", text);
    return folder.run(is_cpp ? fmt::format("c++ -std={} {} main.cpp", standard, flags)
                             : fmt::format("cc -std={} {} main.c", standard, flags)) == 0;
  };
  std::string all;
  size_t count = 0;
  for (const Plan& plan : {lenet5(), awkward(), ranked(1), ranked(3), integers(1), integers(3)})
    for (const bool weights_file : {false, true})
      for (const bool three_sets : {false, true}) {
        Plan named = plan;
        if (count != 4) named.name += fmt::format("_{}", count);  // that one is called int
        const std::string file = fmt::format("model{}.h", count);
        folder.write(file, make_header(three_sets ? for_three_sets(named) : for_one_set(named),
                                       options(weights_file)));
        const std::string twice = fmt::format("#include \"{0}\"\n#include \"{0}\"\n", file);
        CHECK_MESSAGE(is_clean(twice, c[count % c.size()]), file);
        CHECK_MESSAGE(is_clean(twice, cpp[count % cpp.size()]), file);
        all += twice;
        ++count;
      }
  for (const auto* standards : {&c, &cpp})
    for (const char* standard : *standards) CHECK_MESSAGE(is_clean(all, standard), std::string(standard));
}

TEST_CASE("a C++ program calls the network through its model, typed and with pointers") {
  const Folder folder;
  folder.write("model.h", make_header(for_one_set(lenet5()), options(false)));
  folder.write("library.c", kMockLibrary);
  folder.write("main.cpp", kProgram);
  REQUIRE(folder.run("cc -Wall -Werror -c library.c && c++ -std=c++17 -Wall -Werror main.cpp library.o") ==
          0);
  CHECK(folder.run("./a.out") == 0);
}

TEST_CASE("a tensor of any rank has an index for each size, behind that of the image") {
  const Folder folder;
  for (const int64_t images : {1, 3}) {
    folder.write("model.h", make_header(for_one_set(ranked(images)), options(false)));
    folder.write("main.cpp", images == 1 ? kProgramOfRanks : kProgramOfRanksAndBatch);
    REQUIRE(folder.run("c++ -std=c++17 -Wall -Wextra -Werror -c main.cpp && c++ main.o "
                       "-Wl,--unresolved-symbols=ignore-all") == 0);
    CHECK(folder.run("./a.out") == 0);
  }
}

TEST_CASE("a header that is not the library's is an error of the linker, which says what to do") {
  const Folder folder;
  Plan other = lenet5();
  other.workspace_bytes += 64;
  folder.write("model.h", make_header(for_one_set(lenet5()), options(false)));
  folder.write("library.c", kMockLibrary);
  folder.write(
      "main.cpp",
      "#include \"model.h\"\nint main() { return lenet5_run_with(nullptr, nullptr, nullptr, nullptr); }\n");
  REQUIRE(folder.run("cc -c library.c && c++ main.cpp library.o") == 0);
  folder.write("model.h", make_header(for_one_set(other), options(false)));
  REQUIRE(folder.run("c++ main.cpp library.o 2> said") != 0);
  CHECK(folder.run(fmt::format("grep -q -F 'undefined reference to `lenet5_run_with{}' said",
                               header_suffix(for_one_set(other), options(false)))) == 0);
  CHECK(folder.run(
            "grep -q -F lenet5.h_is_not_of_this_library.take_the_header_that_cnnc_wrote_with_it said") == 0);
}

TEST_CASE("a header that differs in anything belongs to another library") {
  const std::string suffix = header_suffix(for_one_set(lenet5()), options(false));
  CHECK(header_suffix(for_one_set(lenet5()), options(false)) == suffix);
  const auto of = [](auto change) {
    Plan plan = lenet5();
    change(plan);
    return header_suffix(for_one_set(plan), options(false));
  };
  CHECK(of([](Plan& plan) { plan.workspace_bytes += 64; }) != suffix);
  CHECK(of([](Plan& plan) { plan.weights_bytes += 64; }) != suffix);
  CHECK(of([](Plan& plan) { plan.images = 2; }) != suffix);
  CHECK(of([](Plan& plan) { plan.target = target_for(Isa::avx512); }) != suffix);
  CHECK(of([](Plan& plan) { plan.output_shapes = {Shape{11}}; }) != suffix);
  CHECK(header_suffix(for_one_set(lenet5()), options(true)) != suffix);
  HeaderOptions newer = options(false);
  newer.version = "0.1.1";
  CHECK(header_suffix(for_one_set(lenet5()), newer) != suffix);
}

TEST_CASE("in C, an array that is too small is a warning; another architecture is an error") {
  const Folder folder;
  folder.write("model.h", make_header(for_one_set(lenet5()), options(false)));
  folder.write("main.c",
               "#include \"model.h\"\nint main(void) { float digit[784] = {0}, output[9]; return "
               "lenet5_run(digit, output, 0); }\n");
  CHECK(folder.run("cc -O1 -c main.c 2> said && grep -q 'accessing 40 bytes in a region of size 36' said") ==
        0);
  folder.write("other.c", "#undef __x86_64__\n#include \"model.h\"\n");
  CHECK(folder.run("cc -fsyntax-only other.c 2> said") != 0);
  CHECK(folder.run("grep -q -F \"error: #error \\\"this header goes with a library for an x86-64 processor "
                   "with AVX2, FMA and "
                   "F16C: 'cnnc --target' compiles the network for others\\\"\" said") == 0);
  folder.write(
      "other.c",
      "#undef __x86_64__\n#define CNNC_PLAIN_HEADER\n#define size_t unsigned long\n#include \"model.h\"\n");
  CHECK(folder.run("cc -fsyntax-only other.c") == 0);
}

TEST_CASE("an output of whole numbers is of int32_t, in C and in C++") {
  const std::string header = make_header(for_one_set(integers(1)), options(false));
  for (const char* text :
       {"//   output  classes  1x3x4 of int32_t\n", "int32_t classes[LENET5_STATIC LENET5_CLASSES_ELEMENTS],",
        "//   classes    written: LENET5_CLASSES_ELEMENTS of int32_t, 1x3x4\n",
        "using Classes = IntegerTensor<1, 3, 4>;\n"})
    CHECK_MESSAGE(header.find(text) != std::string::npos, text);
  const Folder folder;
  folder.write("model.h", header);
  folder.write("main.cpp", R"(
#include "model.h"
static_assert(lenet5::Classes::elements == 12 && LENET5_CLASSES_WIDTH == 4);
int main() {
  lenet5::Classes classes;
  classes(0, 2, 3) = 16777217;
  const std::int32_t last = classes[11];
  return last == 16777217 ? 0 : 1;
}
)");
  REQUIRE(folder.run("c++ -std=c++17 -Wall -Wextra -Werror -c main.cpp && c++ main.o "
                     "-Wl,--unresolved-symbols=ignore-all") == 0);
  CHECK(folder.run("./a.out") == 0);
}

TEST_CASE("inputs and outputs of bytes have their types, and what they stand for as constants") {
  Plan plan = lenet5();
  plan.output_types = {ElementType::uint8};
  HeaderOptions of_bytes = options(false);
  of_bytes.ports.inputs[0] = {false, 0.5f, 114};
  of_bytes.ports.outputs[0] = {true, 0.00390625f, -128};
  const std::string header = make_header(for_one_set(plan), of_bytes);
  for (const char* text :
       {"//   input   digit   1x28x28 of uint8_t, real = 0.5 * (byte - 114)\n",
        "//   output  output  10 of int8_t, real = 0.00390625 * (byte - (-128))\n",
        "const uint8_t digit[LENET5_STATIC LENET5_DIGIT_ELEMENTS], int8_t output[LENET5_STATIC "
        "LENET5_OUTPUT_ELEMENTS]",
        "//   digit      read: LENET5_DIGIT_ELEMENTS of uint8_t, real = 0.5 * (byte - 114), 1x28x28\n",
        "using Digit = ByteTensor<1, 28, 28>;\n", "using Output = SignedByteTensor<10>;\n"})
    CHECK_MESSAGE(header.find(text) != std::string::npos, text);
  CHECK(header_suffix(for_one_set(plan), of_bytes) != header_suffix(for_one_set(plan), options(false)));
  const Folder folder;
  folder.write("model.h", header);
  folder.write("main.cpp", R"(
#include "model.h"
static_assert(lenet5::Digit::elements == 784 && LENET5_DIGIT_ZERO == 114 && LENET5_OUTPUT_ZERO == -128);
static_assert(LENET5_DIGIT_SCALE == 0.5f && LENET5_OUTPUT_SCALE == 0.00390625f);
int main() {
  lenet5::Digit digit;
  digit(0, 27, 27) = 255;
  const std::uint8_t last = digit[783];
  lenet5::Output output;
  output(9) = -128;
  const std::int8_t* data = output.data();
  return last == 255 && data[9] == -128 ? 0 : 1;
}
)");
  folder.write("main.c", "#include \"model.h\"\n");
  CHECK(folder.run("cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only main.c") == 0);
  REQUIRE(folder.run("c++ -std=c++17 -Wall -Wextra -Werror -c main.cpp && c++ main.o "
                     "-Wl,--unresolved-symbols=ignore-all") == 0);
  CHECK(folder.run("./a.out") == 0);
}

TEST_CASE("with a weights file, weights are opened and passed, and nothing runs without") {
  const std::string header = make_header(for_one_set(lenet5()), options(true));
  CHECK(header.find("int lenet5_run(") == std::string::npos);
  CHECK(header.find("int lenet5_run_with(") != std::string::npos);
  CHECK(header.find("int lenet5_open_weights(const char* path, const void** weights);") != std::string::npos);
  CHECK(header.find("explicit Model(const Weights& weights);") != std::string::npos);
}

TEST_CASE("a model refuses temporary weights, and the exception for a file names it and the reason") {
  const Folder folder;
  folder.write("model.h", make_header(for_one_set(lenet5()), options(true)));
  folder.write("library.c", kMockWeightsLibrary);
  folder.write("main.cpp", kWeightsProgram);
  REQUIRE(folder.run("cc -Wall -Werror -c library.c && c++ -std=c++17 -Wall -Werror main.cpp library.o") ==
          0);
  CHECK(folder.run("./a.out") == 0);
}

TEST_CASE("the header names the processor that its instruction set needs") {
  Plan plan = lenet5();
  plan.target = target_for(Isa::sse41);
  CHECK(make_header(for_one_set(plan), options(false)).find("with SSE4.1,") != std::string::npos);
  plan.target = target_for(Isa::avx512);
  CHECK(make_header(for_one_set(plan), options(false)).find("with AVX-512 (F, CD, BW, DQ and VL),") !=
        std::string::npos);
}

TEST_CASE(
    "the header of a library for several instruction sets says which, how one is chosen, and the most of "
    "all") {
  const Plan plan = lenet5();
  const std::string header = make_header(for_three_sets(plan), options(false));
  for (const std::string& text :
       {std::string(
            "// It needs an x86-64 processor with SSE4.1, and nothing but the C library.\n"
            "// It has kernels for AVX-512 (F, CD, BW, DQ and VL); AVX2, FMA and F16C; SSE4.1:\n"
            "// the first run chooses the best that the processor and the operating system support.\n"),
        std::string("enum { LENET5_AVX512 = 1, LENET5_AVX2 = 2, LENET5_SSE41 = 3 };"),
        std::string("LENET5_ERROR_PROCESSOR = 7"), std::string("const char* lenet5_instruction_set(void);"),
        std::string("  int instruction_set; "), std::string("nullptr, this->instruction_set_};"),
        std::string("const char* lenet5_layer_name_of(int layer, int instruction_set);"),
        fmt::format("#define LENET5_WORKSPACE_BYTES {}\n", plan.workspace_bytes + 64),
        fmt::format("#define LENET5_WEIGHTS_BYTES {} ", plan.weights_bytes + 128),
        fmt::format("#define LENET5_LAYERS {}\n", count_layers(plan) + 1)}) {
    CAPTURE(text);
    CHECK(header.find(text) != std::string::npos);
  }
  CHECK(header.find("illegal instruction") == std::string::npos);
  CHECK(make_header(for_one_set(plan), options(false)).find("instruction_set") == std::string::npos);
}
