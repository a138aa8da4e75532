// What kernels read of the structs by which Halide passes buffers.
#pragma once
#include <Halide.h>

#include <string>

namespace cnnc {

// A field that a function of the module reads and uses beside the address of the first element, by the name
// of Halide's function for it; empty if there is none, as it must be: a kernel's tensors have constant
// bounds, and the other fields of the structs that it gets are not filled. Halide reads them where it does
// not see the bounds through, and then the kernel would go by what happens to be there.
std::string buffer_field_read(const Halide::Module& module);

}  // namespace cnnc
