// The objects of a plan's kernels: renamed, and from the cache the same as compiled.
#include "emit/kernels/kernel_objects.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "emit/kernels/build_identity.h"
#include "emit/kernels/kernel_cache.h"
#include "emit/kernels/kernel_code.h"
#include "emit/kernels/workers.h"
#include "emit/library/interface.h"
#include "emit/objects/archive.h"
#include "emit/objects/objects.h"
#include "support/limits.h"
#include "unit/plan/plan_fixture.h"

using namespace cnnc;
using namespace cnnc::testing;
namespace fs = std::filesystem;

namespace {

// Two convolutions, one with the loops of several threads, and a pool.
constexpr const char* kNetwork = "input x 3x48x48; conv 64 3x3 pad 1; relu; conv 64 3x3 pad 1; maxpool 2x2";

struct Folder {
  std::string path = (fs::temp_directory_path() / "cnnc_objects_XXXXXX").string();
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { fs::remove_all(path); }
  std::ptrdiff_t entries() const { return std::distance(fs::directory_iterator(path), {}); }
  KernelCache cache(int64_t most_bytes = int64_t{1} << 30) const { return {path, most_bytes}; }
};

std::vector<std::string> symbols_for(const Plan& plan, const std::string& prefix) {
  std::vector<std::string> symbols;
  for (size_t i = 0; i < plan.kernels.size(); ++i) symbols.push_back(fmt::format("{}_{}", prefix, i));
  return symbols;
}

std::vector<std::string> objects_of(const Plan& plan, const KernelOptions& options,
                                    const std::string& prefix = "net") {
  return kernel_objects(plan, symbols_for(plan, prefix), options);
}

// The numbers of kernels that a compilation reports, one after the other.
std::vector<std::string> progress_of(const Plan& plan, KernelOptions options) {
  std::vector<std::string> reports;
  options.progress = [&](size_t done, size_t count) { reports.push_back(fmt::format("{}/{}", done, count)); };
  objects_of(plan, options);
  return reports;
}

// Compiled in a child, as all kernels are.
std::string code_of(const Kernel& kernel, const Target& target, const std::string& symbol) {
  return run_in_children(1, 1,
                         [&](size_t) { return kernel_code(kernel, target, symbol, KernelForm::object); })
      .front();
}

// A convolution by tiles whose products take a megabyte, which the plan would never have on the stack.
Kernel kernel_beyond_the_stack(const Plan& plan) {
  for (Kernel kernel : plan.kernels) {
    if (kernel.family != "conv_winograd_2d") continue;
    kernel.schedule["tiles"] = 256;
    kernel.schedule["planes"] = 4;
    kernel.schedule["parts"] = kernel.output.planes() / 4;
    kernel.schedule["chunk"] = 0;
    kernel.scratch = kernel.own_scratch = 1 << 24;
    kernel.tasks = 1;
    return kernel;
  }
  throw std::logic_error("no kernel by tiles");
}

template <class Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing is thrown";
}

}  // namespace

TEST_CASE("a renamed object is what compiling under the name gives, byte for byte") {
  bool is_shorter = true;
  std::vector<Isa> isas(std::begin(kIsas), std::end(kIsas));
  isas.push_back(Isa::wasm);
  for (const Isa isa : isas) {
    const Plan plan = plan_of(kNetwork, isa);
    for (const Kernel& kernel : plan.kernels) {
      CAPTURE(to_string(kernel));
      const std::string object = code_of(kernel, plan.target, "some_kernel");
      // Names that are shorter and longer than the first one, in turn.
      const std::string name = is_shorter ? "x" : "some_other_kernel_with_a_longer_name";
      CHECK(rename_symbol(object, "some_kernel", name) == code_of(kernel, plan.target, name));
      is_shorter = !is_shorter;
    }
  }
}

TEST_CASE("an object for Windows has the new name, and is else what compiling under it gives") {
  const Target windows = on_system(target_for(Isa::sse41), *system_named("windows"));
  const Plan plan = plan_of(kNetwork, Isa::sse41);
  const std::string names[] = {"x", "of_eight", "some_other_kernel_with_a_longer_name"};
  for (size_t i = 0; i < plan.kernels.size(); ++i) {
    const std::string object = code_of(plan.kernels[i], windows, "some_kernel"), &name = names[i % 3];
    const std::string renamed = rename_symbol(object, "some_kernel", name);
    CHECK(make_member("", renamed).symbols == std::vector<std::string>{name});
    const std::string compiled = code_of(plan.kernels[i], windows, name);
    uint16_t sections = 0;  // NumberOfSections, and PointerToSymbolTable
    uint32_t symbols_at = 0;
    std::memcpy(&sections, &compiled[2], sizeof sections);
    std::memcpy(&symbols_at, &compiled[8], sizeof symbols_at);
    const size_t code_at = 20 + size_t{40} * sections;  // behind the headers, which have names
    CHECK(renamed.substr(code_at, symbols_at - code_at) == compiled.substr(code_at, symbols_at - code_at));
    CHECK(renamed.find(".text$" + name) != std::string::npos);
  }
  const std::string object = code_of(plan.kernels[0], windows, "some_kernel");
  for (size_t size = 0; size < object.size(); ++size)
    CHECK_THROWS_AS(rename_symbol(object.substr(0, size), "some_kernel", "x"), std::logic_error);
}

