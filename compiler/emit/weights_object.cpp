#include "emit/weights_object.h"

#include <fmt/format.h>
#include <llvm/IR/LLVMContext.h>

#include <stdexcept>
#include <vector>

#include "emit/machine.h"
#include "support/atomic_file.h"
#include "support/checked.h"

namespace cnnc {

void for_each_weights_piece(const Plan& plan,
                            const std::function<void(const void* data, size_t bytes)>& take) {
  static const char zeros[kAlignment] = {};
  int64_t written = 0;
  for (const Constant& constant : plan.constants) {
    if (!constant.values) throw std::logic_error("no values for " + constant.name);
    const std::vector<float> packed = pack(constant.packing, *constant.values);
    take(packed.data(), packed.size() * sizeof(float));
    written += static_cast<int64_t>(packed.size() * sizeof(float));
    const int64_t padding = round_up(written, kAlignment) - written;
    take(zeros, static_cast<size_t>(padding));
    written += padding;
  }
  if (written != plan.weights_bytes) throw std::logic_error("the weights do not have the planned size");
}

std::string weights_object(const Plan& plan, const std::string& symbol) {
  TemporaryFile file;
  for_each_weights_piece(plan, [&](const void* data, size_t bytes) { file.append(data, bytes); });
  file.close();
  if (file.path().find_first_of("\"\\\n") != std::string::npos)
    throw FileError(
        fmt::format("the weights cannot be assembled from '{}': its name has a quote, a backslash or a line "
                    "break; set TMPDIR to another folder",
                    file.path()));
  llvm::LLVMContext context;
  const auto module = make_module("weights", context);
  module->setModuleInlineAsm(
      fmt::format(".section .rodata.{0},\"a\",@progbits\n"
                  ".balign 4096\n"
                  ".hidden {0}\n"
                  ".globl {0}\n"
                  ".type {0}, @object\n"
                  "{0}:\n"
                  ".incbin \"{1}\"\n"
                  ".size {0}, {2}\n",
                  symbol, file.path(), plan.weights_bytes));
  return object_code(*module);
}

}  // namespace cnnc
