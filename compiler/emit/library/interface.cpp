#include "emit/library/interface.h"

#include <fmt/format.h>
#include <llvm/IR/IRBuilder.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "emit/library/steps.h"
#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/machine.h"
#include "emit/llvm/stack_frames.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

constexpr uint64_t kTensorAlignment = size_of(ElementType::float32);
constexpr const char *kSteps = "steps", *kTimedSteps = "timed_steps",
                     *kWatchedSteps = "watched_steps";      // the bodies of a run
constexpr const char *kLevels = "levels", *kWord = "word";  // what cnnc_rt_choose_set() gets

// The functions under construction.
struct Interface {
  llvm::Module& module;
  const Plans& plans;
  const Plan& plan;        // the best of them: all have the same tensors
  const Symbols& symbols;  // of its
  const InterfaceOptions& options;
  llvm::IRBuilder<> ir;

  bool has_choice() const { return plans.of_targets.size() > 1; }
  size_t tensors() const { return plan.inputs.size() + plan.outputs.size(); }
  llvm::Type* pointer() { return byte_pointer(ir); }
  llvm::Constant* null() { return llvm::ConstantPointerNull::get(byte_pointer(ir)); }
};

// A function for each plan.
using Bodies = std::vector<llvm::Function*>;

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

// Returns the value where the condition holds; building goes on where it does not.
void return_if(Interface& f, llvm::Value* condition, llvm::Value* value) {
  llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  auto* stop = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  auto* go_on = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  f.ir.CreateCondBr(condition, stop, go_on);
  f.ir.SetInsertPoint(stop);
  f.ir.CreateRet(value);
  f.ir.SetInsertPoint(go_on);
}

void return_if(Interface& f, llvm::Value* condition, int code) {
  return_if(f, condition, f.ir.getInt32(static_cast<uint32_t>(code)));
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
    if (is_output && type_of_output(f.plan, i) != ElementType::float32) continue;
    const auto floats = static_cast<uint64_t>(f.plan.images * shapes[i].elements());
    llvm::Value* finite = f.ir.CreateCall(
        all_finite, {function->getArg(static_cast<unsigned>(first + i)), f.ir.getInt64(floats)});
    return_if(f, f.ir.CreateICmpEQ(finite, f.ir.getInt32(0)), CNNC_RT_ERROR_NOT_FINITE);
  }
}

// The number of the set to run, as cnnc_rt_choose_set() has it; null of a library for one.
llvm::Value* choose_set(Interface& f, llvm::Value* wanted) {
  if (!f.has_choice()) return nullptr;
  std::vector<uint32_t> levels;
  for (const Plan& plan : f.plans.of_targets)
    levels.push_back(static_cast<uint32_t>(plan.target.runtime_level));
  llvm::Value* known = f.module.getNamedGlobal(kLevels);
  llvm::Value* word = f.module.getNamedGlobal(kWord);
  if (!known) {
    llvm::Constant* table = llvm::ConstantDataArray::get(f.module.getContext(), levels);
    known = new llvm::GlobalVariable(f.module, table->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                     table, kLevels);
    word = new llvm::GlobalVariable(f.module, f.ir.getInt32Ty(), false, llvm::GlobalValue::PrivateLinkage,
                                    f.ir.getInt32(0), kWord);
  }
  llvm::Type* integer = f.ir.getInt32Ty();
  auto* type = llvm::FunctionType::get(integer, {f.pointer(), f.pointer(), integer, integer}, false);
  return f.ir.CreateCall(f.module.getOrInsertFunction(CNNC_RT_SYMBOL(cnnc_rt_choose_set), type),
                         {f.ir.CreateBitCast(word, f.pointer()), f.ir.CreateBitCast(known, f.pointer()),
                          f.ir.getInt32(static_cast<uint32_t>(levels.size())), wanted});
}

// The same, where a function of the header returns the error's code if there is none.
llvm::Value* require_set(Interface& f, llvm::Value* wanted) {
  llvm::Value* set = choose_set(f, wanted);
  if (set) return_if(f, f.ir.CreateICmpSLT(set, f.ir.getInt32(0)), f.ir.CreateNeg(set));
  return set;
}

