#include "emit/library/interface.h"

#include <fmt/format.h>
#include <llvm/IR/IRBuilder.h>

#include <algorithm>
#include <stdexcept>

#include "emit/library/steps.h"
#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/machine.h"
#include "emit/llvm/stack_frames.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

constexpr uint64_t kTensorAlignment = size_of(ElementType::float32);
constexpr const char *kSteps = "steps", *kTimedSteps = "timed_steps",
                     *kWatchedSteps = "watched_steps";  // the bodies of a run

// The functions under construction.
struct Interface {
  llvm::Module& module;
  const Plan& plan;
  const Symbols& symbols;
  const InterfaceOptions& options;
  llvm::IRBuilder<> ir;

  size_t tensors() const { return plan.inputs.size() + plan.outputs.size(); }
  llvm::Type* pointer() { return byte_pointer(ir); }
  llvm::Constant* null() { return llvm::ConstantPointerNull::get(byte_pointer(ir)); }
};

// Adds a function of the header and starts its body.
llvm::Function* begin(Interface& f, const std::string& name, llvm::Type* result,
                      std::vector<llvm::Type*> parameters) {
  auto* function =
      llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                             llvm::GlobalValue::ExternalLinkage, f.symbols.prefix + "_" + name, f.module);
  f.ir.SetInsertPoint(llvm::BasicBlock::Create(f.module.getContext(), "", function));
  return function;
}

// The second name of a function of the header, by which programs call it that were compiled with this header.
void name_for_header(const Interface& f, llvm::Function* function) {
  if (f.options.header_suffix.empty()) return;
  llvm::GlobalAlias::create(function->getValueType(), 0, llvm::GlobalValue::ExternalLinkage,
                            function->getName() + f.options.header_suffix, function, &f.module);
}

// Returns the code where the condition holds; building goes on where it does not.
void return_if(Interface& f, llvm::Value* condition, int code) {
  llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  auto* stop = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  auto* go_on = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  f.ir.CreateCondBr(condition, stop, go_on);
  f.ir.SetInsertPoint(stop);
  f.ir.CreateRet(f.ir.getInt32(static_cast<uint32_t>(code)));
  f.ir.SetInsertPoint(go_on);
}

llvm::Value* low_bits(Interface& f, llvm::Value* pointer, uint64_t alignment) {
  return f.ir.CreateAnd(f.ir.CreatePtrToInt(pointer, f.ir.getInt64Ty()), f.ir.getInt64(alignment - 1));
}

// The checks of tensors and workspace that every run begins with, joined so that two branches do for all.
void check_pointers(Interface& f, const llvm::Function* function) {
  llvm::Value* any_null = f.ir.getFalse();
  llvm::Value* bits = f.ir.getInt64(0);
  for (size_t i = 0; i <= f.tensors(); ++i) {
    llvm::Value* pointer = function->getArg(static_cast<unsigned>(i));
    any_null = f.ir.CreateOr(any_null, f.ir.CreateIsNull(pointer));
    bits = f.ir.CreateOr(bits, low_bits(f, pointer, i < f.tensors() ? kTensorAlignment : kAlignment));
  }
  return_if(f, any_null, CNNC_RT_ERROR_NULL);
  return_if(f, f.ir.CreateICmpNE(bits, f.ir.getInt64(0)), CNNC_RT_ERROR_ALIGNMENT);
}

llvm::Value* own_weights(Interface& f) {
  if (f.plan.weights_bytes == 0 || f.options.weights_file) return f.null();
  auto* weights =
      llvm::cast<llvm::GlobalVariable>(f.module.getOrInsertGlobal(f.symbols.weights, f.ir.getInt8Ty()));
  weights->setVisibility(llvm::GlobalValue::HiddenVisibility);
  weights->setConstant(true);
  return weights;
}

// Code that returns CNNC_RT_ERROR_NOT_FINITE where one of the tensors of these shapes, which the arguments
// from the given one on point to, has an infinity or a NaN.
void check_finite(Interface& f, const std::vector<Shape>& shapes, size_t first) {
  if (!f.options.check_finite) return;
  auto* type = llvm::FunctionType::get(f.ir.getInt32Ty(), {f.pointer(), f.ir.getInt64Ty()}, false);
  const llvm::FunctionCallee all_finite =
      f.module.getOrInsertFunction(CNNC_RT_SYMBOL(cnnc_rt_all_finite), type);
  const llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  for (size_t i = 0; i < shapes.size(); ++i) {
    const auto floats = static_cast<uint64_t>(f.plan.images * shapes[i].elements());
    llvm::Value* finite = f.ir.CreateCall(
        all_finite, {function->getArg(static_cast<unsigned>(first + i)), f.ir.getInt64(floats)});
    return_if(f, f.ir.CreateICmpEQ(finite, f.ir.getInt32(0)), CNNC_RT_ERROR_NOT_FINITE);
  }
}

