#include <google/protobuf/message.h>
#include <onnx/onnx_pb.h>

#include "onnx/read_tensor.h"
