// Models as values, what they translate to, and what that computes.
#pragma once
#include <string>
#include <vector>

#include "onnx/import/translate.h"
#include "onnx/model.h"

namespace cnnc::onnx::test {

using Dims = std::vector<int64_t>;
using Values = std::vector<double>;

Constant floats(Dims dims, std::vector<float> values);
Constant integers(Dims dims, std::vector<int64_t> values);
Constant integers(std::vector<int64_t> values);  // of one dimension
Constant scalar(float value);

// Of floats, all sizes known; -1 is one that is not, called "d" and its place ("d0").
ValueInfo value(std::string name, Dims dims);

Node node(std::string op, std::vector<std::string> inputs, std::vector<std::string> outputs,
          std::map<std::string, Attribute> attributes = {});

// Of opset 13; its outputs are floats of unknown rank.
Model model(std::vector<ValueInfo> inputs, std::vector<Node> nodes, std::vector<std::string> outputs,
            std::map<std::string, Constant> constants = {});

// One input "x" of these sizes, one node, the output "y". The node's first input is x; the constants are its
// further inputs, in order.
Model model_of(std::string op, Dims x, std::vector<Constant> further = {},
               std::map<std::string, Attribute> attributes = {});

// Throws std::runtime_error with the errors where there are any. The graph is verified.
Network translated(const Model& model, const TranslateOptions& options = {});

// The errors, a line each: message, and "; hint: " and the hint where there is one; "" without any.
std::string errors_of(const Model& model, const TranslateOptions& options = {});

// What the network computes, in double: for each output the values of all images, one after the other, from
// those of each input.
std::vector<Values> run(const Network& network, const std::vector<std::vector<float>>& inputs);

// The only output of a model, translated.
Values run(const Model& model, const std::vector<std::vector<float>>& inputs);

// The operators of the network, its inputs left out, in order: "conv relu".
std::string operators_of(const Network& network);
std::string operators(const Model& model);  // of what it is translated to

// first, first + 1, …
std::vector<float> counting(size_t count, float first = 1);

// Whether they are equal within 1e-6, relatively to the greatest of both.
bool close(const Values& a, const Values& b);

}  // namespace cnnc::onnx::test
