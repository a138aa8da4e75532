#include <google/protobuf/message.h>
#include <onnx/onnx_pb.h>

#include "onnx/file/read_tensor.h"
