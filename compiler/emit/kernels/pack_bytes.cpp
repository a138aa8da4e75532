#include "emit/kernels/pack_bytes.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicsX86.h>
#include <llvm/IR/PatternMatch.h>

#include <algorithm>
#include <map>
#include <vector>

#include "kernels/quantization.h"

namespace cnnc {

namespace {

using llvm::Value;
namespace match = llvm::PatternMatch;

constexpr size_t kTogether = 4;  // vectors of floats whose bytes are one

llvm::FixedVectorType* vector_of(llvm::Type* element, unsigned count) {
  return llvm::FixedVectorType::get(element, count);
}

unsigned lanes_of(const Value* vector) {
  return llvm::cast<llvm::FixedVectorType>(vector->getType())->getNumElements();
}

// A vector of floats, of which bytes are stored: clamped from above alone, then rounded, and the zero point
// added.
struct Rounded {
  llvm::StoreInst* store;
  Value* floats;
  float greatest;
  int64_t zero_point;
  Value* base;     // of the address
  int64_t offset;  // from there
};

// `x` of a maximum of x and a constant, which is `least` for what is no number.
Value* without_least(Value* value, float& least) {
  Value *x = nullptr, *a = nullptr, *b = nullptr;
  llvm::CmpInst::Predicate predicate;
  const llvm::APFloat* constant = nullptr;
  if (!match::match(value, match::m_Select(match::m_FCmp(predicate, match::m_Value(a), match::m_Value(b)),
                                           match::m_Value(x), match::m_APFloat(constant))))
    return nullptr;
  const bool is_maximum =
      (predicate == llvm::CmpInst::FCMP_OGT && a == x) || (predicate == llvm::CmpInst::FCMP_OLT && b == x);
  const Value* compared = a == x ? b : a;
  const llvm::APFloat* limit = nullptr;
  if (!is_maximum || !match::match(compared, match::m_APFloat(limit)) || *limit != *constant) return nullptr;
  least = constant->convertToFloat();
  return x;
}

// The same of a minimum of what was clamped before.
Value* without_limits(Value* value, float& least, float& greatest) {
  Value *x = nullptr, *a = nullptr, *b = nullptr;
  llvm::CmpInst::Predicate predicate;
  const llvm::APFloat *constant = nullptr, *limit = nullptr;
  if (!match::match(value, match::m_Select(match::m_FCmp(predicate, match::m_Value(a), match::m_Value(b)),
                                           match::m_Value(x), match::m_APFloat(constant))))
    return nullptr;
  if (predicate != llvm::CmpInst::FCMP_OLT || a != x || !match::match(b, match::m_APFloat(limit)) ||
      *limit != *constant)
    return nullptr;
  greatest = constant->convertToFloat();
  return without_least(x, least);
}

// Whether the store is of bytes that quantized() makes; fills in all but the address.
bool is_of_rounded(llvm::StoreInst* store, Rounded& rounded) {
  Value* value = store->getValueOperand();
  if (!value->getType()->isVectorTy() || !value->getType()->getScalarType()->isIntegerTy(8)) return false;
  const llvm::APInt *of_bytes = nullptr, *of_words = nullptr;
  Value *bits = value, *sum = nullptr, *clamped = nullptr;
  if (!match::match(bits, match::m_Add(match::m_Value(sum), match::m_APInt(of_bytes)))) sum = bits;
  if (!match::match(sum, match::m_Trunc(match::m_Value(bits)))) return false;
  if (!match::match(bits, match::m_Add(match::m_Value(sum), match::m_APInt(of_words)))) sum = bits;
  const llvm::APFloat* rounds = nullptr;
  if (!match::match(sum, match::m_BitCast(match::m_FAdd(match::m_Value(clamped), match::m_APFloat(rounds)))))
    return false;
  if (rounds->convertToDouble() != static_cast<double>(kRoundsFloat)) return false;
  float least = 0;
  rounded.zero_point = static_cast<int64_t>((of_bytes ? of_bytes->getZExtValue() : 0) +
                                            (of_words ? of_words->getZExtValue() : 0)) &
                       255;
  rounded.store = store;
  rounded.floats = without_limits(clamped, least, rounded.greatest);
  return rounded.floats && least == static_cast<float>(-rounded.zero_point) &&
         rounded.greatest == static_cast<float>(255 - rounded.zero_point);
}

// Those of a block, in the order of their places.
std::vector<Rounded> rounded_in(llvm::BasicBlock& block, const llvm::DataLayout& layout) {
  std::vector<Rounded> all;
  for (llvm::Instruction& instruction : block) {
    auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
    Rounded rounded{};
    if (!store || !is_of_rounded(store, rounded)) continue;
    llvm::APInt offset(layout.getIndexTypeSizeInBits(store->getPointerOperand()->getType()), 0);
    rounded.base = store->getPointerOperand()->stripAndAccumulateConstantOffsets(layout, offset, true);
    rounded.offset = offset.getSExtValue();
    all.push_back(rounded);
  }
  std::map<const Value*, size_t> first;  // by base: the order in which they come, which no address decides
  for (size_t i = 0; i < all.size(); ++i) first.emplace(all[i].base, i);
  std::stable_sort(all.begin(), all.end(), [&](const Rounded& a, const Rounded& b) {
    return std::make_pair(first.at(a.base), a.offset) < std::make_pair(first.at(b.base), b.offset);
  });
  return all;
}

struct Packing {
  llvm::Intrinsic::ID convert, to_words, to_bytes;  // CVTPS2DQ, PACKSSDW, PACKUSWB
};
Packing packing_of(unsigned lanes) {
  if (lanes == 16)
    return {llvm::Intrinsic::x86_avx512_mask_cvtps2dq_512, llvm::Intrinsic::x86_avx512_packssdw_512,
            llvm::Intrinsic::x86_avx512_packuswb_512};
  if (lanes == 8)
    return {llvm::Intrinsic::x86_avx_cvt_ps2dq_256, llvm::Intrinsic::x86_avx2_packssdw,
            llvm::Intrinsic::x86_avx2_packuswb};
  return {llvm::Intrinsic::x86_sse2_cvtps2dq, llvm::Intrinsic::x86_sse2_packssdw_128,
          llvm::Intrinsic::x86_sse2_packuswb_128};
}

class Packer {
 public:
  Packer(llvm::Module& module, unsigned lanes)
      : module_(module), lanes_(lanes), packing_(packing_of(lanes)) {}

