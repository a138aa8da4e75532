#include "emit/library/interface_queries.h"

#include <cstdint>

#include "emit/library/interface_pixels.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

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
  const llvm::Function* function = begin(f, name, f.size_type(), {f.ir.getInt32Ty()});
  llvm::Value* elements = llvm::ConstantInt::get(f.size_type(), 0);
  for (size_t i = 0; i < shapes.size(); ++i) {
    llvm::Value* is_this = f.ir.CreateICmpEQ(function->getArg(0), f.ir.getInt32(static_cast<uint32_t>(i)));
    const int64_t number = f.plan.images * shapes[i].elements();
    elements = f.ir.CreateSelect(
        is_this, llvm::ConstantInt::get(f.size_type(), static_cast<uint64_t>(number)), elements);
  }
  f.ir.CreateRet(elements);
}

// What the header has as macros.
void add_sizes(Interface& f) {
  add_number(f, "workspace_bytes", f.size_type(), workspace_bytes(f.plans));
  add_number(f, "workspace_alignment", f.size_type(), kAlignment);
  add_number(f, "stack_bytes", f.size_type(), CNNC_RT_STACK_BYTES);
  add_number(f, "weights_bytes", f.size_type(), f.plans.weights_bytes);
  const uint64_t options_bytes = f.module.getDataLayout().getTypeAllocSize(options_type_of(f));
  add_number(f, "options_bytes", f.size_type(), static_cast<int64_t>(options_bytes));
  add_number(f, "batch", f.ir.getInt32Ty(), f.plan.images);
  add_number(f, "layers", f.ir.getInt32Ty(), count_layers(f.plans));
  add_elements(f, "input_elements", f.plan.input_shapes);
  add_elements(f, "output_elements", f.plan.output_shapes);
}

void add_supported(Interface& f) {
  begin(f, "supported", f.ir.getInt32Ty(), {});
  llvm::Value* set = choose_set(f, f.ir.getInt32(0));
  f.ir.CreateRet(f.ir.CreateZExt(f.ir.CreateICmpSGT(set, f.ir.getInt32(0)), f.ir.getInt32Ty()));
}

// Of the error that only a run of pictures has.
void return_text_of_pixels(Interface& f, llvm::Value* code) {
  auto* type = llvm::FunctionType::get(f.pointer(), false);
  llvm::Value* text =
      f.ir.CreateCall(f.module.getOrInsertFunction(CNNC_RT_SYMBOL(cnnc_rt_pixels_error_text), type), {});
  return_if(f, f.ir.CreateICmpEQ(code, f.ir.getInt32(CNNC_RT_ERROR_PIXELS)), text);
}

void add_small_functions(Interface& f) {
  llvm::Type* integer = f.ir.getInt32Ty();
  add_supported(f);
  llvm::Function* function = begin(f, "error_text", f.pointer(), {integer});
  if (reads_pixels(f.plan)) return_text_of_pixels(f, function->getArg(0));
  forward_to(f,
             f.has_choice() ? CNNC_RT_SYMBOL(cnnc_rt_error_text_of_sets) : CNNC_RT_SYMBOL(cnnc_rt_error_text),
             {function->getArg(0)});
  if (f.is_bare()) return;
  function = begin(f, "start_threads", integer, {integer});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_start_threads), {function->getArg(0)});
  begin(f, "stop_threads", f.ir.getVoidTy(), {});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_stop_threads), {});
}

// What opens the weights file and closes it; where there are no files, what looks at its bytes.
void add_weights_functions(Interface& f) {
  if (!f.options.weights_file) return;
  llvm::Type* integer = f.ir.getInt32Ty();
  llvm::Value* bytes = llvm::ConstantInt::get(f.size_type(), static_cast<uint64_t>(f.plans.weights_bytes));
  llvm::Value* hash = f.ir.getInt64(f.options.weights_hash);
  if (f.is_bare()) {
    const llvm::Function* check = begin(f, "check_weights", integer, {f.pointer()});
    return forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_check_weights), {check->getArg(0), bytes, hash});
  }
  llvm::Function* function = begin(f, "open_weights", integer, {f.pointer(), f.pointer()->getPointerTo()});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_map_weights), {function->getArg(0), bytes, hash, function->getArg(1)});
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

// Of the set that is given; in a library for one, of that.
void return_layer_name(Interface& f, llvm::Value* set, llvm::Value* layer) {
  by_set(f, set, [&](size_t plan) { return_text(f, layers_of(f.plans.of_targets[plan]), layer); });
  if (f.has_choice()) f.ir.CreateRet(f.null());
}

void add_layer_name(Interface& f) {
  llvm::Type* integer = f.ir.getInt32Ty();
  llvm::Function* function = begin(f, "layer_name", f.pointer(), {integer});
  return_layer_name(f, f.has_choice() ? choose_set(f, f.ir.getInt32(0)) : nullptr, function->getArg(0));
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

// NAME_label() and NAME_top().
void add_labels(Interface& f) {
  const std::vector<std::string>& labels = f.options.labels;
  if (labels.empty()) return;
  llvm::Type* integer = f.ir.getInt32Ty();
  llvm::Function* function = begin(f, "label", f.pointer(), {integer});
  return_text(f, labels, function->getArg(0));
  function = begin(f, "top", f.ir.getVoidTy(), {f.pointer(), integer, f.pointer()});
  forward_to(f, CNNC_RT_SYMBOL(cnnc_rt_top),
             {function->getArg(0), f.ir.getInt32(static_cast<uint32_t>(labels.size())), function->getArg(1),
              function->getArg(2)});
}

}  // namespace

void add_queries(Interface& f) {
  add_small_functions(f);
  add_weights_functions(f);
  add_sizes(f);
  add_layer_name(f);
  add_instruction_set(f);
  add_labels(f);
}

}  // namespace cnnc