// Passes the tensors and the workspace on, then what is given.
void call_steps(Interface& f, llvm::Function* steps, std::vector<llvm::Value*> last) {
  check_finite(f, f.plan.input_shapes, 0);
  std::vector<llvm::Value*> arguments;
  const llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  for (size_t i = 0; i <= f.tensors(); ++i) arguments.push_back(function->getArg(static_cast<unsigned>(i)));
  arguments.insert(arguments.end(), last.begin(), last.end());
  f.ir.CreateCall(steps, arguments);
  check_finite(f, f.plan.output_shapes, f.plan.inputs.size());
  f.ir.CreateRet(f.ir.getInt32(CNNC_RT_OK));
}

void add_run(Interface& f, llvm::Function* steps) {
  llvm::Function* run =
      begin(f, "run", f.ir.getInt32Ty(), std::vector<llvm::Type*>(f.tensors() + 1, f.pointer()));
  name_for_header(f, run);
  check_pointers(f, run);
  call_steps(f, steps, {own_weights(f), f.null()});
}

// For callers that learn the number of tensors only while they run.
void add_run_by_list(Interface& f, llvm::Function* steps, llvm::Function* watched_steps) {
  llvm::Function* by_list = begin(f, "run_by_list", f.ir.getInt32Ty(), {f.pointer()->getPointerTo()});
  std::vector<llvm::Value*> pointers;
  for (size_t i = 0; i < f.tensors() + 5; ++i)
    pointers.push_back(
        f.ir.CreateLoad(f.pointer(), f.ir.CreateConstInBoundsGEP1_64(f.pointer(), by_list->getArg(0), i)));
  llvm::Value* layer = pointers.back();
  pointers.pop_back();
  llvm::Value* seconds = pointers.back();
  pointers.pop_back();
  auto* plain = llvm::BasicBlock::Create(f.module.getContext(), "", by_list);
  auto* timed = llvm::BasicBlock::Create(f.module.getContext(), "", by_list);
  f.ir.CreateCondBr(f.ir.CreateIsNull(seconds), plain, timed);
  f.ir.SetInsertPoint(plain);
  f.ir.CreateCall(steps, pointers);
  f.ir.CreateRet(f.ir.getInt32(CNNC_RT_OK));
  f.ir.SetInsertPoint(timed);
  pointers.push_back(f.ir.CreateBitCast(seconds, f.ir.getDoubleTy()->getPointerTo()));
  pointers.push_back(f.ir.CreateBitCast(layer, f.ir.getInt32Ty()->getPointerTo()));
  f.ir.CreateCall(watched_steps, pointers);
  f.ir.CreateRet(f.ir.getInt32(CNNC_RT_OK));
}

// struct options { size_t size; const void* weights; double* layer_seconds; struct cnnc_rt_threads threads; }
llvm::StructType* options_type_of(Interface& f) {
  auto* threads = llvm::StructType::get(f.module.getContext(), {f.ir.getInt32Ty(), f.pointer(), f.pointer()});
  return llvm::StructType::get(f.module.getContext(),
                               {f.ir.getInt64Ty(), f.pointer(), f.ir.getDoubleTy()->getPointerTo(), threads});
}

