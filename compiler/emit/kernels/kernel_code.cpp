#include "emit/kernels/kernel_code.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>
#include <unistd.h>

#include <set>
#include <sstream>
#include <stdexcept>

#include "emit/kernels/buffer_reads.h"
#include "emit/kernels/dot_products.h"
#include "emit/kernels/pack_bytes.h"
#include "emit/kernels/strided_loads.h"
#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/stack_frames.h"
#include "kernels/comparison.h"
#include "kernels/halide_versions.h"
#include "kernels/kernel.h"
#include "support/checked.h"

namespace cnnc {

namespace {

constexpr int kStrategyTasks = 256;  // at most, of a parallel loop that an autoscheduler makes

// Autoschedulers talk. This is a child process, and nothing that it has to say goes that way.
void silence() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

Halide::Target target_of(const Kernel& kernel, const Target& target, bool has_dots) {
  const Halide::Target plain = has_dots ? halide_target_of_dots(target) : halide_target(target);
  return wants_context(kernel) ? plain.with_feature(Halide::Target::UserContext) : plain;
}

// A word of the context of a kernel with scratch memory.
llvm::Value* context_word(llvm::IRBuilder<>& ir, llvm::Value* context, unsigned word) {
  llvm::Value* words = ir.CreateBitCast(context, byte_pointer(ir)->getPointerTo());
  return ir.CreateConstInBoundsGEP1_64(byte_pointer(ir), words, word);
}

// Halide's function for parallel loops (context, body, min, extent, closure) gets a body, which calls our
// own.
void define_parallel_loop(llvm::Module& module, const std::string& symbol, const Kernel& kernel) {
  llvm::Function* loop = module.getFunction("halide_do_par_for");
  if (!loop) return;
  loop->setName(symbol + "_parallel_loop");
  llvm::IRBuilder<> ir(llvm::BasicBlock::Create(module.getContext(), "", loop));
  std::vector<llvm::Type*> types(loop->getFunctionType()->params());
  std::vector<llvm::Value*> arguments;
  for (llvm::Argument& argument : loop->args()) arguments.push_back(&argument);
  const bool in_scratch = kernel.own_scratch > 0;
  if (kernel.scratch > 0 && !in_scratch)
    arguments[0] = ir.CreateLoad(byte_pointer(ir), context_word(ir, arguments[0], kThreadsWord));
  const int tasks = kernel.strategy.empty() ? kernel.tasks : kStrategyTasks;
  arguments.push_back(ir.getInt32(static_cast<uint32_t>(tasks)));
  if (in_scratch) arguments.push_back(ir.getInt32(static_cast<uint32_t>(kernel.scratch_places)));
  for (size_t i = types.size(); i < arguments.size(); ++i) types.push_back(arguments[i]->getType());
  auto* type = llvm::FunctionType::get(loop->getReturnType(), types, false);
  const char* by = in_scratch ? kParallelLoopInScratch : kParallelLoop;
  ir.CreateRet(ir.CreateCall(module.getOrInsertFunction(by, type), arguments));
}

// A builder that writes the body of Halide's function of that name; null if the module does not call it.
llvm::Function* begin_body(llvm::Module& module, llvm::IRBuilder<>& ir, const char* name) {
  llvm::Function* function = module.getFunction(name);
  if (function) ir.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "", function));
  return function;
}

llvm::Value* rounded_up(llvm::IRBuilder<>& ir, llvm::Value* bytes) {
  const auto number = [&](uint64_t value) { return llvm::ConstantInt::get(bytes->getType(), value); };
  return ir.CreateAnd(ir.CreateAdd(bytes, number(kAlignment - 1)), number(~uint64_t{kAlignment - 1}));
}

// Halide's functions for memory get bodies that take it from the scratch memory, from its start on: what was
// allocated last is freed first, or together with what was allocated before.
void define_allocation(llvm::Module& module) {
  llvm::IRBuilder<> ir(module.getContext());
  if (llvm::Function* allocate = begin_body(module, ir, "halide_malloc")) {  // (context, bytes)
    llvm::Value* next = context_word(ir, allocate->getArg(0), kScratchWord);
    llvm::Value* memory = ir.CreateLoad(byte_pointer(ir), next);
    llvm::Value* bytes = rounded_up(ir, allocate->getArg(1));
    ir.CreateStore(ir.CreateGEP(ir.getInt8Ty(), memory, bytes), next);
    ir.CreateRet(memory);
  }
  if (llvm::Function* free = begin_body(module, ir, "halide_free")) {  // (context, memory)
    llvm::Value* next = context_word(ir, free->getArg(0), kScratchWord);
    llvm::Value* memory = ir.CreateLoad(byte_pointer(ir), next);
    ir.CreateStore(ir.CreateSelect(ir.CreateICmpULT(free->getArg(1), memory), free->getArg(1), memory), next);
    ir.CreateRetVoid();
  }
}

// A function that Halide gives the context to.
constexpr const char* kIsFirst = "halide_start_clock";

