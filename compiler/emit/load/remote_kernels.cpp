#include "emit/load/remote_kernels.h"

#include <fmt/format.h>
#include <llvm/IR/IRBuilder.h>

#include <cstring>
#include <stdexcept>

#include "emit/kernels/kernel_code.h"
#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/machine.h"
#include "emit/load/loaded_kernel.h"
#include "emit/objects/objects.h"
#include "runtime/cnnc_rt.h"
#include "runtime/embedded.h"

namespace cnnc {

namespace {

using Code = RemoteKernels::Code;

std::string symbol_of(size_t kernel) {
  return fmt::format("cnnc_kernel{}", kernel);
}

std::string caller_of(size_t kernel) {
  return fmt::format("cnnc_call_kernel{}", kernel);
}

// int caller(void* const* pointers): the threads, the scratch memory, then the addresses that go into the
// buffers that the kernel takes.
void add_caller(llvm::Module& module, const Kernel& kernel, size_t number) {
  llvm::IRBuilder<> ir(module.getContext());
  llvm::Type* pointer = byte_pointer(ir);
  auto* function =
      llvm::Function::Create(llvm::FunctionType::get(ir.getInt32Ty(), {pointer->getPointerTo()}, false),
                             llvm::GlobalValue::ExternalLinkage, caller_of(number), module);
  ir.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "", function));
  const auto given = [&](uint64_t i) {
    return ir.CreateLoad(pointer, ir.CreateConstInBoundsGEP1_64(pointer, function->getArg(0), i));
  };
  std::vector<llvm::Value*> arguments;
  if (wants_context(kernel) && kernel.all_scratch() > 0) {
    llvm::Value* context = ir.CreateAlloca(pointer, ir.getInt32(kContextWords));
    const auto stride = static_cast<uint64_t>(kernel.own_scratch) * sizeof(float);
    const auto store = [&](llvm::Value* value, unsigned word) {
      ir.CreateStore(value, ir.CreateConstInBoundsGEP1_64(pointer, context, word));
    };
    store(given(0), kThreadsWord);
    store(given(1), kScratchWord);
    store(ir.CreateIntToPtr(ir.getInt64(stride), pointer), kStrideWord);
    arguments.push_back(ir.CreateBitCast(context, pointer));
  } else if (wants_context(kernel)) {
    arguments.push_back(given(0));
  }
  const auto pointer_bytes = static_cast<int64_t>(module.getDataLayout().getPointerSize());
  const size_t tensors = kernel.inputs.size() + kernel.constants.size() + 1;
  for (size_t i = 0; i < tensors; ++i) {
    auto* buffer = ir.CreateAlloca(
        llvm::ArrayType::get(ir.getInt8Ty(), static_cast<uint64_t>(buffer_bytes(pointer_bytes))));
    buffer->setAlignment(llvm::Align(8));
    llvm::Value* bytes = ir.CreateBitCast(buffer, pointer);
    llvm::Value* host = ir.CreateConstInBoundsGEP1_64(ir.getInt8Ty(), bytes,
                                                      static_cast<uint64_t>(host_offset(pointer_bytes)));
    ir.CreateStore(given(2 + i), ir.CreateBitCast(host, pointer->getPointerTo()));
    arguments.push_back(bytes);
  }
  auto* type =
      llvm::FunctionType::get(ir.getInt32Ty(), std::vector<llvm::Type*>(arguments.size(), pointer), false);
  ir.CreateRet(ir.CreateCall(module.getOrInsertFunction(symbol_of(number), type), arguments));
}

Program program_of(const std::vector<Code>& kernels, const Target& target) {
  llvm::LLVMContext context;
  const auto module = make_module("callers", target, context);
  Objects objects;
  std::vector<std::string> functions;
  for (size_t k = 0; k < kernels.size(); ++k) {
    add_caller(*module, kernels[k].kernel, k);
    functions.push_back(caller_of(k));
    objects.emplace_back(symbol_of(k) + ".o", rename_symbol(kernels[k].object, kKernelSymbol, symbol_of(k)));
  }
  objects.emplace_back("callers.o", object_code(*module, target));
  for (const EmbeddedObject& object : runtime_objects(target.architecture->name, target.system->name))
    objects.emplace_back(object.name, std::string(object.begin, object.end));
  return Program(objects, functions, target);
}

}  // namespace

RemoteKernels::RemoteKernels(const std::vector<Code>& kernels, const Target& target,
                             const std::string& runner, int threads)
    : remote_(program_of(kernels, target), runner), threads_(threads) {
  if (threads > 1) {
    const cnnc_rt_threads with = {threads, nullptr, nullptr};
    threads_place_.memory = remote_.add_memory(sizeof with, 0);
    remote_.write(threads_place_, &with, sizeof with);
    remote_.start_threads(threads);
  }
  for (const Code& code : kernels) {
    const int64_t bytes = code.kernel.all_scratch() * static_cast<int64_t>(sizeof(float));
    scratch_.push_back({bytes > 0 ? remote_.add_memory(bytes, 0) : -1, 0});
  }
}

double RemoteKernels::run(size_t kernel, const std::vector<RemotePlace>& tensors, int64_t copies,
                          int64_t count, int64_t first) {
  RemoteCalls calls;
  calls.function = static_cast<int64_t>(kernel);
  calls.count = count;
  calls.first = first;
  calls.copies = copies;
  calls.pointers = {threads_place_, scratch_[kernel]};
  calls.pointers.insert(calls.pointers.end(), tensors.begin(), tensors.end());
  const cnnc_program_call done = remote_.call(calls);
  if (done.status < 0)
    throw std::runtime_error(
        fmt::format("was killed by signal {} ({})", -done.status, strsignal(static_cast<int>(-done.status))));
  return threads_ > 1 ? done.seconds : done.own_seconds;
}

}  // namespace cnnc
