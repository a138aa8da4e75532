#include "emit/library/interface.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "emit/library/interface_parts.h"
#include "emit/library/interface_pixels.h"
#include "emit/library/interface_queries.h"
#include "emit/library/steps.h"
#include "emit/llvm/machine.h"
#include "emit/llvm/stack_frames.h"
#include "plan/ports.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

constexpr const char *kSteps = "steps", *kTimedSteps = "timed_steps",
                     *kWatchedSteps = "watched_steps";  // the bodies of a run

// A function for each plan.
using Bodies = std::vector<llvm::Function*>;

std::vector<llvm::Value*> arguments_of(const llvm::Function* function, size_t count) {
  std::vector<llvm::Value*> arguments;
  for (size_t i = 0; i < count; ++i) arguments.push_back(function->getArg(static_cast<unsigned>(i)));
  return arguments;
}

void check_pointers(Interface& f, const llvm::Function* function) {
  std::vector<TensorArgument> tensors;
  for (size_t i = 0; i < f.tensors(); ++i)
    tensors.push_back({function->getArg(static_cast<unsigned>(i)), alignment_of_tensor(f, i)});
  check_pointers(f, tensors, function->getArg(static_cast<unsigned>(f.tensors())));
}

llvm::Value* own_weights(Interface& f) {
  if (f.plans.weights_bytes == 0 || f.options.weights_file) return f.null();
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
    const bool is_output = first > 0;
    const ElementType type = is_output ? type_of_output(f.plan, i) : type_of_input(f.plan, i);
    if (type != ElementType::float32) continue;
    const auto floats = static_cast<uint64_t>(f.plan.images * shapes[i].elements());
    llvm::Value* finite = f.ir.CreateCall(
        all_finite, {function->getArg(static_cast<unsigned>(first + i)), f.ir.getInt64(floats)});
    return_if(f, f.ir.CreateICmpEQ(finite, f.ir.getInt32(0)), CNNC_RT_ERROR_NOT_FINITE);
  }
}

// Layers that other plans have and this one has not take no time.
void clear_other_layers(Interface& f, llvm::Value* seconds, const Plan& plan) {
  for (int64_t layer = count_layers(plan); layer < count_layers(f.plans); ++layer)
    f.ir.CreateStore(
        llvm::ConstantFP::get(f.ir.getDoubleTy(), 0),
        f.ir.CreateConstInBoundsGEP1_64(f.ir.getDoubleTy(), seconds, static_cast<uint64_t>(layer)));
}

// Passes the tensors and the workspace on to the steps of the chosen set, then what is given; `seconds` is
// the last of that if there are any.
void call_steps(Interface& f, const Bodies& steps, llvm::Value* set, const std::vector<llvm::Value*>& last,
                llvm::Value* seconds = nullptr) {
  check_finite(f, f.plan.input_shapes, 0);
  std::vector<llvm::Value*> arguments = arguments_of(f.ir.GetInsertBlock()->getParent(), f.tensors() + 1);
  arguments.insert(arguments.end(), last.begin(), last.end());
  if (seconds) arguments.push_back(seconds);
  by_set(f, set, [&](size_t plan) {
    f.ir.CreateCall(steps[plan], arguments);
    if (seconds) clear_other_layers(f, seconds, f.plans.of_targets[plan]);
  });
  check_finite(f, f.plan.output_shapes, f.plan.inputs.size());
  f.ir.CreateRet(f.ir.getInt32(CNNC_RT_OK));
}