// Whether the thread's note is still 0, which is then 1.
void define_is_first(llvm::Module& module) {
  llvm::IRBuilder<> ir(module.getContext());
  llvm::Function* is_first = begin_body(module, ir, kIsFirst);  // (context)
  if (!is_first) return;
  llvm::Value* note = ir.CreateLoad(byte_pointer(ir), context_word(ir, is_first->getArg(0), kReadyWord));
  llvm::Value* before = ir.CreateLoad(ir.getInt8Ty(), note);
  ir.CreateStore(ir.getInt8(1), note);
  ir.CreateRet(ir.CreateZExt(ir.CreateICmpEQ(before, ir.getInt8(0)), ir.getInt32Ty()));
}

// The same for a kernel with a strategy, which allocates what the plan does not know: from libc.
void define_allocation_by_libc(llvm::Module& module) {
  llvm::IRBuilder<> ir(module.getContext());
  llvm::Type *pointer = byte_pointer(ir), *size = ir.getInt64Ty();
  if (llvm::Function* allocate = begin_body(module, ir, "halide_malloc")) {
    const auto by = module.getOrInsertFunction("aligned_alloc", pointer, size, size);
    ir.CreateRet(ir.CreateCall(by, {ir.getInt64(kAlignment), rounded_up(ir, allocate->getArg(1))}));
  }
  if (llvm::Function* free = begin_body(module, ir, "halide_free")) {
    ir.CreateCall(module.getOrInsertFunction("free", ir.getVoidTy(), pointer), {free->getArg(1)});
    ir.CreateRetVoid();
  }
}

// The sum of what a kernel takes from the heap. Halide adds less than a vector to each allocation, so that
// vectors may be read that are not used to their end.
class HeapBytes : public Halide::Internal::IRVisitor {
 public:
  int64_t sum = 0;

 private:
  using Halide::Internal::IRVisitor::visit;
  void visit(const Halide::Internal::Allocate* allocate) override {
    if (allocate->memory_type == Halide::MemoryType::Heap) {
      const int64_t elements = allocate->constant_allocation_size();
      if (elements == 0) throw std::logic_error(fmt::format("'{}' is of no constant size", allocate->name));
      sum += round_up((elements + padding_of(*allocate)) * allocate->type.bytes() + kHeapPadding, kAlignment);
    }
    Halide::Internal::IRVisitor::visit(allocate);
  }
};

// Halide takes what is meant for the stack from the heap if it is large, unless it is called a register; but
// a window that slides over its rows in one that is called so would have to be unrolled.
class StackAsRegister : public Halide::Internal::IRMutator {
  using Halide::Internal::IRMutator::visit;
  Halide::Internal::Stmt visit(const Halide::Internal::Allocate* a) override {
    const auto type =
        a->memory_type == Halide::MemoryType::Stack ? Halide::MemoryType::Register : a->memory_type;
    return allocate_in(type, *a, mutate(a->body));
  }
};

void keep_on_stack(Halide::Module& module) {
  StackAsRegister registers;
  for (Halide::Internal::LoweredFunc& function : module.functions())
    function.body = registers.mutate(function.body);
}

// The Func that each thread computes once: in the first iteration of the loop that it gets. It is then in the
// thread's own scratch memory, where each iteration's allocations are the same.
class OnceForEachThread : public Halide::Internal::IRMutator {
 public:
  explicit OnceForEachThread(std::string func) : func_(std::move(func)) {}

 private:
  std::string func_;
  using Halide::Internal::IRMutator::visit;
  Halide::Internal::Stmt visit(const Halide::Internal::ProducerConsumer* node) override {
    if (node->name != func_ || !node->is_producer) return Halide::Internal::IRMutator::visit(node);
    const Halide::Expr first =
        Halide::Internal::Call::make(Halide::Int(32), kIsFirst, {}, Halide::Internal::Call::Extern);
    return Halide::Internal::ProducerConsumer::make_produce(
        func_, Halide::Internal::IfThenElse::make(first != 0, node->body));
  }
};

void compute_once(Halide::Module& module, const std::string& func) {
  if (func.empty()) return;
  OnceForEachThread once(func);
  for (Halide::Internal::LoweredFunc& function : module.functions())
    function.body = once.mutate(function.body);
}

void define_comparisons(Halide::Module& module) {
  DefineComparisons comparisons;
  for (Halide::Internal::LoweredFunc& function : module.functions())
    function.body = comparisons.mutate(function.body);
  if (comparisons.any) module.set_any_strict_float(true);
}

void check_buffer_reads(const Halide::Module& module, const Kernel& kernel) {
  const std::string field = buffer_field_read(module);
  if (!field.empty())
    throw std::logic_error(
        fmt::format("a kernel reads more of a buffer than its place ({}): {}", field, to_string(kernel)));
}

