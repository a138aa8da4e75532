#include "emit/library/steps.h"

#include <algorithm>

#include "emit/kernels/kernel_code.h"
#include "emit/llvm/llvm_versions.h"
#include "runtime/bytes_halo.h"
#include "runtime/names.h"

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
  llvm::Value* image = nullptr;    // in the loop over the images of a batch: its number
  llvm::Value* clock = nullptr;    // of a timed run: when the last layer ended
  size_t layer = 0;                // the next to end
  bool reports_layer = false;      // while it is computed

  llvm::PointerType* pointer() { return byte_pointer(ir); }
  int64_t pointer_bytes() const { return plan.target.architecture->pointer_bits / 8; }
  llvm::Value* offset(llvm::Value* base, int64_t bytes) {
    return ir.CreateConstInBoundsGEP1_64(ir.getInt8Ty(), base, static_cast<uint64_t>(bytes));
  }
  llvm::Value* argument(size_t i) { return function->getArg(static_cast<unsigned>(i)); }
  llvm::Value* workspace() { return argument(plan.inputs.size() + plan.outputs.size()); }
  llvm::Value* weights() { return argument(plan.inputs.size() + plan.outputs.size() + 1); }
  llvm::Value* threads() { return argument(plan.inputs.size() + plan.outputs.size() + 2); }
  llvm::Value* seconds() { return argument(plan.inputs.size() + plan.outputs.size() + 3); }
  llvm::Value* current_layer() { return argument(plan.inputs.size() + plan.outputs.size() + 4); }
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

// The first stored float of a buffer or, of what holds a batch, of the image that is being computed.
llvm::Value* start_of(Builder& b, const Buffer& buffer) {
  llvm::Value* start = b.offset(place_of(b, buffer), buffer.offset);
  if (b.image == nullptr || buffer.layout.images == 1) return start;
  const int64_t bytes = buffer.layout.bytes_of(buffer.layout.image_stride());
  llvm::Value* skipped = b.ir.CreateMul(b.image, b.ir.getInt64(static_cast<uint64_t>(bytes)));
  return b.ir.CreateInBoundsGEP(b.ir.getInt8Ty(), start, skipped);
}

llvm::Value* origin_of(Builder& b, const Buffer& buffer) {
  return b.offset(start_of(b, buffer), buffer.layout.bytes_of(buffer.layout.origin()));
}

// Zeros around floats, which are counted as such; around others, counted in bytes, the zero point or 0.
void fill_halo(Builder& b, const Buffer& buffer) {
  const Layout& l = buffer.layout;
  const bool is_float = l.type == ElementType::float32;
  const int64_t unit = is_float ? 1 : size_of(l.type);
  const auto number = [&](int64_t n) { return b.ir.getInt64(static_cast<uint64_t>(n)); };
  std::vector<llvm::Value*> arguments{start_of(b, buffer),
                                      number(l.images * l.planes()),
                                      number(l.rows()),
                                      number(l.row_stride() * unit),
                                      number(l.top),
                                      number(l.bottom),
                                      number(l.left * l.block * unit),
                                      number(l.right * l.block * unit)};
  if (!is_float) arguments.push_back(b.ir.getInt32(static_cast<uint32_t>(buffer.halo_byte)));
  std::vector<llvm::Type*> types;
  for (const llvm::Value* argument : arguments) types.push_back(argument->getType());
  const char* name = is_float ? CNNC_RT_SYMBOL(cnnc_rt_zero_halo) : CNNC_RT_SYMBOL(cnnc_rt_fill_halo);
  auto* type = llvm::FunctionType::get(b.ir.getVoidTy(), types, false);
  b.ir.CreateCall(b.module.getOrInsertFunction(name, type), arguments);
}

// Of what is alive from this step on and is stored for so many images.
void fill_halos(Builder& b, size_t step, int64_t images) {
  for (const Buffer& buffer : b.plan.buffers)
    if (buffer.place == Buffer::Place::workspace && buffer.whole < 0 && buffer.onto < 0 &&
        buffer.layout.has_halo() && buffer.first == static_cast<int>(step) && buffer.layout.images == images)
      fill_halo(b, buffer);
}

// What a kernel that wants a context gets as its first argument.
llvm::Value* context_of(Builder& b, const Step& step) {
  if (step.scratch < 0) return b.threads();
  const auto store = [&](llvm::Value* pointer, unsigned word) {
    b.ir.CreateStore(pointer, b.ir.CreateConstInBoundsGEP1_64(b.pointer(), b.context, word));
  };
  store(b.threads(), kThreadsWord);
  store(start_of(b, b.plan.buffers[step.scratch]), kScratchWord);
  const auto stride = static_cast<uint64_t>(b.plan.own_scratch) * sizeof(float);
  store(b.ir.CreateIntToPtr(b.ir.getInt64(stride), b.pointer()), kStrideWord);
  return b.ir.CreateBitCast(b.context, b.pointer());
}

