"""What rounding to bfloat16 costs end to end, sums being of floats: python3 benchmarks/bfloat16.py MODEL.onnx...

Of each model (`cnnc export`), the largest error by the largest output, on an input uniform in [-1, 1): of the weights
rounded of the convolutions that `--precision bf16` takes, of what they read rounded, and of both. Wants the packages numpy, onnx and onnxruntime."""
import sys

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, version_converter


def is_taken(node, weights):
    """Whether it is a Conv that no fast algorithm computes, as passes/use_bfloat16.h says."""
    if node.op_type != "Conv" or node.input[1] not in weights or weights[node.input[1]][1] < 8:
        return False
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    is_one = [set(attributes.get(name, [1])) == {1} for name in ("strides", "dilations")]
    return attributes.get("group", 1) == 1 and (set(weights[node.input[1]][2:]) == {1} or not all(is_one))


def rounded(model, inputs):
    """The model with those inputs of each such Conv as bfloat16: 0 is what it reads, 1 its weights."""
    weights = {tensor.name: numpy_helper.to_array(tensor).shape for tensor in model.graph.initializer}
    model = onnx.ModelProto.FromString(model.SerializeToString())
    nodes = []
    for number, node in enumerate(model.graph.node):
        for place in inputs if is_taken(node, weights) else ():
            half, real = f"half{number}_{place}", f"real{number}_{place}"
            nodes.append(helper.make_node("Cast", [node.input[place]], [half], to=TensorProto.BFLOAT16))
            nodes.append(helper.make_node("Cast", [half], [real], to=TensorProto.FLOAT))
            node.input[place] = real
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def answers(model, values):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: values})[0].astype("f8")


for path in sys.argv[1:]:
    model = onnx.load(path)
    if model.opset_import[0].version < 13:
        model = version_converter.convert_version(model, 13)
    sizes = [size.dim_value or 1 for size in model.graph.input[0].type.tensor_type.shape.dim]
    values = numpy.random.default_rng(1).uniform(-1, 1, sizes).astype("f4")
    exact = answers(model, values)
    errors = [abs(answers(rounded(model, inputs), values) - exact).max() / abs(exact).max() for inputs in ([1], [0], [0, 1])]
    print(f"{path}: weights {errors[0]:.4f}, activations {errors[1]:.4f}, both {errors[2]:.4f} of the largest output")