  // Replaces the stores of a group, whose vectors are kTogether of the machine's, by one where the last of
  // them is. What is read between is no place of theirs: a kernel reads an element that it overwrites before.
  void replace(const std::vector<Rounded>& group) {
    llvm::StoreInst* last = group[0].store;
    for (const Rounded& rounded : group)
      if (last->comesBefore(rounded.store)) last = rounded.store;
    llvm::IRBuilder<> ir(last);
    std::vector<Value*> words;
    for (const Rounded& rounded : group)
      for (unsigned first = 0; first < lanes_of(rounded.floats); first += lanes_)
        words.push_back(converted(ir, limited(ir, part(ir, rounded.floats, first), rounded.greatest)));
    const auto zero_point = static_cast<uint64_t>(group[0].zero_point);
    Value* bytes =
        call(ir, packing_.to_bytes,
             {packed(ir, words[0], words[1], zero_point), packed(ir, words[2], words[3], zero_point)});
    store(ir, in_order(ir, bytes), group[0].store);
    for (const Rounded& rounded : group) rounded.store->eraseFromParent();
  }

 private:
  llvm::Module& module_;
  unsigned lanes_;
  Packing packing_;

  Value* call(llvm::IRBuilder<>& ir, llvm::Intrinsic::ID which, const std::vector<Value*>& arguments) {
    return ir.CreateCall(llvm::Intrinsic::getDeclaration(&module_, which), arguments);
  }

