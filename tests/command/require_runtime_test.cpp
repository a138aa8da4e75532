// Targets of an architecture for which this cnnc was built without a compiler.
#include <doctest/doctest.h>

#include "driver/front/front.h"

using namespace cnnc;

TEST_CASE("a target whose runtime is missing is an error that says what to install") {
  std::string message;
  try {
    require_runtime(target_for(Isa::neon), false);
  } catch (const UsageError& error) {
    message = error.message;
  }
  CHECK(
      message ==
      "this cnnc makes no libraries for neon: their runtime is compiled when cnnc is built, and there was no "
      "aarch64-linux-gnu-gcc then. Install it (Debian: gcc-aarch64-linux-gnu), and build cnnc anew");
  CHECK_NOTHROW(require_runtime(target_for(Isa::neon), true));
  try {
    require_runtime(on_system(target_for(Isa::avx2), *system_named("windows")), false);
  } catch (const UsageError& error) {
    message = error.message;
  }
  CHECK(
      message ==
      "this cnnc makes no libraries for Windows: their runtime is compiled when cnnc is built, and there was "
      "no x86_64-w64-mingw32-gcc then. Install it (Debian: gcc-mingw-w64-x86-64), and build cnnc anew");
}

TEST_CASE("so is a library for macOS where there was no clang") {
  for (const Isa isa : {Isa::avx2, Isa::neon}) try {
      require_runtime(on_system(target_for(isa), *system_named("macos")), false);
      CHECK(false);
    } catch (const UsageError& error) {
      CHECK(error.message ==
            "this cnnc makes no libraries for macOS: their runtime is compiled when cnnc is built, and there "
            "was no clang then. Install it (Debian: clang), and build cnnc anew");
    }
}

TEST_CASE("so is a module where there was no clang") {
  CHECK_THROWS_AS(require_runtime(target_for(Isa::wasm), false), UsageError);
  try {
    require_runtime(target_for(Isa::wasm), false);
  } catch (const UsageError& error) {
    CHECK(error.message ==
          "this cnnc makes no libraries for wasm: their runtime is compiled when cnnc is built, and there "
          "was no "
          "clang then. Install it (Debian: clang), and build cnnc anew");
  }
}