void call_kernel(Builder& b, const Step& step) {
  std::vector<llvm::Value*> addresses;
  for (const int input : step.inputs) addresses.push_back(start_of(b, b.plan.buffers[input]));
  for (const int constant : step.constants)
    addresses.push_back(b.offset(b.weights(), b.plan.constants[constant].offset));
  addresses.push_back(b.offset(origin_of(b, b.plan.buffers[step.output]), step.first_byte));
  std::vector<llvm::Value*> arguments;
  if (wants_context(b.plan.kernels[step.kernel])) arguments.push_back(context_of(b, step));
  for (size_t i = 0; i < addresses.size(); ++i) {
    llvm::Value* slot = b.offset(b.slots, static_cast<int64_t>(i) * buffer_bytes(b.pointer_bytes()));
    llvm::Value* host =
        b.ir.CreateBitCast(b.offset(slot, host_offset(b.pointer_bytes())), b.pointer()->getPointerTo());
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
  return b.ir.CreateCall(b.module.getOrInsertFunction(CNNC_RT_SYMBOL(cnnc_rt_seconds), type));
}

// Where the layer's seconds are stored.
llvm::Value* seconds_of(Builder& b, size_t layer) {
  return b.ir.CreateConstInBoundsGEP1_64(b.ir.getDoubleTy(), b.seconds(), layer);
}

// The next layer took the time since the last one; layers in the loop over images take several times.
void end_layer(Builder& b) {
  llvm::Type* number = b.ir.getDoubleTy();
  llvm::Value* after = now(b);
  llvm::Value* taken = b.ir.CreateFSub(after, b.ir.CreateLoad(number, b.clock));
  llvm::Value* seconds = seconds_of(b, b.layer++);
  if (b.image != nullptr) taken = b.ir.CreateFAdd(b.ir.CreateLoad(number, seconds), taken);
  b.ir.CreateStore(taken, seconds);
  b.ir.CreateStore(after, b.clock);
}

// The steps from `begin` to before `end`.
void call_steps(Builder& b, size_t begin, size_t end) {
  for (size_t s = begin; s < end; ++s) {
    if (b.image == nullptr) fill_halos(b, s, b.plan.images);
    if (b.image != nullptr) fill_halos(b, s, 1);
    if (b.reports_layer) b.ir.CreateStore(b.ir.getInt32(static_cast<uint32_t>(b.layer)), b.current_layer());
    call_kernel(b, b.plan.steps[s]);
    if (b.clock != nullptr && !b.plan.steps[s].partial) end_layer(b);
  }
}

// The first steps, for each image of a batch. What holds all images has its halos before.
void call_image_steps(Builder& b) {
  const auto number = [&](int64_t n) { return b.ir.getInt64(static_cast<uint64_t>(n)); };
  llvm::LLVMContext& context = b.module.getContext();
  fill_halos(b, 0, b.plan.images);
  const auto steps = static_cast<size_t>(b.plan.image_steps);
  for (size_t s = 0, layer = 0; b.clock != nullptr && s < steps; ++s)
    if (!b.plan.steps[s].partial)
      b.ir.CreateStore(llvm::ConstantFP::get(b.ir.getDoubleTy(), 0), seconds_of(b, layer++));
  auto* loop = llvm::BasicBlock::Create(context, "image", b.function);
  auto* rest = llvm::BasicBlock::Create(context, "images", b.function);
  llvm::BasicBlock* before = b.ir.GetInsertBlock();
  b.ir.CreateBr(loop);
  b.ir.SetInsertPoint(loop);
  llvm::PHINode* image = b.ir.CreatePHI(b.ir.getInt64Ty(), 2);
  image->addIncoming(number(0), before);
  b.image = image;
  call_steps(b, 0, steps);
  llvm::Value* next = b.ir.CreateAdd(image, number(1));
  image->addIncoming(next, loop);
  b.ir.CreateCondBr(b.ir.CreateICmpNE(next, number(b.plan.images)), loop, rest);
  b.ir.SetInsertPoint(rest);
  b.image = nullptr;
}

void make_slots(Builder& b) {
  size_t most = 1;
  for (const Step& step : b.plan.steps) most = std::max(most, step.inputs.size() + step.constants.size() + 1);
  auto* type =
      llvm::ArrayType::get(b.ir.getInt8Ty(), most * static_cast<uint64_t>(buffer_bytes(b.pointer_bytes())));
  auto* slots = b.ir.CreateAlloca(type);
  slots->setAlignment(llvm::Align(8));
  b.slots = b.ir.CreateBitCast(slots, b.pointer());
  b.context = b.ir.CreateAlloca(b.pointer(), b.ir.getInt32(kContextWords));
}

}  // namespace

llvm::Function* add_steps_function(llvm::Module& module, const Plan& plan, const Symbols& symbols,
                                   const std::string& name, Reports reports) {
  llvm::IRBuilder<> ir(module.getContext());
  std::vector<llvm::Type*> types(plan.inputs.size() + plan.outputs.size() + 3, byte_pointer(ir));
  const bool timed = reports != Reports::nothing, reports_layer = reports == Reports::seconds_and_layer;
  if (timed) types.push_back(ir.getDoubleTy()->getPointerTo());
  if (reports_layer) types.push_back(ir.getInt32Ty()->getPointerTo());
  auto* function = llvm::Function::Create(llvm::FunctionType::get(ir.getVoidTy(), types, false),
                                          llvm::GlobalValue::PrivateLinkage, name, module);
  ir.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "", function));
  Builder b{module, plan, symbols, llvm::IRBuilder<>(ir.GetInsertBlock()), function};
  b.reports_layer = reports_layer;
  make_slots(b);
  if (timed) {
    b.clock = b.ir.CreateAlloca(b.ir.getDoubleTy());
    b.ir.CreateStore(now(b), b.clock);
  }
  if (plan.image_steps > 0) call_image_steps(b);
  call_steps(b, static_cast<size_t>(plan.image_steps), plan.steps.size());
  b.ir.CreateRetVoid();
  return function;
}

}  // namespace cnnc