void add_run(Interface& f, const Bodies& steps) {
  llvm::Function* run =
      begin(f, "run", f.ir.getInt32Ty(), std::vector<llvm::Type*>(f.tensors() + 1, f.pointer()));
  name_for_header(f, run);
  check_pointers(f, run);
  llvm::Value* set = require_set(f, f.ir.getInt32(0));
  call_steps(f, steps, set, {own_weights(f), f.null()});
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

llvm::Function* add_run_with(Interface& f, const Bodies& steps, const Bodies& timed_steps) {
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
    call_steps(f, steps, require_set(f, f.ir.getInt32(0)), {own_weights(f), f.null()});

  f.ir.SetInsertPoint(some);
  const auto field = [&](unsigned i) {
    return f.ir.CreateLoad(options_type->getElementType(i), f.ir.CreateStructGEP(options_type, options, i));
  };
  const uint64_t size = f.module.getDataLayout().getTypeAllocSize(options_type);
  return_if(f, f.ir.CreateICmpNE(field(0), llvm::ConstantInt::get(f.size_type(), size)),
            CNNC_RT_ERROR_OPTIONS);
  llvm::Value* weights = field(1);
  return_if(f, f.ir.CreateICmpNE(low_bits(f, weights, kAlignment), f.ir.getInt64(0)),
            CNNC_RT_ERROR_ALIGNMENT);
  if (f.options.weights_file)
    return_if(f, f.ir.CreateIsNull(weights), CNNC_RT_ERROR_NULL);
  else
    weights = f.ir.CreateSelect(f.ir.CreateIsNull(weights), own_weights(f), weights);
  llvm::Value* wanted = f.ir.getInt32(0);
  if (f.has_choice()) wanted = field(4);
  llvm::Value* set = require_set(f, wanted);
  llvm::Value* seconds = field(2);
  llvm::Value* threads = f.ir.CreateBitCast(f.ir.CreateStructGEP(options_type, options, 3), f.pointer());
  if (f.is_bare()) {
    return_if(f, f.ir.CreateIsNotNull(seconds), CNNC_RT_ERROR_OPTIONS);
    call_steps(f, steps, set, {weights, threads});
    return run;
  }
  auto* plain = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  auto* timed = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  f.ir.CreateCondBr(f.ir.CreateIsNull(seconds), plain, timed);
  f.ir.SetInsertPoint(plain);
  call_steps(f, steps, set, {weights, threads});
  f.ir.SetInsertPoint(timed);
  call_steps(f, timed_steps, set, {weights, threads}, seconds);
  return run;
}

bool begins_with(const std::string& text, std::string_view start) {
  return text.compare(0, start.size(), start) == 0;
}

// Of a run: a function of the header, and below it the steps, with a clock or without.
void check_stack(const StackFrames& frames) {
  int64_t steps = 0, other = 0;
  for (const auto& [function, bytes] : frames.bytes()) {
    const bool is_body = begins_with(function, kSteps) || begins_with(function, kTimedSteps) ||
                         begins_with(function, kWatchedSteps);
    int64_t& most = is_body ? steps : other;
    most = std::max(most, bytes);
  }
  if (steps + other > kMostCallersStack)
    throw std::logic_error(fmt::format("a run uses {} bytes of the stack beside its kernels, and may use {}",
                                       steps + other, kMostCallersStack));
}

Bodies add_bodies(Interface& f, const std::vector<Symbols>& symbols, const std::string& name,
                  Reports reports) {
  Bodies bodies;
  for (size_t i = 0; i < symbols.size(); ++i) {
    const Plan& plan = f.plans.of_targets[i];
    const std::string own = f.has_choice() ? fmt::format("{}_{}", name, identifier_of(plan.target)) : name;
    bodies.push_back(add_steps_function(f.module, plan, symbols[i], own, reports));
  }
  return bodies;
}

}  // namespace

std::string interface_object(const Plans& plans, const std::vector<Symbols>& symbols,
                             const InterfaceOptions& options) {
  llvm::LLVMContext context;
  const Target& target = plans.best().target;
  const auto module = make_module(symbols[0].prefix, target, context);
  Interface f{*module, plans, plans.best(), symbols[0], options, llvm::IRBuilder<>(context)};
  const Bodies steps = add_bodies(f, symbols, kSteps, Reports::nothing);
  Bodies timed_steps;
  if (!f.is_bare()) timed_steps = add_bodies(f, symbols, kTimedSteps, Reports::seconds);
  if (!options.weights_file) add_run(f, steps);
  if (options.run_by_list)
    add_run_by_list(f, steps.at(0), add_bodies(f, symbols, kWatchedSteps, Reports::seconds_and_layer).at(0));
  add_run_pixels(f, add_run_with(f, steps, timed_steps));
  add_queries(f);
  const StackFrames frames(*module);
  std::string object = object_code(*module, target);
  frames.require_no_error();
  check_stack(frames);
  return object;
}

}  // namespace cnnc
