#include "emit/steps.h"

#include <algorithm>

#include "emit/kernel_code.h"

namespace cnnc {

namespace {

// The code of one function under construction.
struct Builder {
  llvm::Module& module;
  const Plan& plan;
  const Symbols& symbols;
  llvm::IRBuilder<> ir;
  llvm::Function* function;
  llvm::Value* slots = nullptr;    // buffers for the arguments of one call
  llvm::Value* context = nullptr;  // struct KernelContext, see kernel_code.h

  llvm::PointerType* pointer() { return ir.getInt8PtrTy(); }
  llvm::Value* offset(llvm::Value* base, int64_t bytes) {
    return ir.CreateConstInBoundsGEP1_64(ir.getInt8Ty(), base, static_cast<uint64_t>(bytes));
  }
  llvm::Value* argument(size_t i) { return function->getArg(static_cast<unsigned>(i)); }
  llvm::Value* workspace() { return argument(plan.inputs.size() + plan.outputs.size()); }
  llvm::Value* weights() { return argument(plan.inputs.size() + plan.outputs.size() + 1); }
  llvm::Value* threads() { return argument(plan.inputs.size() + plan.outputs.size() + 2); }
  llvm::Value* seconds() { return argument(plan.inputs.size() + plan.outputs.size() + 3); }
};

llvm::Value* place_of(Builder& b, const Buffer& buffer) {
  switch (buffer.place) {
    case Buffer::Place::input:
      return b.argument(static_cast<size_t>(buffer.index));
    case Buffer::Place::output:
      return b.argument(b.plan.inputs.size() + static_cast<size_t>(buffer.index));
    case Buffer::Place::workspace:
      return b.workspace();
  }
  return nullptr;
}

// The first stored float of a buffer.
llvm::Value* start_of(Builder& b, const Buffer& buffer) {
  return b.offset(place_of(b, buffer), buffer.offset);
}

llvm::Value* origin_of(Builder& b, const Buffer& buffer) {
  return b.offset(start_of(b, buffer), buffer.layout.origin() * static_cast<int64_t>(sizeof(float)));
}

void zero_halo(Builder& b, const Buffer& buffer) {
  const Layout& l = buffer.layout;
  llvm::Type* size = b.ir.getInt64Ty();
  auto* type = llvm::FunctionType::get(b.ir.getVoidTy(),
                                       {b.pointer(), size, size, size, size, size, size, size}, false);
  const auto number = [&](int64_t n) { return b.ir.getInt64(static_cast<uint64_t>(n)); };
  b.ir.CreateCall(
      b.module.getOrInsertFunction("cnnc_rt_zero_halo", type),
      {start_of(b, buffer), number(l.images * l.planes()), number(l.rows()), number(l.row_stride()),
       number(l.top), number(l.bottom), number(l.left * l.block), number(l.right * l.block)});
}

// What a kernel that wants a context gets as its first argument.
llvm::Value* context_of(Builder& b, const Step& step) {
  if (step.scratch < 0) return b.threads();
  const auto store = [&](llvm::Value* pointer, unsigned word) {
    b.ir.CreateStore(pointer, b.ir.CreateConstInBoundsGEP1_64(b.pointer(), b.context, word));
  };
  store(b.threads(), kThreadsWord);
  store(start_of(b, b.plan.buffers[step.scratch]), kScratchWord);
  return b.ir.CreateBitCast(b.context, b.pointer());
}

void call_kernel(Builder& b, const Step& step) {
  std::vector<llvm::Value*> addresses;
  for (const int input : step.inputs) addresses.push_back(start_of(b, b.plan.buffers[input]));
  for (const int constant : step.constants)
    addresses.push_back(b.offset(b.weights(), b.plan.constants[constant].offset));
  addresses.push_back(b.offset(origin_of(b, b.plan.buffers[step.output]),
                               step.first_float * static_cast<int64_t>(sizeof(float))));
  std::vector<llvm::Value*> arguments;
  if (wants_context(b.plan.kernels[step.kernel])) arguments.push_back(context_of(b, step));
  for (size_t i = 0; i < addresses.size(); ++i) {
    llvm::Value* slot = b.offset(b.slots, static_cast<int64_t>(i * kBufferBytes));
    llvm::Value* host = b.ir.CreateBitCast(b.offset(slot, kHostOffset), b.pointer()->getPointerTo());
    b.ir.CreateStore(addresses[i], host);
    arguments.push_back(slot);
  }
  auto* type = llvm::FunctionType::get(b.ir.getInt32Ty(),
                                       std::vector<llvm::Type*>(arguments.size(), b.pointer()), false);
  llvm::FunctionCallee kernel = b.module.getOrInsertFunction(b.symbols.kernels[step.kernel], type);
  llvm::cast<llvm::Function>(kernel.getCallee())->setVisibility(llvm::GlobalValue::HiddenVisibility);
  b.ir.CreateCall(kernel, arguments);
}

llvm::Value* now(Builder& b) {
  auto* type = llvm::FunctionType::get(b.ir.getDoubleTy(), false);
  return b.ir.CreateCall(b.module.getOrInsertFunction("cnnc_rt_seconds", type));
}

void make_slots(Builder& b) {
  size_t most = 1;
  for (const Step& step : b.plan.steps) most = std::max(most, step.inputs.size() + step.constants.size() + 1);
  auto* type = llvm::ArrayType::get(b.ir.getInt8Ty(), most * kBufferBytes);
  auto* slots = b.ir.CreateAlloca(type);
  slots->setAlignment(llvm::Align(8));
  b.slots = b.ir.CreateBitCast(slots, b.pointer());
  b.context = b.ir.CreateAlloca(b.pointer(), b.ir.getInt32(kContextWords));
}

}  // namespace

llvm::Function* add_steps_function(llvm::Module& module, const Plan& plan, const Symbols& symbols,
                                   const std::string& name, bool timed) {
  llvm::IRBuilder<> ir(module.getContext());
  std::vector<llvm::Type*> types(plan.inputs.size() + plan.outputs.size() + 3, ir.getInt8PtrTy());
  if (timed) types.push_back(ir.getDoubleTy()->getPointerTo());
  auto* function = llvm::Function::Create(llvm::FunctionType::get(ir.getVoidTy(), types, false),
                                          llvm::GlobalValue::PrivateLinkage, name, module);
  ir.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "", function));
  Builder b{module, plan, symbols, llvm::IRBuilder<>(ir.GetInsertBlock()), function};
  make_slots(b);
  llvm::Value* before = timed ? now(b) : nullptr;
  size_t layer = 0;
  for (size_t s = 0; s < plan.steps.size(); ++s) {
    for (const Buffer& buffer : plan.buffers)
      if (buffer.place == Buffer::Place::workspace && buffer.whole < 0 && buffer.onto < 0 &&
          buffer.layout.has_halo() && buffer.first == static_cast<int>(s))
        zero_halo(b, buffer);
    call_kernel(b, plan.steps[s]);
    if (!timed || plan.steps[s].partial) continue;
    llvm::Value* after = now(b);
    b.ir.CreateStore(b.ir.CreateFSub(after, before),
                     b.ir.CreateConstInBoundsGEP1_64(b.ir.getDoubleTy(), b.seconds(), layer++));
    before = after;
  }
  b.ir.CreateRetVoid();
  return function;
}

}  // namespace cnnc