void add_run_with(Interface& f, llvm::Function* steps, llvm::Function* timed_steps) {
  llvm::StructType* options_type = options_type_of(f);
  std::vector<llvm::Type*> types(f.tensors() + 1, f.pointer());
  types.push_back(options_type->getPointerTo());
  llvm::Function* run = begin(f, "run_with", f.ir.getInt32Ty(), types);
  name_for_header(f, run);
  llvm::Value* options = run->getArg(static_cast<unsigned>(f.tensors() + 1));
  check_pointers(f, run);

  auto* none = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  auto* some = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  f.ir.CreateCondBr(f.ir.CreateIsNull(options), none, some);
  f.ir.SetInsertPoint(none);
  if (f.options.weights_file)
    f.ir.CreateRet(f.ir.getInt32(CNNC_RT_ERROR_NULL));
  else
    call_steps(f, steps, {own_weights(f), f.null()});

  f.ir.SetInsertPoint(some);
  const auto field = [&](unsigned i) {
    return f.ir.CreateLoad(options_type->getElementType(i), f.ir.CreateStructGEP(options_type, options, i));
  };
  const uint64_t size = f.module.getDataLayout().getTypeAllocSize(options_type);
  return_if(f, f.ir.CreateICmpNE(field(0), f.ir.getInt64(size)), CNNC_RT_ERROR_OPTIONS);
  llvm::Value* weights = field(1);
  return_if(f, f.ir.CreateICmpNE(low_bits(f, weights, kAlignment), f.ir.getInt64(0)),
            CNNC_RT_ERROR_ALIGNMENT);
  if (f.options.weights_file)
    return_if(f, f.ir.CreateIsNull(weights), CNNC_RT_ERROR_NULL);
  else
    weights = f.ir.CreateSelect(f.ir.CreateIsNull(weights), own_weights(f), weights);
  llvm::Value* seconds = field(2);
  llvm::Value* threads = f.ir.CreateBitCast(f.ir.CreateStructGEP(options_type, options, 3), f.pointer());
  auto* plain = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  auto* timed = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  f.ir.CreateCondBr(f.ir.CreateIsNull(seconds), plain, timed);
  f.ir.SetInsertPoint(plain);
  call_steps(f, steps, {weights, threads});
  f.ir.SetInsertPoint(timed);
  call_steps(f, timed_steps, {weights, threads, seconds});
}

// Ends the function with a call of one of the runtime, whose result is its own.
void forward_to(Interface& f, const std::string& target, const std::vector<llvm::Value*>& arguments) {
  llvm::Type* result = f.ir.GetInsertBlock()->getParent()->getReturnType();
  std::vector<llvm::Type*> types;
  for (const llvm::Value* argument : arguments) types.push_back(argument->getType());
  llvm::Value* value = f.ir.CreateCall(
      f.module.getOrInsertFunction(target, llvm::FunctionType::get(result, types, false)), arguments);
  if (result->isVoidTy())
    f.ir.CreateRetVoid();
  else
    f.ir.CreateRet(value);
}

void add_number(Interface& f, const std::string& name, llvm::IntegerType* type, int64_t number) {
  begin(f, name, type, {});
  f.ir.CreateRet(llvm::ConstantInt::get(type, static_cast<uint64_t>(number)));
}

// The elements of the tensor with the number that is the argument, or 0.
void add_elements(Interface& f, const std::string& name, const std::vector<Shape>& shapes) {
  const llvm::Function* function = begin(f, name, f.ir.getInt64Ty(), {f.ir.getInt32Ty()});
  llvm::Value* elements = f.ir.getInt64(0);
  for (size_t i = 0; i < shapes.size(); ++i) {
    llvm::Value* is_this = f.ir.CreateICmpEQ(function->getArg(0), f.ir.getInt32(static_cast<uint32_t>(i)));
    const int64_t number = f.plan.images * shapes[i].elements();
    elements = f.ir.CreateSelect(is_this, f.ir.getInt64(static_cast<uint64_t>(number)), elements);
  }
  f.ir.CreateRet(elements);
}

// What the header has as macros.
void add_sizes(Interface& f) {
  add_number(f, "workspace_bytes", f.ir.getInt64Ty(), f.plan.workspace_bytes);
  add_number(f, "workspace_alignment", f.ir.getInt64Ty(), kAlignment);
  add_number(f, "stack_bytes", f.ir.getInt64Ty(), CNNC_RT_STACK_BYTES);
  add_number(f, "weights_bytes", f.ir.getInt64Ty(), f.plan.weights_bytes);
  add_number(f, "batch", f.ir.getInt32Ty(), f.plan.images);
  add_number(f, "layers", f.ir.getInt32Ty(), count_layers(f.plan));
  add_elements(f, "input_elements", f.plan.input_shapes);
  add_elements(f, "output_elements", f.plan.output_shapes);
}

