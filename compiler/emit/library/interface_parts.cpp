#include "emit/library/interface_parts.h"

#include "plan/ports.h"
#include "runtime/bytes_cpu.h"
#include "runtime/cnnc_rt.h"

namespace cnnc {

namespace {

constexpr const char *kLevels = "levels", *kWord = "word";  // what cnnc_rt_choose_set() gets

}  // namespace

llvm::Function* begin(Interface& f, const std::string& name, llvm::Type* result,
                      std::vector<llvm::Type*> parameters) {
  auto* function =
      llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                             llvm::GlobalValue::ExternalLinkage, f.symbols.prefix + "_" + name, f.module);
  f.ir.SetInsertPoint(llvm::BasicBlock::Create(f.module.getContext(), "", function));
  return function;
}

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

void name_for_header(const Interface& f, llvm::Function* function) {
  if (f.options.header_suffix.empty()) return;
  llvm::GlobalAlias::create(function->getValueType(), 0, llvm::GlobalValue::ExternalLinkage,
                            function->getName() + f.options.header_suffix, function, &f.module);
}

llvm::Value* low_bits(Interface& f, llvm::Value* pointer, uint64_t alignment) {
  return f.ir.CreateAnd(f.ir.CreatePtrToInt(pointer, f.ir.getInt64Ty()), f.ir.getInt64(alignment - 1));
}

void check_pointers(Interface& f, const std::vector<TensorArgument>& tensors, llvm::Value* workspace) {
  llvm::Value* any_null = f.ir.getFalse();
  llvm::Value* bits = f.ir.getInt64(0);
  const auto check = [&](llvm::Value* pointer, uint64_t alignment) {
    any_null = f.ir.CreateOr(any_null, f.ir.CreateIsNull(pointer));
    bits = f.ir.CreateOr(bits, low_bits(f, pointer, alignment));
  };
  for (const TensorArgument& tensor : tensors) check(tensor.pointer, tensor.alignment);
  check(workspace, kAlignment);
  return_if(f, any_null, CNNC_RT_ERROR_NULL);
  return_if(f, f.ir.CreateICmpNE(bits, f.ir.getInt64(0)), CNNC_RT_ERROR_ALIGNMENT);
}

uint64_t alignment_of_tensor(const Interface& f, size_t number) {
  const size_t inputs = f.plan.inputs.size();
  return static_cast<uint64_t>(
      size_of(number < inputs ? type_of_input(f.plan, number) : type_of_output(f.plan, number - inputs)));
}

llvm::Value* choose_set(Interface& f, llvm::Value* wanted) {
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
  const char* by = has_target_for_bytes(f.plans) ? CNNC_RT_SYMBOL(cnnc_rt_choose_set_of_bytes)
                                                 : CNNC_RT_SYMBOL(cnnc_rt_choose_set);
  return f.ir.CreateCall(f.module.getOrInsertFunction(by, type),
                         {f.ir.CreateBitCast(word, f.pointer()), f.ir.CreateBitCast(known, f.pointer()),
                          f.ir.getInt32(static_cast<uint32_t>(levels.size())), wanted});
}

llvm::Value* require_set(Interface& f, llvm::Value* wanted) {
  llvm::Value* set = choose_set(f, wanted);
  return_if(f, f.ir.CreateICmpSLT(set, f.ir.getInt32(0)), f.ir.CreateNeg(set));
  return set;
}

void by_set(Interface& f, llvm::Value* set, const std::function<void(size_t plan)>& of_plan) {
  if (!f.has_choice()) return of_plan(size_t{0});
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

llvm::StructType* options_type_of(Interface& f) {
  auto* threads = llvm::StructType::get(f.module.getContext(), {f.ir.getInt32Ty(), f.pointer(), f.pointer()});
  std::vector<llvm::Type*> fields = {f.size_type(), f.pointer(), f.ir.getDoubleTy()->getPointerTo(), threads};
  if (f.has_choice()) fields.push_back(f.ir.getInt32Ty());
  return llvm::StructType::get(f.module.getContext(), fields);
}

}  // namespace cnnc