// What `of_plan` builds, in a branch for the set of each plan; building goes on behind all. `set` is null
// where there is one plan.
template <class Function>
void by_set(Interface& f, llvm::Value* set, const Function& of_plan) {
  if (!set) return of_plan(size_t{0});
  llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  auto* behind = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  const size_t count = f.plans.of_targets.size();
  llvm::SwitchInst* choice = f.ir.CreateSwitch(set, behind, static_cast<unsigned>(count));
  for (size_t i = 0; i < count; ++i) {
    auto* here = llvm::BasicBlock::Create(f.module.getContext(), "", function);
    choice->addCase(f.ir.getInt32(static_cast<uint32_t>(i + 1)), here);
    f.ir.SetInsertPoint(here);
    of_plan(i);
    if (!f.ir.GetInsertBlock()->getTerminator()) f.ir.CreateBr(behind);
  }
  f.ir.SetInsertPoint(behind);
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
  std::vector<llvm::Value*> arguments;
  const llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  for (size_t i = 0; i <= f.tensors(); ++i) arguments.push_back(function->getArg(static_cast<unsigned>(i)));
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

// struct options { size_t size; const void* weights; double* layer_seconds; struct cnnc_rt_threads threads; }
// and, of a library for several sets, int instruction_set.
llvm::StructType* options_type_of(Interface& f) {
  auto* threads = llvm::StructType::get(f.module.getContext(), {f.ir.getInt32Ty(), f.pointer(), f.pointer()});
  std::vector<llvm::Type*> fields = {f.ir.getInt64Ty(), f.pointer(), f.ir.getDoubleTy()->getPointerTo(),
                                     threads};
  if (f.has_choice()) fields.push_back(f.ir.getInt32Ty());
  return llvm::StructType::get(f.module.getContext(), fields);
}

void add_run_with(Interface& f, const Bodies& steps, const Bodies& timed_steps) {
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
  return_if(f, f.ir.CreateICmpNE(field(0), f.ir.getInt64(size)), CNNC_RT_ERROR_OPTIONS);
  llvm::Value* weights = field(1);
  return_if(f, f.ir.CreateICmpNE(low_bits(f, weights, kAlignment), f.ir.getInt64(0)),
            CNNC_RT_ERROR_ALIGNMENT);
  if (f.options.weights_file)
    return_if(f, f.ir.CreateIsNull(weights), CNNC_RT_ERROR_NULL);
  else
    weights = f.ir.CreateSelect(f.ir.CreateIsNull(weights), own_weights(f), weights);
  llvm::Value* set = f.has_choice() ? require_set(f, field(4)) : nullptr;
  llvm::Value* seconds = field(2);
  llvm::Value* threads = f.ir.CreateBitCast(f.ir.CreateStructGEP(options_type, options, 3), f.pointer());
  auto* plain = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  auto* timed = llvm::BasicBlock::Create(f.module.getContext(), "", run);
  f.ir.CreateCondBr(f.ir.CreateIsNull(seconds), plain, timed);
  f.ir.SetInsertPoint(plain);
  call_steps(f, steps, set, {weights, threads});
  f.ir.SetInsertPoint(timed);
  call_steps(f, timed_steps, set, {weights, threads}, seconds);
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
  add_number(f, "workspace_bytes", f.ir.getInt64Ty(), workspace_bytes(f.plans));
  add_number(f, "workspace_alignment", f.ir.getInt64Ty(), kAlignment);
  add_number(f, "stack_bytes", f.ir.getInt64Ty(), CNNC_RT_STACK_BYTES);
  add_number(f, "weights_bytes", f.ir.getInt64Ty(), f.plans.weights_bytes);
  const uint64_t options_bytes = f.module.getDataLayout().getTypeAllocSize(options_type_of(f));
  add_number(f, "options_bytes", f.ir.getInt64Ty(), static_cast<int64_t>(options_bytes));
  add_number(f, "batch", f.ir.getInt32Ty(), f.plan.images);
  add_number(f, "layers", f.ir.getInt32Ty(), count_layers(f.plans));
  add_elements(f, "input_elements", f.plan.input_shapes);
  add_elements(f, "output_elements", f.plan.output_shapes);
}

void add_supported(Interface& f) {
  begin(f, "supported", f.ir.getInt32Ty(), {});
  if (llvm::Value* set = choose_set(f, f.ir.getInt32(0)))
    f.ir.CreateRet(f.ir.CreateZExt(f.ir.CreateICmpSGT(set, f.ir.getInt32(0)), f.ir.getInt32Ty()));
  else
    forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_cpu_supports),
               {f.ir.getInt32(static_cast<uint32_t>(f.plan.target.runtime_level))});
}

void add_small_functions(Interface& f) {
  llvm::Type* integer = f.ir.getInt32Ty();
  add_supported(f);
  llvm::Function* function = begin(f, "error_text", f.pointer(), {integer});
  forward_to(f,
             f.has_choice() ? CNNC_RT_SYMBOL(cnnc_rt_error_text_of_sets) : CNNC_RT_SYMBOL(cnnc_rt_error_text),
             {function->getArg(0)});
  function = begin(f, "start_threads", integer, {integer});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_start_threads), {function->getArg(0)});
  begin(f, "stop_threads", f.ir.getVoidTy(), {});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_stop_threads), {});
  if (!f.options.weights_file) return;
  llvm::Value* bytes = f.ir.getInt64(static_cast<uint64_t>(f.plans.weights_bytes));
  function = begin(f, "open_weights", integer, {f.pointer(), f.pointer()->getPointerTo()});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_map_weights),
             {function->getArg(0), bytes, f.ir.getInt64(f.options.weights_hash), function->getArg(1)});
  function = begin(f, "close_weights", f.ir.getVoidTy(), {f.pointer()});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_unmap_weights), {function->getArg(0), bytes});
}

