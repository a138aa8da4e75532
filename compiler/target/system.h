// Where libraries run, besides the processor: a row of data each, as a target is one (target.h). What any
// stage wants to know of a system is a field here: none asks which one it is.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

// Of the objects of a library; what depends on it has a file for each in emit/objects.
enum class ObjectFormat { elf, coff, macho, wasm };

// A row. In the texts, {} stands for the architecture's name.
struct System {
  const char* name = "";   // of --system; the runtime of its libraries goes by it (runtime/embedded.h)
  const char* title = "";  // as messages and generated headers write it: "Windows"
  // GNU's names of the architectures that libraries are made for. The first system that has one is the one of
  // its libraries where nothing else is said.
  std::vector<std::string_view> architectures;
  ObjectFormat format = {};
  const char* halide = "";  // as Halide::Target reads it: "windows"
  const char* triple = "";  // LLVM's name of it, behind the architecture's: "w64-windows-gnu"
  bool renames_kernels =
      false;  // Halide's name of it is for another compiler's library: kernels get `triple`
  // A function of the runtime (without the version) that makes the pages of a function's frame be there, with
  // the bytes in the register that LLVM's `probe-stack` has; none: the system needs no such thing.
  const char* touches_stack = "";
  const char* symbol_prefix = "";  // that C compilers put before each name
  const char* macro = "";          // that its C compilers define; none: a header does not ask
  // The suffixes of static libraries, shared ones, and single objects: none, or the usual one first.
  std::vector<std::string> archives, shared, objects;
  const char* imports =
      "";  // of what programs are linked with in place of a shared library; empty: with that
  const char* program = "";     // of programs
  const char* link_flags = "";  // for the C compiler, behind a static library, with a blank before each
  // Microsoft's compiler reads its headers, too, and GetLastError() says why the system refused, where it is
  // errno elsewhere.
  bool microsoft = false;
  std::vector<std::string> modules;  // or of modules that a script loads, where there are no libraries
  // There are neither threads nor files nor a clock: a library is code and memory alone.
  bool is_bare = false;
  // Bytes of weights that a library holds, or a file of them.
  int64_t most_weights = (int64_t{2} << 30) - (int64_t{64} << 20), most_in_file = INT64_MAX;
  // The C compiler that the runtime is compiled by where cnnc does not run itself, and Debian's package of
  // it.
  const char *compiler = "", *package = "";
};

// The default first.
const std::vector<System>& all_systems();
std::vector<std::string> system_names();

// Null for an unknown name.
const System* system_named(std::string_view name);

// Throws std::logic_error for an architecture that no system has.
const System& default_system_of(std::string_view architecture);

bool goes_with(const System& system, std::string_view architecture);

}  // namespace cnnc
