// A library for Windows names the libraries that it takes functions from, which every Windows has:
// KERNEL32.dll for the runtime, and msvcrt.dll for the memory functions of C.
#include <llvm/Object/COFFImportFile.h>

#include <filesystem>
#include <stdexcept>

#include "emit/objects/link_formats.h"
#include "emit/objects/lld.h"

namespace lld::coff {
cnnc::Lld link;
}

namespace cnnc {

namespace {

namespace fs = std::filesystem;

// What runtime/system/windows.h calls.
const std::vector<std::string>& kernel_functions() {
  static const std::vector<std::string> names = {"AcquireSRWLockExclusive",
                                                 "CloseHandle",
                                                 "CreateFileMappingW",
                                                 "CreateFileW",
                                                 "CreateThread",
                                                 "GetCurrentProcess",
                                                 "GetFileSizeEx",
                                                 "GetFileType",
                                                 "GetLastError",
                                                 "GetProcessAffinityMask",
                                                 "GetProcessHeap",
                                                 "HeapAlloc",
                                                 "HeapFree",
                                                 "MapViewOfFile",
                                                 "MultiByteToWideChar",
                                                 "QueryPerformanceCounter",
                                                 "QueryPerformanceFrequency",
                                                 "ReleaseSRWLockExclusive",
                                                 "SetLastError",
                                                 "SleepConditionVariableSRW",
                                                 "UnmapViewOfFile",
                                                 "WaitForSingleObject",
                                                 "WakeAllConditionVariable"};
  return names;
}

// Writes the file from which a linker learns what a library has.
void write_imports(const std::string& path, const std::string& library,
                   const std::vector<std::string>& functions, uint16_t machine) {
  std::vector<llvm::object::COFFShortExport> exports(functions.size());
  for (size_t i = 0; i < functions.size(); ++i) exports[i].Name = functions[i];
  llvm::Error error = llvm::object::writeImportLibrary(library, path, exports,
                                                       static_cast<llvm::COFF::MachineTypes>(machine), false);
  if (error) throw std::runtime_error("LLVM: " + llvm::toString(std::move(error)));
}

}  // namespace

// LLD writes the output's own name into it.
ByteSource coff_shared_library(const ByteSource& archive, const std::string& name,
                               const std::vector<std::string>& functions, const Target& target) {
  return [archive, name, functions, machine = target.architecture->coff_machine](const ByteSink& take) {
    const TemporaryFolder folder;
    const TemporaryFile input, kernel, memory, output(folder, name), imports;
    input.write(archive);
    write_imports(kernel.path(), "KERNEL32.dll", kernel_functions(), machine);
    write_imports(memory.path(), "msvcrt.dll", {"memcpy", "memmove", "memset"}, machine);
    std::vector<std::string> words = {"lld-link",
                                      "/dll",
                                      "/noentry",
                                      "/nodefaultlib",
                                      "/Brepro",
                                      "/threads:1",
                                      "/out:" + output.path(),
                                      "/implib:" + imports.path()};
    for (const std::string& function : functions) words.push_back("/export:" + function);
    words.insert(words.end(), {input.path(), kernel.path(), memory.path()});
    call_lld(lld::coff::link, words);
    output.pass_on(take);
  };
}

ByteSource coff_import_library(const std::string& name, const std::vector<std::string>& functions,
                               const Target& target) {
  return [name, functions, machine = target.architecture->coff_machine](const ByteSink& take) {
    const TemporaryFile output;
    write_imports(output.path(), name, functions, machine);
    output.pass_on(take);
  };
}

}  // namespace cnnc