  Value* part(llvm::IRBuilder<>& ir, Value* floats, unsigned first) {
    if (lanes_of(floats) == lanes_) return floats;
    llvm::SmallVector<int, 16> places;
    for (unsigned i = 0; i < lanes_; ++i) places.push_back(static_cast<int>(first + i));
    return ir.CreateShuffleVector(floats, places);
  }

  // What is no number stays so.
  Value* limited(llvm::IRBuilder<>& ir, Value* floats, float greatest) {
    Value* limit = llvm::ConstantFP::get(floats->getType(), static_cast<double>(greatest));
    return ir.CreateSelect(ir.CreateFCmpOGT(floats, limit), limit, floats);
  }

  // What is no number, or below all of 32 bits, becomes the least of these.
  Value* converted(llvm::IRBuilder<>& ir, Value* floats) {
    if (lanes_ < 16) return call(ir, packing_.convert, {floats});
    constexpr uint32_t kCurrentRounding = 4;
    return call(ir, packing_.convert,
                {floats, llvm::Constant::getNullValue(vector_of(ir.getInt32Ty(), lanes_)),
                 llvm::Constant::getAllOnesValue(ir.getInt16Ty()), ir.getInt32(kCurrentRounding)});
  }

  Value* packed(llvm::IRBuilder<>& ir, Value* a, Value* b, uint64_t zero_point) {
    Value* words = call(ir, packing_.to_words, {a, b});
    return zero_point == 0 ? words
                           : ir.CreateAdd(words, llvm::ConstantInt::get(words->getType(), zero_point));
  }

  // Instructions pack within each 128 bits: there four bytes of each vector stand next to each other.
  Value* in_order(llvm::IRBuilder<>& ir, Value* bytes) {
    const unsigned parts = lanes_ / 4;
    if (parts == 1) return bytes;
    llvm::SmallVector<int, 16> places;
    for (unsigned vector = 0; vector < kTogether; ++vector)
      for (unsigned i = 0; i < parts; ++i) places.push_back(static_cast<int>(i * kTogether + vector));
    Value* words = ir.CreateBitCast(bytes, vector_of(ir.getInt32Ty(), lanes_));
    return ir.CreateBitCast(ir.CreateShuffleVector(words, places), bytes->getType());
  }

  void store(llvm::IRBuilder<>& ir, Value* bytes, llvm::StoreInst* first) {
    Value* address = ir.CreateBitCast(first->getPointerOperand(), bytes->getType()->getPointerTo());
    ir.CreateAlignedStore(bytes, address, first->getAlign());
  }
};

// Of stores in order the groups whose bytes follow each other and fill vectors; all others are left as they
// are.
std::vector<std::vector<Rounded>> groups_of(const std::vector<Rounded>& all, unsigned lanes) {
  std::vector<std::vector<Rounded>> groups;
  std::vector<Rounded> group;
  for (const Rounded& rounded : all) {
    const unsigned count = lanes_of(rounded.floats);
    const bool follows = !group.empty() && group.back().base == rounded.base &&
                         group.back().zero_point == rounded.zero_point &&
                         group.back().offset + lanes_of(group.back().floats) == rounded.offset;
    if (!follows) group.clear();
    if (count % lanes != 0) continue;
    group.push_back(rounded);
    const int64_t bytes = rounded.offset + count - group.front().offset;
    if (bytes < static_cast<int64_t>(kTogether * lanes)) continue;
    if (bytes == static_cast<int64_t>(kTogether * lanes)) groups.push_back(group);
    group.clear();
  }
  return groups;
}

}  // namespace

void pack_bytes(llvm::Module& module, const Target& target) {
  if (!target.packs_bytes) return;
  const auto lanes = static_cast<unsigned>(target.lanes);
  Packer packer(module, lanes);
  for (llvm::Function& function : module)
    for (llvm::BasicBlock& block : function)
      for (const auto& group : groups_of(rounded_in(block, module.getDataLayout()), lanes))
        packer.replace(group);
}

}  // namespace cnnc
