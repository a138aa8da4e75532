#include "emit/kernels/dot_products.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicsX86.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

namespace {

using llvm::Value;

// LLVM makes its machine by the module's flags, but attributes of functions win over it.
void set_features(llvm::Module& module, const Target& target) {
  const char *cpu = target.architecture->baseline_cpu, *features = target.dot_features;
  llvm::SmallVector<llvm::Module::ModuleFlagEntry, 8> flags;
  module.getModuleFlagsMetadata(flags);
  module.getOrInsertModuleFlagsMetadata()->clearOperands();
  for (const auto& flag : flags) {
    const std::string name = flag.Key->getString().str();
    llvm::Metadata* value = flag.Val;
    if (name.rfind("halide_mcpu", 0) == 0) value = llvm::MDString::get(module.getContext(), cpu);
    if (name == "halide_mattrs") value = llvm::MDString::get(module.getContext(), features);
    module.addModuleFlag(flag.Behavior, name, value);
  }
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    function.addFnAttr("target-cpu", cpu);
    function.addFnAttr("tune-cpu", cpu);
    function.addFnAttr("target-features", features);
  }
}

// Halide takes a target with dot products for one with AVX, whose instruction for rounding eight floats
// SSE4.1 lacks. LLVM's own function becomes what the target has.
void use_own_rounding(llvm::Module& module) {
  constexpr uint64_t kWay = 3;  // of the instruction's bits, those that say where to
  const llvm::Intrinsic::ID by_way[] = {llvm::Intrinsic::nearbyint, llvm::Intrinsic::floor,
                                        llvm::Intrinsic::ceil, llvm::Intrinsic::trunc};
  std::vector<llvm::CallInst*> calls;
  for (llvm::Function& function : module)
    if (function.getName().str().rfind("llvm.x86.avx.round.ps.256", 0) == 0)
      for (llvm::User* user : function.users()) calls.push_back(llvm::cast<llvm::CallInst>(user));
  for (llvm::CallInst* call : calls) {
    const uint64_t bits = llvm::cast<llvm::ConstantInt>(call->getArgOperand(1))->getZExtValue();
    llvm::IRBuilder<> ir(call);
    llvm::Function* own = llvm::Intrinsic::getDeclaration(&module, by_way[bits & kWay], {call->getType()});
    call->replaceAllUsesWith(ir.CreateCall(own, {call->getArgOperand(0)}));
    call->eraseFromParent();
  }
}

// The calls of an instruction, whatever its vectors.
std::vector<llvm::CallInst*> calls_of(llvm::Module& module, const char* instruction) {
  std::vector<llvm::CallInst*> calls;
  for (llvm::Function& function : module)
    if (function.getName().str().rfind(instruction, 0) == 0)
      for (llvm::User* user : function.users()) calls.push_back(llvm::cast<llvm::CallInst>(user));
  return calls;
}

llvm::FixedVectorType* vector_of(llvm::Type* element, unsigned count) {
  return llvm::FixedVectorType::get(element, count);
}

unsigned lanes_of(const Value* vector) {
  return llvm::cast<llvm::FixedVectorType>(vector->getType())->getNumElements();
}

// By vectors of the machine: of so many lanes of 32 bits.
struct Instructions {
  llvm::Intrinsic::ID of_bytes, of_words;  // VPMADDUBSW, VPMADDWD
};
Instructions instructions_of(unsigned lanes) {
  if (lanes == 16)
    return {llvm::Intrinsic::x86_avx512_pmaddubs_w_512, llvm::Intrinsic::x86_avx512_pmaddw_d_512};
  if (lanes == 8) return {llvm::Intrinsic::x86_avx2_pmadd_ub_sw, llvm::Intrinsic::x86_avx2_pmadd_wd};
  return {llvm::Intrinsic::x86_ssse3_pmadd_ub_sw_128, llvm::Intrinsic::x86_sse2_pmadd_wd};
}

