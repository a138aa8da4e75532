#include "emit/kernels/kernel_code.h"
#include "emit/library/interface.h"
#include "emit/llvm/machine.h"
