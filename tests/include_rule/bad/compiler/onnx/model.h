#include "onnx/fold/fold.h"
#include "onnx/nowhere/file.h"
#include "onnx/unmapped.h"