// What dot products of bytes are made of.
enum class By { words, bytes, instruction };  // VPMADDWD; VPMADDUBSW before it; VPDPBUSD

// What stands for the operands of dot products, made once for each where it is defined.
class DotProducts {
 public:
  // `lanes`: of the machine's vectors.
  DotProducts(llvm::Module& module, unsigned lanes, By by) : module_(module), lanes_(lanes), by_(by) {}

  void replace(llvm::CallInst* call) {
    if (by_ == By::instruction) return split(call);
    llvm::IRBuilder<> ir(call);
    Value *bytes = call->getArgOperand(1), *weights = call->getArgOperand(2);
    const unsigned lanes = lanes_of(call), part = std::min(lanes, lanes_);
    instructions_ = instructions_of(part);
    std::vector<Value*> sums;
    for (unsigned first = 0; first < lanes; first += part)
      sums.push_back(by_ == By::bytes ? sum_by_bytes(ir, piece(bytes, first, part, call),
                                                     piece(weights, first, part, call))
                                      : sum_by_words(ir, words(bytes, first, part, false, call),
                                                     words(weights, first, part, true, call)));
    call->replaceAllUsesWith(ir.CreateAdd(call->getArgOperand(0), joined(ir, sums)));
    call->eraseFromParent();
  }

 private:
  using Pair = std::pair<Value*, Value*>;
  llvm::Module& module_;
  unsigned lanes_;
  Instructions instructions_{};  // of the call that is replaced, which may have fewer lanes
  By by_;
  std::map<std::pair<Value*, unsigned>, Value*> pieces_;
  std::map<std::pair<Value*, unsigned>, Pair> words_;

  Value* call(llvm::IRBuilder<>& ir, llvm::Intrinsic::ID which, Value* a, Value* b) {
    return ir.CreateCall(llvm::Intrinsic::getDeclaration(&module_, which), {a, b});
  }

  // Behind the definition of a value or, of a constant or an argument, before its user.
  static llvm::Instruction* place_behind(Value* value, llvm::Instruction* user) {
    auto* definition = llvm::dyn_cast<llvm::Instruction>(value);
    if (!definition) return user;
    return llvm::isa<llvm::PHINode>(definition) ? &*definition->getParent()->getFirstInsertionPt()
                                                : definition->getNextNode();
  }

  // Some of a value's lanes.
  Value* piece(Value* value, unsigned first, unsigned count, llvm::Instruction* user) {
    if (lanes_of(value) == count) return value;
    Value*& made = pieces_[{value, first}];
    if (made) return made;
    llvm::IRBuilder<> ir(place_behind(value, user));
    llvm::SmallVector<int, 16> places;
    for (unsigned i = 0; i < count; ++i) places.push_back(static_cast<int>(first + i));
    made = ir.CreateShuffleVector(value, places);
    return made;
  }

  // The bytes at even and at odd places of some lanes, as words.
  Pair words(Value* value, unsigned first, unsigned count, bool is_signed, llvm::Instruction* user) {
    Value* bytes = piece(value, first, count, user);
    Pair& made = words_[{bytes, is_signed}];
    if (made.first) return made;
    llvm::IRBuilder<> ir(place_behind(bytes, user));
    Value* word = ir.CreateBitCast(bytes, vector_of(ir.getInt16Ty(), count * 2));
    made = is_signed ? Pair{ir.CreateAShr(ir.CreateShl(word, 8), 8), ir.CreateAShr(word, 8)}
                     : Pair{ir.CreateAnd(word, 255), ir.CreateLShr(word, 8)};
    return made;
  }

