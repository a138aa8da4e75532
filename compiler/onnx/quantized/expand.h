// Operators that read and write quantised tensors, as a DequantizeLinear of each input, the operator on reals
// and a QuantizeLinear: what ONNX Runtime's tools call QOperator and QDQ.
#pragma once
#include "onnx/model.h"

namespace cnnc::onnx {

// QLinearConv and QLinearMatMul; of ONNX Runtime's own (domain com.microsoft) QGemm and QLinear-Add, -Mul,
// -AveragePool, -GlobalAveragePool, -Concat, -LeakyRelu, -Sigmoid, -Softmax and -ReduceMean. A node that
// cannot be taken apart stays, with the reason (Node::refusal).
// https://github.com/microsoft/onnxruntime/blob/v1.20.0/docs/ContribOperators.md
Model expand_quantized(Model model);

}  // namespace cnnc::onnx
