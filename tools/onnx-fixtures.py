"""Writes test/formats/fixtures/classifier.onnx and plain.onnx with the real ONNX library, and what ONNX Runtime
computes with them. (The library's own reference evaluator gives other numbers for the first.)

python tools/onnx-fixtures.py

classifier.onnx  convolutions (grouped, depthwise, dilated, padded cell by cell), batch normalization, pooling, residual
                 sum, concatenation and a dense layer, in the style of exports of PyTorch; opset 13
plain.onnx       constants as operators and attributes of an older operator set (9), arithmetic, a transposed convolution
Needs onnx (1.23 was used), numpy, and ONNX Runtime for Node where tools/check-onnx.js looks for it.
"""

import json
import pathlib
import subprocess

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).parent.parent
OUT = ROOT / "test" / "formats" / "fixtures"
rng = np.random.default_rng(7)


class Net:
    def __init__(self):
        self.nodes, self.constants = [], []

    def const(self, array, dtype="float32"):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array, dtype), name))
        return name

    def weight(self, *shape):
        return self.const(rng.normal(size=shape) * 0.4)

    def op(self, kind, *inputs, **attributes):
        name = f"/net/{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def save(self, path, output, shape, classes, opset, metadata):
        x = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", *shape])
        y = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", classes])
        graph = helper.make_graph(self.nodes, path.split(".")[0], [x], [y], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model)
        (OUT / path).write_bytes(model.SerializeToString())
        images = rng.normal(size=(2, *shape)).astype("float32")
        given = json.dumps({"shape": images.shape, "data": images.ravel().tolist()})
        command = ["node", str(ROOT / "tools" / "check-onnx.js"), "--run", str(OUT / path)]
        predicted = subprocess.run(command, input=given, capture_output=True, check=True, text=True).stdout
        return {"x": np.moveaxis(images, 1, 3).ravel().tolist(), "y": json.loads(predicted)}


def norm(net, x, channels):
    variance = net.const(np.abs(rng.normal(size=channels)) + 0.5)
    return net.op("BatchNormalization", x, net.weight(channels), net.weight(channels), net.weight(channels), variance)


def classifier():
    net = Net()
    x = net.op("Div", "pixels", net.const(np.array([0.5, 0.6, 0.7]).reshape(3, 1, 1)))
    x = net.op("Sub", x, net.const(np.array([0.1, 0.2, 0.3]).reshape(1, 3, 1, 1)))
    x = net.op("Conv", x, net.weight(8, 3, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
    x = net.op("Relu", norm(net, x, 8))
    x = net.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    y = net.op("Conv", x, net.weight(8, 1, 3, 3), net.weight(8), group=8, pads=[1, 1, 1, 1])
    y = net.op("Clip", y, net.const(0.0), net.const(6.0))
    y = net.op("Conv", y, net.weight(8, 2, 3, 3), net.weight(8), group=4, dilations=[2, 2], pads=[2, 2, 2, 2])
    x = net.op("Add", x, y)
    x = net.op("Concat", x, net.op("LeakyRelu", y, alpha=0.1), net.op("PRelu", y, net.const(rng.normal(size=(8, 1, 1)))), axis=1)
    squeeze = net.op("GlobalAveragePool", x)
    squeeze = net.op("HardSigmoid", net.op("Conv", squeeze, net.weight(24, 24, 1, 1), net.weight(24)), alpha=0.2, beta=0.5)
    x = net.op("Mul", x, squeeze)
    x = net.op("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = net.op("Dropout", net.op("Flatten", x))
    x = net.op("Relu", net.op("Gemm", x, net.weight(16, 96), net.weight(16), transB=1))
    x = net.op("Add", net.op("MatMul", x, net.weight(16, 5)), net.weight(5))
    x = net.op("Softmax", net.op("Identity", x), axis=-1)
    names = json.dumps(["rose", "东", "oak", "elm", "ash"])
    return net.save("classifier.onnx", x, [3, 17, 15], 5, 13, {"class_names": names})


def plain():
    net = Net()
    half = numpy_helper.from_array(np.float32(0.5))
    x = net.op("Sub", net.op("Constant", value=half), "pixels")
    x = net.op("Pad", x, mode="constant", pads=[0, 0, 1, 0, 0, 0, 0, 2], value=0.0)
    x = net.op("ConvTranspose", x, net.weight(2, 4, 3, 3), net.weight(4), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
    x = net.op("Clip", x, min=-0.5, max=0.75)
    x = net.op("Max", net.op("Tanh", x), net.op("Elu", x, alpha=0.5))
    x = net.op("AveragePool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)
    x = net.op("Transpose", x, perm=[0, 2, 3, 1])
    x = net.op("Transpose", x, perm=[0, 3, 1, 2])
    x = net.op("ReduceMean", x, axes=[2, 3], keepdims=1)
    x = net.op("Reshape", x, net.const([0, -1], "int64"))
    x = net.op("Gemm", x, net.weight(4, 3), net.weight(3), alpha=0.5, beta=2.0)
    return net.save("plain.onnx", x, [2, 7, 6], 3, 9, {})


expected = {"classifier": classifier(), "plain": plain()}
(OUT / "onnx.json").write_text(json.dumps(expected))
print({name: one["y"] for name, one in expected.items()})