  // By the instruction for vectors of the machine.
  void split(llvm::CallInst* call) {
    const unsigned lanes = lanes_of(call);
    if (lanes <= lanes_) return;
    llvm::IRBuilder<> ir(call);
    llvm::Function* of_part =
        llvm::Intrinsic::getDeclaration(&module_, lanes_ == 8 ? llvm::Intrinsic::x86_avx512_vpdpbusd_256
                                                              : llvm::Intrinsic::x86_avx512_vpdpbusd_128);
    std::vector<Value*> sums;
    for (unsigned first = 0; first < lanes; first += lanes_)
      sums.push_back(ir.CreateCall(of_part, {piece(call->getArgOperand(0), first, lanes_, call),
                                             piece(call->getArgOperand(1), first, lanes_, call),
                                             piece(call->getArgOperand(2), first, lanes_, call)}));
    call->replaceAllUsesWith(joined(ir, sums));
    call->eraseFromParent();
  }

  // Exact for all bytes.
  Value* sum_by_words(llvm::IRBuilder<>& ir, const Pair& a, const Pair& b) {
    return ir.CreateAdd(call(ir, instructions_.of_words, a.first, b.first),
                        call(ir, instructions_.of_words, a.second, b.second));
  }

  // Exact where weights are from -64 to 64: two products of them and bytes fit into 16 bits.
  Value* sum_by_bytes(llvm::IRBuilder<>& ir, Value* a, Value* b) {
    auto* bytes = vector_of(ir.getInt8Ty(), lanes_of(a) * 4);
    Value* pairs = call(ir, instructions_.of_bytes, ir.CreateBitCast(a, bytes), ir.CreateBitCast(b, bytes));
    return call(ir, instructions_.of_words, pairs, llvm::ConstantInt::get(pairs->getType(), 1));
  }

  // The pieces behind each other.
  static Value* joined(llvm::IRBuilder<>& ir, std::vector<Value*> pieces) {
    for (; pieces.size() > 1;
         pieces.erase(pieces.begin() + static_cast<long>(pieces.size() / 2), pieces.end())) {
      const unsigned lanes = lanes_of(pieces[0]);
      llvm::SmallVector<int, 16> places;
      for (unsigned i = 0; i < 2 * lanes; ++i) places.push_back(static_cast<int>(i));
      for (size_t i = 0; i < pieces.size() / 2; ++i)
        pieces[i] = ir.CreateShuffleVector(pieces[2 * i], pieces[2 * i + 1], places);
    }
    return pieces[0];
  }
};

// sum + a0 * b0 + a1 * b1, where each lane of a and of b holds two bfloat16, the upper halves of floats: of a
// target without VDPBF16PS. All products are exact.
void replace_by_floats(llvm::CallInst* call) {
  llvm::IRBuilder<> ir(call);
  Value *sum = call->getArgOperand(0), *a = call->getArgOperand(1), *b = call->getArgOperand(2);
  const auto low = [&](Value* pairs) { return ir.CreateBitCast(ir.CreateShl(pairs, 16), sum->getType()); };
  const auto high = [&](Value* pairs) {
    return ir.CreateBitCast(ir.CreateAnd(pairs, 0xffff0000U), sum->getType());
  };
  const auto add_product = [&](Value* x, Value* y) {
    sum = ir.CreateIntrinsic(llvm::Intrinsic::fmuladd, {sum->getType()}, {x, y, sum});
  };
  add_product(low(a), low(b));
  add_product(high(a), high(b));
  call->replaceAllUsesWith(sum);
  call->eraseFromParent();
}

}  // namespace

void define_dot_products(llvm::Module& module, const Target& target, int64_t weight_bits) {
  if (!*target.dot_features) return;
  const By by = target.dot_product == DotProduct::instruction ? By::instruction
                : weight_bits < 8                             ? By::bytes
                                                              : By::words;
  DotProducts products(module, static_cast<unsigned>(target.lanes), by);
  for (llvm::CallInst* call : calls_of(module, "llvm.x86.avx512.vpdpbusd.")) products.replace(call);
  if (!target.has_bf16_products)
    for (llvm::CallInst* call : calls_of(module, "llvm.x86.avx512bf16.dpbf16ps.")) replace_by_floats(call);
  use_own_rounding(module);
  set_features(module, target);
}

}  // namespace cnnc
