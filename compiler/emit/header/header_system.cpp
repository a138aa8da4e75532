#include "emit/header/header_system.h"

namespace cnnc {

using namespace header_words;

namespace {

Words words_of_unix(const System& system) {
  return {{"symbol_prefix", system.symbol_prefix},
          {"cxx17", "defined(__cplusplus) && __cplusplus >= 201703L"},
          {"or_other_c", ""},
          {"for_system", *system.macro ? fmt::format(" It is for {}.", system.title) : ""},
          {"says_why", "errno"},
          {"fork_note", " A child of fork() has an empty pool."},
          {"aligned_alloc", "aligned_alloc(@macro@_WORKSPACE_ALIGNMENT, @macro@_WORKSPACE_BYTES)"},
          {"aligned_alloc_header", "<stdlib.h>"},
          {"weights_includes", "#include <cerrno>\n#include <cstring>\n"},
          {"system_functions", ""},
          {"reason", "const int reason = errno"},
          {"reason_text", "::std::strerror(reason)"}};
}

// Microsoft's compiler says that it is of C++98 unless it is told to say what it is, and its C has no arrays
// of a least size. The function is declared as <windows.h> has it, which would define macros of common names.
Words words_of_windows(const System& system) {
  return {
      {"symbol_prefix", system.symbol_prefix},
      {"cxx17",
       "defined(__cplusplus) && (__cplusplus >= 201703L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201703L))"},
      {"or_other_c", " || defined(_MSC_VER)"},
      {"for_system", fmt::format(" It is for {}.", system.title)},
      {"says_why", "GetLastError()"},
      {"fork_note", ""},
      {"aligned_alloc", "_aligned_malloc(@macro@_WORKSPACE_BYTES, @macro@_WORKSPACE_ALIGNMENT)"},
      {"aligned_alloc_header", "<malloc.h>"},
      {"weights_includes", "#include <system_error>\n"},
      {"system_functions",
       "extern \"C\" __declspec(dllimport) unsigned long __stdcall GetLastError(void);\n\n"},
      {"reason", "const int reason = static_cast<int>(::GetLastError())"},
      {"reason_text", "::std::system_category().message(reason)"}};
}

}  // namespace

Words system_words(const System& system) {
  return system.microsoft ? words_of_windows(system) : words_of_unix(system);
}

}  // namespace cnnc