TEST_CASE("an object for macOS has the new name, and is else what compiling under it gives") {
  const std::string names[] = {"x", "some_other_kernel_with_a_longer_name"};
  for (const Isa isa : {Isa::sse41, Isa::neon}) {
    const Target macos = on_system(target_for(isa), *system_named("macos"));
    const Plan plan = plan_of(kNetwork, isa);
    for (size_t i = 0; i < plan.kernels.size(); ++i) {
      const std::string object = code_of(plan.kernels[i], macos, "some_kernel"), &name = names[i % 2];
      const std::string renamed = rename_symbol(object, "some_kernel", name);
      CHECK(make_member("", renamed).symbols == std::vector<std::string>{"_" + name});
      CHECK_NOTHROW(rename_symbol(renamed, name, "again"));  // its strings end where the object does
      const std::string compiled = code_of(plan.kernels[i], macos, name);
      // The bytes of the one section's code stand at the place that its header has.
      const size_t header_at = 32 + 72;
      uint64_t bytes = 0;
      uint32_t at = 0;
      std::memcpy(&bytes, &compiled[header_at + 40], sizeof bytes);
      std::memcpy(&at, &compiled[header_at + 48], sizeof at);
      CHECK(compiled.compare(header_at, 6, "__text") == 0);
      CHECK(renamed.substr(at, bytes) == compiled.substr(at, bytes));
    }
    const std::string object = code_of(plan.kernels[0], macos, "some_kernel");
    for (size_t size = 0; size < object.size(); size += 7)
      CHECK_THROWS_AS(rename_symbol(object.substr(0, size), "some_kernel", "x"), std::logic_error);
  }
}

TEST_CASE("what is no object of LLVM's is not renamed") {
  const Plan plan = plan_of("input x 4; relu");
  const std::string object = code_of(plan.kernels[0], plan.target, "some_kernel");
  CHECK_THROWS_AS(rename_symbol("", "a", "b"), std::logic_error);
  CHECK_THROWS_AS(rename_symbol(std::string(100, 'x'), "a", "b"), std::logic_error);
  for (size_t size = 0; size < object.size(); ++size)
    CHECK_THROWS_AS(rename_symbol(object.substr(0, size), "some_kernel", "x"), std::logic_error);
}

TEST_CASE("kernels are the same from the cache, while it is filled, and without one") {
  const Folder folder;
  const Plan plan = plan_of(kNetwork);
  const std::vector<std::string> without = objects_of(plan, {2});
  const KernelOptions options{2, folder.cache()};
  CHECK(objects_of(plan, options) == without);
  CHECK(folder.entries() == static_cast<std::ptrdiff_t>(plan.kernels.size()));
  CHECK(objects_of(plan, options) == without);
  for (const auto& file : fs::directory_iterator(folder.path)) std::ofstream(file.path()) << "damaged";
  CHECK(objects_of(plan, options) == without);
  CHECK(progress_of(plan, options).empty());
}

TEST_CASE("only what is not in the cache is compiled: equal kernels of other models are") {
  const Folder folder;
  const KernelOptions options{1, folder.cache()};
  const Plan plan = plan_of("input x 64x9x9; maxpool 3x3 pad 1 stride 1; conv 16 1x1");
  REQUIRE(plan.kernels.size() == 4);
  CHECK(progress_of(plan, options) == std::vector<std::string>{"0/4", "1/4", "2/4", "3/4", "4/4"});
  CHECK(progress_of(plan, options).empty());
  const Plan longer = plan_of("network other; input x 64x9x9; maxpool 3x3 pad 1 stride 1; relu; conv 16 1x1");
  REQUIRE(longer.kernels.size() == 5);
  CHECK(progress_of(longer, options) == std::vector<std::string>{"0/1", "1/1"});
  CHECK(progress_of(plan_of("input x 64x9x9; maxpool 3x3 pad 1 stride 1; conv 16 1x1", Isa::avx2), options)
            .size() == 5);
}

