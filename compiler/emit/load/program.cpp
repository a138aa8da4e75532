#include "emit/load/program.h"

#include <fmt/format.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/machine.h"
#include "emit/load/runner_error.h"
#include "emit/load/script_program.h"
#include "runtime/embedded.h"
#include "support/shell.h"
#include "target/host.h"

namespace cnnc {

namespace {

namespace fs = std::filesystem;

// cnnc_program_functions.
std::string table_object(const std::vector<std::string>& functions, const Target& target) {
  llvm::LLVMContext context;
  const auto module = make_module("functions", target, context);
  llvm::IRBuilder<> ir(context);
  auto* type = llvm::FunctionType::get(ir.getInt32Ty(), {byte_pointer(ir)->getPointerTo()}, false);
  std::vector<llvm::Constant*> entries;
  for (const std::string& function : functions)
    entries.push_back(llvm::cast<llvm::Constant>(module->getOrInsertFunction(function, type).getCallee()));
  auto* array = llvm::ArrayType::get(type->getPointerTo(), entries.size());
  new llvm::GlobalVariable(*module, array, true, llvm::GlobalValue::ExternalLinkage,
                           llvm::ConstantArray::get(array, entries), "cnnc_program_functions");
  return object_code(*module, target);
}

std::string linker_of(const Target& target) {
  const Target& host = least_of_host();
  const bool is_host = target.architecture == host.architecture && target.system == host.system;
  return is_host ? "cc" : compiler_for(target);
}

// What the command wrote, if it failed.
std::string failure_of(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return "there is no shell";
  std::string text;
  std::array<char, 4096> some;
  while (const size_t count = std::fread(some.data(), 1, some.size(), pipe)) text.append(some.data(), count);
  const int status = pclose(pipe);
  return status == 0 ? "" : text.empty() ? fmt::format("status {}", status) : text;
}

// The folder's and the linker's name are ours: no word of them needs a quote but TMPDIR's.
void link(const std::string& folder, const std::string& path, const Target& target) {
  const std::string linker = linker_of(target);
  if (std::system(fmt::format("command -v {} >/dev/null", linker).c_str()) != 0)
    throw RunnerError(fmt::format(
        "'--runner' wants a program for {}, which '{}' links, and there is none (Debian: "
        "{})",
        target.architecture->processor, linker, linker == "cc" ? "gcc" : package_of_compiler_for(target)));
  const std::string quoted = shell_word(folder);
  const std::string failure = failure_of(
      fmt::format("{} -static{} {}/*.o -o {}", linker, target.system->link_flags, quoted, shell_word(path)));
  if (!failure.empty())
    throw RunnerError(fmt::format("'--runner': '{}' cannot link the program: {}", linker, failure));
}

std::string make_folder() {
  std::string name = (fs::temp_directory_path() / "cnnc-program-XXXXXX").string();
  if (!mkdtemp(name.data())) throw RunnerError(fmt::format("cannot make the folder '{}'", name));
  return name;
}

// The path of the program, which is linked of objects in the folder.
std::string make_program(const std::string& folder, const Objects& objects,
                         const std::vector<std::string>& functions, const Target& target) {
  std::string path = folder + "/program" + target.system->program;
  const auto put = [&](const std::string& name, const std::string& bytes) {
    write_program_file(fs::path(folder) / name, bytes);
  };
  for (const auto& [name, bytes] : objects) put(name, bytes);
  put("cnnc_functions.o", table_object(functions, target));
  for (const EmbeddedObject& object : program_objects(target.architecture->name, target.system->name))
    put(object.name, std::string(object.begin, object.end));
  link(folder, path, target);
  for (const auto& [name, bytes] : objects) fs::remove(fs::path(folder) / name);
  return path;
}

}  // namespace

void write_program_file(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw RunnerError(fmt::format("cannot write '{}': is the disk full?", path));
}

Program::Program(const Objects& objects, const std::vector<std::string>& functions, const Target& target)
    : folder_(make_folder()) {
  const bool is_script = !target.system->modules.empty();
  try {
    path_ = (is_script ? make_script_program : make_program)(folder_, objects, functions, target);
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

Program::~Program() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace cnnc
