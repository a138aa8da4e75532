// What the functions of a library's header are built with. For interface*.cpp alone.
#pragma once
#include <llvm/IR/IRBuilder.h>

#include <functional>
#include <string>
#include <vector>

#include "emit/library/interface.h"
#include "emit/llvm/llvm_versions.h"
#include "emit/llvm/machine.h"

namespace cnnc {

// The functions under construction.
struct Interface {
  llvm::Module& module;
  const Plans& plans;
  const Plan& plan;        // the best of them: all have the same tensors
  const Symbols& symbols;  // of its
  const InterfaceOptions& options;
  llvm::IRBuilder<> ir;

  // Without a clock, threads and files.
  bool is_bare() const { return plan.target.system->is_bare; }
  bool has_choice() const { return plans.of_targets.size() > 1; }
  size_t tensors() const { return plan.inputs.size() + plan.outputs.size(); }
  llvm::IntegerType* size_type() const { return cnnc::size_type(module); }
  llvm::Type* pointer() { return byte_pointer(ir); }
  llvm::Constant* null() { return llvm::ConstantPointerNull::get(byte_pointer(ir)); }
};

// Adds a function of the header and starts its body.
llvm::Function* begin(Interface& f, const std::string& name, llvm::Type* result,
                      std::vector<llvm::Type*> parameters);

// Returns the value where the condition holds; building goes on where it does not.
void return_if(Interface& f, llvm::Value* condition, llvm::Value* value);
void return_if(Interface& f, llvm::Value* condition, int code);

// The second name of a function of the header, by which programs call it that were compiled with this header.
void name_for_header(const Interface& f, llvm::Function* function);

llvm::Value* low_bits(Interface& f, llvm::Value* pointer, uint64_t alignment);

// The checks of tensors and workspace that every run begins with, joined so that two branches do for all.
struct TensorArgument {
  llvm::Value* pointer;
  uint64_t alignment;
};
void check_pointers(Interface& f, const std::vector<TensorArgument>& tensors, llvm::Value* workspace);
// That of the inputs' and then the outputs' elements.
uint64_t alignment_of_tensor(const Interface& f, size_t number);

// The number of the set to run, or an error, as cnnc_rt_choose_set() has it. `wanted` is 0 in a library for
// one.
llvm::Value* choose_set(Interface& f, llvm::Value* wanted);
// The same, where a function of the header returns the error's code if there is none.
llvm::Value* require_set(Interface& f, llvm::Value* wanted);
// What `of_plan` builds, in a branch for the set of each plan; building goes on behind all. Of one plan there
// is no branch, whatever the set.
void by_set(Interface& f, llvm::Value* set, const std::function<void(size_t plan)>& of_plan);

// struct options { size_t size; const void* weights; double* layer_seconds; struct cnnc_rt_threads threads; }
// and, of a library for several sets, int instruction_set.
llvm::StructType* options_type_of(Interface& f);

}  // namespace cnnc