void add_small_functions(Interface& f) {
  llvm::Type* integer = f.ir.getInt32Ty();
  begin(f, "supported", integer, {});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_cpu_supports),
             {f.ir.getInt32(static_cast<uint32_t>(f.plan.target.runtime_level))});
  llvm::Function* function = begin(f, "error_text", f.pointer(), {integer});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_error_text), {function->getArg(0)});
  function = begin(f, "start_threads", integer, {integer});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_start_threads), {function->getArg(0)});
  begin(f, "stop_threads", f.ir.getVoidTy(), {});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_stop_threads), {});
  if (!f.options.weights_file) return;
  llvm::Value* bytes = f.ir.getInt64(static_cast<uint64_t>(f.plan.weights_bytes));
  function = begin(f, "open_weights", integer, {f.pointer(), f.pointer()->getPointerTo()});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_map_weights),
             {function->getArg(0), bytes, f.ir.getInt64(f.options.weights_hash), function->getArg(1)});
  function = begin(f, "close_weights", f.ir.getVoidTy(), {f.pointer()});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_unmap_weights), {function->getArg(0), bytes});
}

// All names in one string and where each begins: pointers would have to be relocated in every process.
void add_layer_name(Interface& f) {
  std::string text;
  std::vector<uint32_t> starts;
  for (const Step& step : f.plan.steps) {
    if (step.partial) continue;
    starts.push_back(static_cast<uint32_t>(text.size()));
    text += step.name + '\0';
  }
  const auto add_constant = [&](llvm::Constant* value) {
    return new llvm::GlobalVariable(f.module, value->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                    value);
  };
  llvm::Function* function = begin(f, "layer_name", f.pointer(), {f.ir.getInt32Ty()});
  llvm::Value* layer = function->getArg(0);
  auto* known = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  auto* unknown = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  f.ir.CreateCondBr(f.ir.CreateICmpULT(layer, f.ir.getInt32(static_cast<uint32_t>(starts.size()))), known,
                    unknown);
  f.ir.SetInsertPoint(unknown);
  f.ir.CreateRet(f.null());
  f.ir.SetInsertPoint(known);
  auto* table = add_constant(llvm::ConstantDataArray::get(f.module.getContext(), starts));
  auto* names = add_constant(llvm::ConstantDataArray::getString(f.module.getContext(), text, false));
  llvm::Value* index = f.ir.CreateZExt(layer, f.ir.getInt64Ty());
  llvm::Value* start = f.ir.CreateLoad(
      f.ir.getInt32Ty(), f.ir.CreateInBoundsGEP(table->getValueType(), table, {f.ir.getInt64(0), index}));
  f.ir.CreateRet(f.ir.CreateInBoundsGEP(names->getValueType(), names,
                                        {f.ir.getInt64(0), f.ir.CreateZExt(start, f.ir.getInt64Ty())}));
}

// Of a run: a function of the header, and below it the steps, with a clock or without.
void check_stack(const StackFrames& frames) {
  int64_t steps = 0, other = 0;
  for (const auto& [function, bytes] : frames.bytes()) {
    int64_t& most =
        function == kSteps || function == kTimedSteps || function == kWatchedSteps ? steps : other;
    most = std::max(most, bytes);
  }
  if (steps + other > kMostCallersStack)
    throw std::logic_error(fmt::format("a run uses {} bytes of the stack beside its kernels, and may use {}",
                                       steps + other, kMostCallersStack));
}

}  // namespace

std::string interface_object(const Plan& plan, const Symbols& symbols, const InterfaceOptions& options) {
  llvm::LLVMContext context;
  const auto module = make_module(symbols.prefix, *plan.target.architecture, context);
  Interface f{*module, plan, symbols, options, llvm::IRBuilder<>(context)};
  llvm::Function* steps = add_steps_function(*module, plan, symbols, kSteps, Reports::nothing);
  llvm::Function* timed_steps = add_steps_function(*module, plan, symbols, kTimedSteps, Reports::seconds);
  if (!options.weights_file) add_run(f, steps);
  if (options.run_by_list)
    add_run_by_list(f, steps,
                    add_steps_function(*module, plan, symbols, kWatchedSteps, Reports::seconds_and_layer));
  add_run_with(f, steps, timed_steps);
  add_small_functions(f);
  add_sizes(f);
  add_layer_name(f);
  const StackFrames frames(*module);
  std::string object = object_code(*module, *plan.target.architecture);
  frames.require_no_error();
  check_stack(frames);
  return object;
}

}  // namespace cnnc
