#include "onnx/export/express.h"
#include "onnx/fold/fold.h"
#include "onnx/mappings/registry.h"
#include "onnx/model.h"