// Returns the text of that number; null of a number that there is not. All texts are in one string, with a
// table of where each begins: pointers would have to be relocated in every process.
void return_text(Interface& f, const std::vector<std::string>& texts, llvm::Value* number) {
  std::string text;
  std::vector<uint32_t> starts;
  for (const std::string& each : texts) {
    starts.push_back(static_cast<uint32_t>(text.size()));
    text += each + '\0';
  }
  const auto add_constant = [&](llvm::Constant* value) {
    return new llvm::GlobalVariable(f.module, value->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                    value);
  };
  llvm::Function* function = f.ir.GetInsertBlock()->getParent();
  auto* known = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  auto* unknown = llvm::BasicBlock::Create(f.module.getContext(), "", function);
  f.ir.CreateCondBr(f.ir.CreateICmpULT(number, f.ir.getInt32(static_cast<uint32_t>(starts.size()))), known,
                    unknown);
  f.ir.SetInsertPoint(unknown);
  f.ir.CreateRet(f.null());
  f.ir.SetInsertPoint(known);
  auto* table = add_constant(llvm::ConstantDataArray::get(f.module.getContext(), starts));
  auto* names = add_constant(llvm::ConstantDataArray::getString(f.module.getContext(), text, false));
  llvm::Value* index = f.ir.CreateZExt(number, f.ir.getInt64Ty());
  llvm::Value* start = f.ir.CreateLoad(
      f.ir.getInt32Ty(), f.ir.CreateInBoundsGEP(table->getValueType(), table, {f.ir.getInt64(0), index}));
  f.ir.CreateRet(f.ir.CreateInBoundsGEP(names->getValueType(), names,
                                        {f.ir.getInt64(0), f.ir.CreateZExt(start, f.ir.getInt64Ty())}));
}

std::vector<std::string> layers_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps)
    if (!step.partial) names.push_back(step.name);
  return names;
}

// Of the set that is given, or of a library for one.
void return_layer_name(Interface& f, llvm::Value* set, llvm::Value* layer) {
  by_set(f, set, [&](size_t plan) { return_text(f, layers_of(f.plans.of_targets[plan]), layer); });
  if (set) f.ir.CreateRet(f.null());
}

void add_layer_name(Interface& f) {
  llvm::Type* integer = f.ir.getInt32Ty();
  llvm::Function* function = begin(f, "layer_name", f.pointer(), {integer});
  return_layer_name(f, choose_set(f, f.ir.getInt32(0)), function->getArg(0));
  if (!f.has_choice()) return;
  function = begin(f, "layer_name_of", f.pointer(), {integer, integer});
  return_layer_name(f, function->getArg(1), function->getArg(0));
}

// Sets are numbered from 1; below, it is an error's code.
void add_instruction_set(Interface& f) {
  if (!f.has_choice()) return;
  begin(f, "instruction_set", f.pointer(), {});
  std::vector<std::string> names;
  for (const Plan& plan : f.plans.of_targets) names.emplace_back(plan.target.name);
  return_text(f, names, f.ir.CreateSub(choose_set(f, f.ir.getInt32(0)), f.ir.getInt32(1)));
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
    const std::string own = f.has_choice() ? fmt::format("{}_{}", name, plan.target.name) : name;
    bodies.push_back(add_steps_function(f.module, plan, symbols[i], own, reports));
  }
  return bodies;
}

}  // namespace

std::string interface_object(const Plans& plans, const std::vector<Symbols>& symbols,
                             const InterfaceOptions& options) {
  llvm::LLVMContext context;
  const Architecture& architecture = *plans.best().target.architecture;
  const auto module = make_module(symbols[0].prefix, architecture, context);
  Interface f{*module, plans, plans.best(), symbols[0], options, llvm::IRBuilder<>(context)};
  const Bodies steps = add_bodies(f, symbols, kSteps, Reports::nothing),
               timed_steps = add_bodies(f, symbols, kTimedSteps, Reports::seconds);
  if (!options.weights_file) add_run(f, steps);
  if (options.run_by_list)
    add_run_by_list(f, steps.at(0), add_bodies(f, symbols, kWatchedSteps, Reports::seconds_and_layer).at(0));
  add_run_with(f, steps, timed_steps);
  add_small_functions(f);
  add_sizes(f);
  add_layer_name(f);
  add_instruction_set(f);
  const StackFrames frames(*module);
  std::string object = object_code(*module, architecture);
  frames.require_no_error();
  check_stack(frames);
  return object;
}

}  // namespace cnnc
