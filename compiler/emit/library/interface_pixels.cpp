#include "emit/library/interface_pixels.h"

#include "emit/library/picture.h"
#include "graph/picture_shape.h"
#include "plan/ports.h"
#include "runtime/bytes_input.h"

namespace cnnc {

namespace {

constexpr size_t kWordsOfPicture = 4;  // width, height, stride, format

// struct cnnc_rt_picture, as a constant of the library.
llvm::Value* picture_constant(Interface& f, const cnnc_rt_picture& picture) {
  llvm::LLVMContext& context = f.module.getContext();
  const std::vector<uint32_t> words = {
      static_cast<uint32_t>(picture.images), static_cast<uint32_t>(picture.channels),
      static_cast<uint32_t>(picture.height), static_cast<uint32_t>(picture.width),
      static_cast<uint32_t>(picture.format), static_cast<uint32_t>(picture.resize),
      static_cast<uint32_t>(picture.fill)};
  llvm::Constant* value = llvm::ConstantStruct::getAnon(
      {llvm::ConstantDataArray::get(context, words),
       llvm::ConstantDataArray::get(context, llvm::ArrayRef<float>(picture.scale)),
       llvm::ConstantDataArray::get(context, llvm::ArrayRef<float>(picture.shift))});
  auto* constant = new llvm::GlobalVariable(f.module, value->getType(), true,
                                            llvm::GlobalValue::PrivateLinkage, value, "picture");
  return f.ir.CreateBitCast(constant, f.pointer());
}

// Makes the floats of an input; a return of the error's code where that fails.
void read_picture(Interface& f, size_t input, std::vector<llvm::Value*> source, llvm::Value* floats) {
  const Pixels& pixels = *pixels_of_input(f.plan, input);
  const cnnc_rt_picture picture = picture_for(pixels, f.plan.input_shapes[input], f.plan.images);
  source.push_back(picture_constant(f, picture));
  source.push_back(floats);
  std::vector<llvm::Type*> types;
  for (const llvm::Value* value : source) types.push_back(value->getType());
  auto* type = llvm::FunctionType::get(f.ir.getInt32Ty(), types, false);
  const bool is_last = picture_shape(f.plan.input_shapes[input], pixels.format)->is_channels_last;
  const char* reader =
      is_last ? CNNC_RT_SYMBOL(cnnc_rt_read_pixels_channels_last) : CNNC_RT_SYMBOL(cnnc_rt_read_pixels);
  llvm::Value* code = f.ir.CreateCall(f.module.getOrInsertFunction(reader, type), source);
  return_if(f, f.ir.CreateICmpNE(code, f.ir.getInt32(CNNC_RT_OK)), code);
}

// Of the floats of an input that the steps read as bytes, these, in the same place.
void make_bytes(Interface& f, size_t input, llvm::Value* floats) {
  if (type_of_input(f.plan, input) != ElementType::uint8) return;
  const auto found = f.options.ports.inputs.find(input);
  const BytePort port = found == f.options.ports.inputs.end() ? BytePort() : found->second;
  const int half = port.has_sign ? 128 : 0;
  const int64_t count = f.plan.images * f.plan.input_shapes[input].elements();
  llvm::Type *integer = f.ir.getInt32Ty(), *real = f.ir.getFloatTy();
  auto* type = llvm::FunctionType::get(f.ir.getVoidTy(),
                                       {f.pointer(), f.ir.getInt64Ty(), real, integer, integer}, false);
  f.ir.CreateCall(f.module.getOrInsertFunction(CNNC_RT_SYMBOL(cnnc_rt_make_bytes), type),
                  {floats, f.ir.getInt64(static_cast<uint64_t>(count)),
                   llvm::ConstantFP::get(real, static_cast<double>(1 / port.scale)),
                   f.ir.getInt32(static_cast<uint32_t>(port.zero_point + half)),
                   f.ir.getInt32(static_cast<uint32_t>(half))});
}

std::vector<llvm::Type*> parameter_types(Interface& f) {
  std::vector<llvm::Type*> types;
  for (size_t i = 0; i < f.tensors(); ++i) {
    types.push_back(f.pointer());
    if (pixels_of_input(f.plan, i)) types.insert(types.end(), kWordsOfPicture, f.ir.getInt32Ty());
  }
  types.push_back(f.pointer());
  types.push_back(options_type_of(f)->getPointerTo());
  return types;
}

}  // namespace

bool reads_pixels(const Plan& plan) {
  return pixels_bytes(plan) > 0;
}

bool makes_bytes_of_pixels(const Plan& plan) {
  for (size_t i = 0; i < plan.inputs.size(); ++i)
    if (pixels_of_input(plan, i) && type_of_input(plan, i) == ElementType::uint8) return true;
  return false;
}

void add_run_pixels(Interface& f, llvm::Function* run_with) {
  if (!reads_pixels(f.plan)) return;
  llvm::Function* run = begin(f, "run_pixels", f.ir.getInt32Ty(), parameter_types(f));
  name_for_header(f, run);
  std::vector<llvm::Value*> rest;  // arguments that are not read yet, the last first
  for (llvm::Argument& argument : run->args()) rest.insert(rest.begin(), &argument);
  const auto take = [&] {
    llvm::Value* argument = rest.back();
    rest.pop_back();
    return argument;
  };
  llvm::Value *options = rest[0], *workspace = rest[1];
  std::vector<llvm::Value*> passed;
  std::vector<TensorArgument> checked;
  std::vector<std::vector<llvm::Value*>> sources(f.plan.inputs.size());
  for (size_t i = 0; i < f.tensors(); ++i) {
    llvm::Value* tensor = take();
    passed.push_back(tensor);
    if (!pixels_of_input(f.plan, i)) {
      checked.push_back({tensor, alignment_of_tensor(f, i)});
      continue;
    }
    sources[i] = {tensor};
    for (size_t word = 0; word < kWordsOfPicture; ++word) sources[i].push_back(take());
  }
  check_pointers(f, checked, workspace);
  for (size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].empty()) continue;
    const auto place = static_cast<uint64_t>(place_of_pixels(f.plans, i));
    passed[i] = f.ir.CreateConstInBoundsGEP1_64(f.ir.getInt8Ty(), workspace, place);
    read_picture(f, i, sources[i], passed[i]);
    make_bytes(f, i, passed[i]);
  }
  passed.push_back(workspace);
  passed.push_back(options);
  f.ir.CreateRet(f.ir.CreateCall(run_with, passed));
}

}  // namespace cnnc