// All of it must have its place in the scratch memory: that of the kernel or, in parallel loops, whose bodies
// are functions of their own, that of each thread.
void check_scratch(const Halide::Module& module, const Kernel& kernel, const std::string& symbol) {
  constexpr auto kBytes = static_cast<int64_t>(sizeof(float));
  for (const Halide::Internal::LoweredFunc& function : module.functions()) {
    HeapBytes bytes;
    function.body.accept(&bytes);
    const int64_t room = (function.name == symbol ? kernel.scratch : kernel.own_scratch) * kBytes;
    if (bytes.sum > room)
      throw std::logic_error(fmt::format("{} allocates {} bytes, and has {}: {}", function.name, bytes.sum,
                                         room, to_string(kernel)));
  }
}

// Halide asks for data that is used once and bypasses the second-level cache (prefetchnta): here it is read
// several times, but later than the first level would keep it.
void prefetch_to_second_level(llvm::Module& module) {
  constexpr unsigned kLocality = 2, kLocalityOfL2 = 2;  // the argument's place, and its value for prefetcht1
  for (llvm::Function& function : module) {
    if (function.getIntrinsicID() != llvm::Intrinsic::prefetch) continue;
    for (llvm::User* user : function.users()) {
      llvm::Value* locality =
          llvm::ConstantInt::get(llvm::Type::getInt32Ty(module.getContext()), kLocalityOfL2);
      llvm::cast<llvm::CallInst>(user)->setArgOperand(kLocality, locality);
    }
  }
}

// The caller's stack, and that of each thread of the pool, is made for so much and no more.
void check_stack(const StackFrames& frames, const Kernel& kernel) {
  if (frames.sum() > kMostKernelStack)
    throw std::logic_error(fmt::format("a kernel uses {} bytes of the stack, and may use {}: {}",
                                       frames.sum(), kMostKernelStack, to_string(kernel)));
}

// A generated library may call libc's memory functions and its own; Halide's own runtime is not there.
void check_calls(const llvm::Module& module, const Kernel& kernel) {
  std::set<std::string, std::less<>> allowed = {"memset", "memcpy", "memmove", kParallelLoop,
                                                kParallelLoopInScratch};
  if (!kernel.strategy.empty()) allowed.insert({"aligned_alloc", "free"});
  for (const llvm::Function& function : module)
    if (function.isDeclaration() && !function.isIntrinsic() && !allowed.count(function.getName().str()) &&
        !function.use_empty())
      throw std::logic_error(
          fmt::format("a kernel calls {}: {}", function.getName().str(), to_string(kernel)));
}

// Only the run function of the same library calls a kernel, and nobody else the bodies of its loops.
void hide(llvm::Module& module, const std::string& symbol) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration() || function.hasLocalLinkage()) continue;
    if (function.getName() == symbol)
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
    else
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  }
}

// A kernel by a strategy is in no library, and may use what it likes.
void write_object(llvm::Module& module, const Kernel& kernel, llvm::raw_pwrite_stream& out) {
  if (!kernel.strategy.empty()) return Halide::compile_llvm_module_to_object(module, out);
  const StackFrames frames(module);
  Halide::compile_llvm_module_to_object(module, out);
  frames.require_no_error();
  check_stack(frames, kernel);
}

}  // namespace

std::string kernel_code(const Kernel& kernel, const Target& target, const std::string& symbol,
                        KernelForm form) {
  if (!kernel.strategy.empty()) silence();
  ScheduledKernel scheduled = schedule_kernel(kernel, target);
  Halide::Module module =
      Halide::Pipeline(scheduled.result)
          .compile_to_module(scheduled.arguments, symbol, target_of(kernel, target, scheduled.has_dots),
                             Halide::LinkageType::External);
  check_buffer_reads(module, kernel);
  if (kHasWrongStridedLoads) mend_strided_loads(module);
  define_comparisons(module);
  if (kernel.strategy.empty()) {
    keep_on_stack(module);
    compute_once(module, scheduled.once);
    check_scratch(module, kernel, symbol);
  }
  if (form == KernelForm::stmt) {
    std::ostringstream text;
    text << module;
    return text.str();
  }
  llvm::LLVMContext context;
  const std::unique_ptr<llvm::Module> code = Halide::compile_module_to_llvm_module(module, context);
  define_parallel_loop(*code, symbol, kernel);
  if (!kernel.strategy.empty())
    define_allocation_by_libc(*code);
  else if (kernel.all_scratch() > 0)
    define_allocation(*code);
  define_is_first(*code);
  if (kernel.output.type == ElementType::uint8) pack_bytes(*code, target);
  if (scheduled.has_dots) define_dot_products(*code, target, weight_bits_of(kernel));
  prefetch_to_second_level(*code);
  check_calls(*code, kernel);
  hide(*code, symbol);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  if (form == KernelForm::llvm) Halide::compile_llvm_module_to_llvm_assembly(*code, out);
  if (form == KernelForm::assembly) Halide::compile_llvm_module_to_assembly(*code, out);
  if (form == KernelForm::object) write_object(*code, kernel, out);
  return std::string(bytes.data(), bytes.size());
}

}  // namespace cnnc