TEST_CASE("what the environment tells Halide is a part of the key") {
  const Folder folder;
  const Plan plan = plan_of("input x 4; relu");
  const KernelOptions options{1, folder.cache()};
  objects_of(plan, options);
  const std::ptrdiff_t entries = folder.entries();
  REQUIRE(setenv("HL_OF_A_TEST", "1", 1) == 0);
  objects_of(plan, options);
  unsetenv("HL_OF_A_TEST");
  CHECK(folder.entries() == 2 * entries);
}

TEST_CASE("a compilation leaves no more in the cache than it may hold") {
  const Folder folder;
  const Plan plan = plan_of(kNetwork);
  objects_of(plan, {1, folder.cache(10000)});
  uintmax_t bytes = 0;
  for (const auto& file : fs::directory_iterator(folder.path)) bytes += file.file_size();
  CHECK(bytes > 0);
  CHECK(bytes <= 10000);
}

TEST_CASE("a kernel that cannot be compiled is an error, and the others are kept") {
  const Folder folder;
  Plan plan = plan_of("input x 64x9x9; maxpool 3x3 pad 1 stride 1; conv 16 1x1");
  plan.kernels.back().family = "magic";
  CHECK_THROWS_WITH_AS(objects_of(plan, {1, folder.cache()}), "no kernels of family magic",
                       std::runtime_error);
  CHECK(folder.entries() == static_cast<std::ptrdiff_t>(plan.kernels.size()) - 1);
}

TEST_CASE("a build's identity is the hashes of what makes kernels, and the build IDs of its libraries") {
  const std::optional<std::string> identity = build_identity();
  REQUIRE(identity);
  CHECK(identity == build_identity());
  std::istringstream lines(*identity), makers(CNNC_KERNEL_MAKERS);
  std::string line;
  for (std::string file; std::getline(makers, file, ',');) {
    std::getline(lines, line);
    CHECK(std::system(fmt::format("sha256sum '{}' | grep -q '^{} '", file, line).c_str()) == 0);
  }
  std::vector<std::string> ids;
  while (std::getline(lines, line)) ids.push_back(line);
  const auto id_of = [](const std::string& library) {
    const std::string path = fmt::format("$(ldd /proc/{}/exe | grep -o '/[^ ]*{}[^ ]*')", getpid(), library);
    FILE* pipe = popen(fmt::format("readelf -n {} | sed -n 's/.*Build ID: //p'", path).c_str(), "r");
    char id[100] = "";
    REQUIRE(std::fscanf(pipe, "%99s", id) == 1);
    pclose(pipe);
    return std::string(id);
  };
  for (const char* library : {"libHalide", "libLLVM", "libfmt", "libc.so"})
    CHECK_MESSAGE(std::count(ids.begin(), ids.end(), id_of(library)) == 1, library);
}

TEST_CASE("a kernel that would use more of the stack than a run may is not compiled") {
  const Plan plan = plan_of("input x 32x64x64; conv 32 1x1; conv 64 3x3 pad 1", Isa::avx2);
  const Kernel kernel = kernel_beyond_the_stack(plan);
  const std::string error = error_of([&] { code_of(kernel, plan.target, "large"); });
  const std::string wanted = " bytes of the stack, and may use 249856: " + to_string(kernel);
  CHECK(error.substr(0, 14) == "a kernel uses ");
  CHECK(error.substr(error.find(" bytes")) == wanted);
}

TEST_CASE("a run has its places on the stack for as many tensors as a layer may take") {
  std::string text = "input x 4x6x6";
  for (int64_t i = 0; i < limits::kOperands; ++i) text += fmt::format("; from x; conv 4 1x1 as c{}", i);
  text += "; from c0; add with c1";
  for (int64_t i = 2; i < limits::kOperands; ++i) text += fmt::format(", c{}", i);
  const Plan plan = plan_of(text, Isa::avx2);
  CHECK(plan.steps.back().inputs.size() == limits::kOperands);
  CHECK_NOTHROW(interface_object(plans_of(plan), {symbols_of(plan)}, {}));
}

TEST_CASE("a concat may have any number of tensors") {
  std::string text = "input x 4x6x6; conv 16 3x3 pad 1 as c0";
  for (int64_t i = 1; i <= 300; ++i) text += fmt::format("; from x; conv 9 1x1 as c{}", i);
  text += "; from c0; concat with c1";
  for (int64_t i = 2; i <= 300; ++i) text += fmt::format(", c{}", i);
  const Plan plan = plan_of(text + "; conv 16 3x3 pad 1", Isa::avx2);
  for (const Step& step : plan.steps) CHECK(step.inputs.size() <= limits::kOperands);
  CHECK_NOTHROW(interface_object(plans_of(plan), {symbols_of(plan)}, {}));
}
