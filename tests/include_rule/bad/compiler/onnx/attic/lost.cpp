#include "onnx/import/translate.h"
