#include "kernels/convolution/conv_depthwise.h"
#include "kernels/tensors.h"
