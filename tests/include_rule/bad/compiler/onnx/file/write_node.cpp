#include <onnx/onnx_pb.h>

#include "graph/graph.h"
