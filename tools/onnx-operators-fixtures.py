"""Writes test/formats/fixtures/onnx-operators/: small ONNX files, each with one thing that exporters write, and what ONNX
Runtime computes with them (operators.json).

python tools/onnx-operators-fixtures.py

Inputs are x[i] = sin(1.3 i + 0.5) in the file's order, for two images. Needs onnx, onnxruntime and numpy.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(__file__).parent.parent / "test" / "formats" / "fixtures" / "onnx-operators"
CASES = {}
rng = np.random.default_rng(5)


def weights(*shape, scale=0.6):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


def scalar(value, dtype=np.float32):
    return np.array(value, dtype)


class Graph:
    """Nodes and constants by short calls: g.Add(a, b, axis=1) gives the name of the result."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, value):
        name = f"k{self.count}"
        self.count += 1
        self.constants.append(value if isinstance(value, TensorProto) else numpy_helper.from_array(value, name))
        self.constants[-1].name = name
        return name

    def add(self, op, *inputs, outputs=1, domain="", **attributes):
        names = [one if isinstance(one, str) else self.constant(one) for one in inputs]
        results = [f"v{self.count + i}" for i in range(outputs)]
        self.count += outputs
        self.nodes.append(helper.make_node(op, names, results, domain=domain, **attributes))
        return results[0] if outputs == 1 else results

    def __getattr__(self, op):
        return lambda *inputs, **attributes: self.add(op, *inputs, **attributes)


def case(build, shape=(3, 6, 5), opset=17, batch="batch", change=None, outside=False):
    name = build.__name__.replace("_", "-")
    g = Graph()
    end = build(g, "x")
    g.nodes.append(helper.make_node("Identity", [end], ["y"]))
    graph = helper.make_graph(
        g.nodes,
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, *shape])],
        [helper.make_tensor_value_info("y", getattr(build, "type", TensorProto.FLOAT), None)],
        g.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    count = batch if isinstance(batch, int) else 2
    size = count * int(np.prod(shape))
    x = np.sin(1.3 * np.arange(size) + 0.5).astype(np.float32).reshape(count, *shape)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    y = session.run(None, {"x": x})[0]
    if change is not None:
        change(model)
    if outside:
        onnx.save_model(model, OUT / f"{name}.onnx", save_as_external_data=True, location=f"{name}.onnx.data", size_threshold=0)
    else:
        onnx.save_model(model, OUT / f"{name}.onnx")
    CASES[name] = {"x": list(x.shape), "shape": list(y.shape), "y": [float(f"{value:.7g}") for value in y.astype(np.float64).ravel()]}


def classifier(g, x, channels, classes=3):
    flat = g.Flatten(g.GlobalAveragePool(x))
    return g.Softmax(g.Gemm(flat, weights(channels, classes), weights(classes)), axis=1)


def unsorted(g, x):
    c = g.Relu(g.Conv(x, weights(4, 3, 3, 3), weights(4), pads=[1, 1, 1, 1]))
    return classifier(g, g.Add(c, g.Conv(x, weights(4, 3, 1, 1), weights(4))), 4)


def reverse(model):
    nodes = list(model.graph.node)[::-1]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def external(g, x):
    return classifier(g, g.Relu(g.Conv(x, weights(4, 3, 3, 3), weights(4))), 4)


def channel_shuffle(g, x):
    c = g.Conv(x, weights(6, 3, 1, 1), weights(6))
    s = g.Shape(c)
    n, ch, h, w = (g.Gather(s, scalar(i, np.int64), axis=0) for i in range(4))
    up = lambda one: g.Unsqueeze(one, ints(0))
    half = g.Div(ch, scalar(2, np.int64))
    five = g.Concat(up(n), up(scalar(2, np.int64)), up(half), up(h), up(w), axis=0)
    turned = g.Transpose(g.Reshape(c, five), perm=[0, 2, 1, 3, 4])
    back = g.Reshape(turned, g.Concat(up(n), up(ch), up(h), up(w), axis=0))
    first, second = g.add("Split", back, ints(3, 3), outputs=2, axis=1)
    return classifier(g, g.Mul(first, g.Sigmoid(second)), 3)


def class_token(g, x):
    c = g.Conv(x, weights(4, 3, 2, 2), weights(4), strides=[2, 2])
    n = g.Gather(g.Shape(c), scalar(0, np.int64), axis=0)
    rows = g.Reshape(c, g.Concat(g.Unsqueeze(n, ints(0)), ints(4), ints(-1), axis=0))
    tokens = g.Transpose(rows, perm=[0, 2, 1])
    start = g.Expand(weights(1, 1, 4), g.Concat(g.Unsqueeze(n, ints(0)), ints(1), ints(4), axis=0))
    all_tokens = g.Add(g.Concat(start, tokens, axis=1), weights(1, 7, 4))
    normal = g.LayerNormalization(all_tokens, weights(4), weights(4), axis=-1, epsilon=1e-6)
    first = g.Gather(normal, scalar(0, np.int64), axis=1)
    return g.Softmax(g.Gemm(first, weights(3, 4), weights(3), transB=1), axis=-1)


def attention(g, x):
    """The export of torch.nn.MultiheadAttention: three products in one, heads in front, the batch behind the tokens."""
    rows = g.Transpose(g.Reshape(x, ints(0, 6, 15)), perm=[1, 0, 2])
    projected = g.Add(g.MatMul(rows, weights(15, 24, scale=0.3)), weights(24))
    n = g.Gather(g.Shape(rows), scalar(1, np.int64), axis=0)
    three = g.Unsqueeze(g.Reshape(projected, g.Concat(ints(6), g.Unsqueeze(n, ints(0)), ints(3, 8), axis=0)), ints(0))
    parts = g.Squeeze(g.Transpose(three, perm=[3, 1, 2, 0, 4]), ints(3))
    q, k, v = (g.Gather(parts, scalar(i, np.int64), axis=0) for i in range(3))
    heads = g.Mul(g.Unsqueeze(n, ints(0)), ints(2))
    split = lambda one: g.Transpose(g.Reshape(one, g.Concat(ints(6), heads, ints(4), axis=0)), perm=[1, 0, 2])
    q, k, v = split(q), split(k), split(v)
    scores = g.Softmax(g.MatMul(g.Mul(q, scalar(0.5)), g.Transpose(k, perm=[0, 2, 1])), axis=-1)
    out = g.Reshape(g.Transpose(g.MatMul(scores, v), perm=[1, 0, 2]), g.Concat(ints(6), g.Unsqueeze(n, ints(0)), ints(8), axis=0))
    return g.Transpose(out, perm=[1, 0, 2])


def windows(g, x):
    """Shifted windows as Swin has them: a roll, windows of all images in a row, a mask, and all of it undone."""
    nhwc = g.Transpose(x, perm=[0, 2, 3, 1])
    rolled = g.Concat(g.Slice(nhwc, ints(2), ints(2**63 - 1), ints(1)), g.Slice(nhwc, ints(0), ints(2), ints(1)), axis=1)
    n = g.Unsqueeze(g.Gather(g.Shape(rolled), scalar(0, np.int64), axis=0), ints(0))
    shape = lambda *parts: g.Concat(*[one if isinstance(one, str) else ints(one) for one in parts], axis=0)
    six = g.Transpose(g.Reshape(rolled, shape(n, 2, 4, 2, 4, 3)), perm=[0, 1, 3, 2, 4, 5])
    rows = g.Reshape(six, shape(g.Mul(n, ints(4)), 16, 3))
    scores = g.MatMul(rows, g.Transpose(rows, perm=[0, 2, 1]))
    area = np.kron(np.array([[0, 1], [2, 3]]), np.ones((4, 4))).astype(np.float32)
    area[2:4] += 4
    areas = g.Reshape(g.Transpose(g.Reshape(area, ints(2, 4, 2, 4)), perm=[0, 2, 1, 3]), ints(4, 16))
    differ = g.Sub(g.Unsqueeze(areas, ints(1)), g.Unsqueeze(areas, ints(2)))
    mask = g.Where(g.Equal(differ, scalar(0)), scalar(0), scalar(-100))
    masked = g.Add(g.Reshape(scores, shape(n, 4, 16, 16)), g.Unsqueeze(mask, ints(0)))
    mixed = g.MatMul(g.Softmax(g.Reshape(masked, shape(-1, 16, 16)), axis=-1), rows)
    back = g.Transpose(g.Reshape(mixed, shape(n, 2, 2, 4, 4, 3)), perm=[0, 1, 3, 2, 4, 5])
    whole = g.Reshape(back, shape(n, 8, 8, 3))
    return g.Transpose(g.Add(g.LayerNormalization(whole, weights(3), weights(3), axis=-1), nhwc), perm=[0, 3, 1, 2])


def layer_normalization_in_parts(g, x):
    mean = g.ReduceMean(x, axes=[-1])
    centred = g.Sub(x, mean)
    variance = g.ReduceMean(g.Pow(centred, scalar(2)), axes=[-1])
    normal = g.Div(centred, g.Sqrt(g.Add(variance, scalar(1e-5))))
    return g.Add(g.Mul(normal, weights(5)), weights(5))


def gelu_in_parts(g, x):
    a = g.Mul(g.Mul(x, g.Add(g.Erf(g.Div(x, scalar(np.sqrt(2)))), scalar(1))), scalar(0.5))
    b = g.Mul(g.Mul(scalar(0.5), x), g.Add(scalar(1), g.Erf(g.Mul(x, scalar(np.sqrt(0.5))))))
    return g.Sub(a, g.Mul(b, weights(3, 1, 1)))


def gelu(g, x):
    return g.Sub(g.Gelu(x), g.Gelu(g.Neg(x), approximate="tanh"))


def constant_of_shape(g, x):
    kernel = g.ConstantOfShape(ints(4, 3, 1, 1), value=helper.make_tensor("value", TensorProto.FLOAT, [1], [0.25]))
    return classifier(g, g.Conv(x, g.Mul(kernel, weights(4, 1, 1, 1))), 4)


def constants_beside(g, x):
    y = g.Add(x, weights(3, 6, 5))
    y = g.Mul(y, weights(6, 1))
    y = g.Sub(weights(5), y)
    y = g.Div(weights(3, 1, 1), g.Add(g.Abs(y), scalar(0.5)))
    y = g.Add(y, weights(1, 3, 1, 5))
    return g.Max(g.Min(y, scalar(0.8)), scalar(-0.7))


def integer_arithmetic(g, x):
    """Numbers of 64 bits, truncated and floored quotients, lists made and cut: what becomes of them is added to x."""
    count = g.Range(scalar(0, np.int64), g.Size(weights(5)), scalar(1, np.int64))
    down = g.Slice(count, ints(-1), ints(-(2**63)), ints(0), ints(-2))
    odd = g.Cast(g.Mod(g.Sub(count, ints(7)), ints(3)), to=1)
    halves = g.Cast(g.Div(g.Neg(count), ints(2)), to=1)
    spread = g.Tile(g.Cast(g.Concat(down, ints(2**40), axis=0), to=1), ints(2))
    picked = g.Gather(g.Div(spread, scalar(2**40)), ints(0, 1, -1, -2, 3), axis=0)
    area = g.ConstantOfShape(ints(3, 5), value=helper.make_tensor("value", TensorProto.INT64, [1], [2]))
    area = g.ScatterND(area, np.array([[0, 1], [2, 4], [1, 0]], np.int64), ints(5, 7, 9))
    area = g.ScatterElements(area, np.array([[0], [1], [2]], np.int64), np.array([[4], [6], [8]], np.int64), axis=1)
    total = g.ReduceProd(g.Shape(area), keepdims=0)
    padded = g.Pad(g.Cast(area, to=1), ints(0, 1, 0, -0), scalar(0.5), mode="constant")
    part = g.Slice(padded, ints(0), ints(5), ints(1))
    chosen = g.Where(g.Not(g.Equal(count, ints(2))), odd, halves)
    weight = g.Add(g.Add(g.Unsqueeze(part, ints(1)), chosen), picked)
    return g.Add(g.Mul(x, g.Div(weight, g.Cast(total, to=1))), g.Cast(g.Expand(ints(1), ints(3, 1, 5)), to=1))


def slices(g, x):
    a = g.Slice(x, ints(-5, 1), ints(2**63 - 1, -1), ints(2, 3))
    b = g.Slice(x, ints(0), ints(100), ints(2), ints(2))
    c = g.Slice(x, ints(-1), ints(-(2**31)), ints(3), ints(-2))
    return g.Concat(g.ReduceMean(a, axes=[2, 3]), g.ReduceMax(b, axes=[2, 3]), g.ReduceSum(c, ints(3), keepdims=1), axis=2)


def gathers(g, x):
    a = g.Gather(x, ints(2, 0, 1, 1), axis=1)
    b = g.Gather(x, np.array([[0, 2], [3, 5]], np.int64), axis=2)
    c = g.Gather(x, scalar(-1, np.int64), axis=3)
    a = g.ReduceMean(a, axes=[2, 3], keepdims=0)
    b = g.ReduceL2(b, axes=[1, 2, 4], keepdims=0)
    return g.Concat(a, b, g.ReduceMin(c, axes=[2], keepdims=0), axis=1)


def splits(g, x):
    a, b, c = g.add("Split", x, ints(1, 2, 3), outputs=3, axis=2)
    return g.Concat(c, a, b, axis=2)


def reshapes(g, x):
    """Axes that share no boundary, so that numbers have to be put side by side."""
    y = g.Reshape(x, ints(0, 9, 10))
    y = g.Transpose(y, perm=[0, 2, 1])
    return g.Reshape(y, ints(-1, 6, 5, 3))


def reductions(g, x):
    parts = [
        g.ReduceMean(x, axes=[1], keepdims=1),
        g.ReduceSum(x, ints(1), keepdims=1),
        g.ReduceMax(x, axes=[1], keepdims=1),
        g.ReduceMin(x, axes=[-3], keepdims=1),
        g.ReduceL1(x, axes=[1], keepdims=1),
        g.ReduceSumSquare(x, axes=[1], keepdims=1),
    ]
    return g.Concat(*parts, g.Sqrt(g.Abs(parts[0])), axis=1)


def arg_max(g, x):
    return g.ArgMax(g.ReduceMean(x, axes=[2, 3], keepdims=0), axis=1, keepdims=0)


arg_max.type = TensorProto.INT64


def einsum(g, x):
    y = g.Einsum(g.Reshape(x, ints(0, 3, 5, 6)), x, equation="bcwh,bcht->bcwt")
    return g.Transpose(y, perm=[0, 2, 1, 3])


def normalizations(g, x):
    c = g.Conv(x, weights(4, 3, 1, 1), weights(4))
    one = g.InstanceNormalization(c, weights(4), weights(4), epsilon=1e-4)
    grouped = g.InstanceNormalization(g.Reshape(c, ints(0, 2, -1)), np.ones(2, np.float32), np.zeros(2, np.float32))
    two = g.Add(g.Mul(g.Reshape(grouped, g.Shape(c)), weights(4, 1, 1)), weights(4, 1, 1))
    three = g.LayerNormalization(c, weights(4, 6, 5), weights(4, 6, 5), axis=1)
    four = g.BatchNormalization(c, weights(4), weights(4), weights(4), np.abs(weights(4)) + 0.1)
    return g.Concat(one, two, three, four, axis=1)


def group_normalization(g, x):
    return g.GroupNormalization(g.Conv(x, weights(4, 3, 1, 1), weights(4)), weights(4), weights(4), num_groups=2, epsilon=1e-4)


def activations(g, x):
    parts = [
        g.HardSwish(x),
        g.HardSigmoid(x, alpha=1 / 6, beta=0.5),
        g.HardSigmoid(x, alpha=0.2, beta=0.4),
        g.Clip(x, scalar(-0.3), scalar(0.6)),
        g.PRelu(x, weights(3, 1, 1)),
        g.Pow(g.Abs(x), scalar(1.5)),
        g.Reciprocal(g.Add(g.Exp(x), scalar(1))),
        g.Div(x, g.Add(g.Sqrt(g.Abs(x)), scalar(0.5))),
        g.Mul(g.Div(g.Clip(g.Add(x, scalar(3)), scalar(0), scalar(6)), scalar(6)), x),
        g.Neg(g.LeakyRelu(x, alpha=0.2)),
        g.Sum(g.Floor(x), g.Round(g.Mul(x, scalar(3))), g.Sign(x)),
    ]
    return g.Concat(*parts, axis=1)


def pools(g, x):
    """A border below zero counts as nothing."""
    y = g.MaxPool(g.Sub(x, scalar(3)), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    return g.Concat(y, g.AveragePool(x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1), axis=1)


def where_mask(g, x):
    lower = np.tril(np.ones((6, 6)))[:, :5] > 0
    y = g.Where(lower, x, scalar(-np.inf))
    return g.Where(lower, g.Softmax(y, axis=-1), g.Mul(x, scalar(2)))


def expands(g, x):
    mean = g.ReduceMean(x, axes=[3], keepdims=1)
    same = g.Expand(g.Clip(g.ReduceL2(x, axes=[3], keepdims=1), scalar(1e-12)), g.Shape(x))
    return g.Concat(g.Expand(mean, ints(1, 1, 1, 5)), g.Div(x, same), axis=1)


def pads(g, x):
    return g.Concat(g.Pad(x, ints(0, 0, 1, 2, 0, 0, 0, 1)), g.Pad(x, ints(0, 1, 0, -1, 0, -1, 1, 4)), axis=1)


def matrices(g, x):
    left = g.MatMul(weights(4, 6), x)
    right = g.MatMul(x, weights(5, 4))
    return g.MatMul(left, g.MatMul(g.Transpose(x, perm=[0, 1, 3, 2]), right))


def vectors(g, x):
    y = g.BatchNormalization(x, weights(6), weights(6), weights(6), np.abs(weights(6)) + 0.1)
    return g.LogSoftmax(g.Add(g.MatMul(g.Relu(y), weights(6, 4)), weights(4)), axis=1)


def channels_last(g, x):
    """The layout of images that TensorFlow's exporters write."""
    y = g.Conv(g.Transpose(x, perm=[0, 3, 1, 2]), weights(4, 3, 3, 3), weights(4))
    return g.Transpose(g.Relu(y), perm=[0, 2, 3, 1])


def one_image(g, x):
    """A file for a single image whose batch is dropped on the way and never comes back."""
    y = g.Squeeze(g.ReduceMean(x, axes=[2, 3], keepdims=1), ints(0, 2, 3))
    return g.MatMul(g.Unsqueeze(y, ints(0)), weights(3, 4))


def fixed_batch(g, x):
    """Reshapes that state the batch as a number."""
    y = g.Reshape(g.Transpose(x, perm=[0, 2, 3, 1]), ints(4, 15, 3))
    return g.Reshape(g.MatMul(y, weights(3, 3)), ints(2, 2, 15, 3))


def typed(name):
    def build(g, x):
        kernel, bias = weights(4, 3, 1, 1), weights(4)
        if name == "bfloat16":
            raw = (np.concatenate([kernel.ravel()]).view(np.uint32) >> 16).astype(np.uint16)
            tensor = helper.make_tensor("k", TensorProto.BFLOAT16, [4, 3, 1, 1], raw.tobytes(), raw=True)
            return g.Conv(x, g.Cast(tensor, to=1), bias)
        return g.Conv(x, g.Cast(kernel.astype(name), to=1), bias)

    build.__name__ = f"weights_{name}"
    return build


def quantized(g, x):
    """Weights and activations of 8 bits, with ReLU in a zero point, as onnxruntime.quantization writes them."""
    scale, zero = scalar(1 / 64), scalar(128, np.uint8)
    around = lambda one, s=scale, z=zero: g.DequantizeLinear(g.QuantizeLinear(one, s, z), s, z)
    kernel = rng.integers(-90, 90, (4, 3, 3, 3)).astype(np.int8)
    scales = np.array([0.004, 0.006, 0.003, 0.005], np.float32)
    w = g.DequantizeLinear(kernel, scales, np.zeros(4, np.int8), axis=0)
    b = g.DequantizeLinear(rng.integers(-900, 900, 4).astype(np.int32), scales * np.float32(1 / 64), np.zeros(4, np.int32), axis=0)
    c = around(g.Conv(around(x), w, b), scalar(1 / 64), scalar(0, np.uint8))
    dense = g.DequantizeLinear(rng.integers(-90, 90, (4, 3)).astype(np.int8), scalar(0.01), scalar(0, np.int8))
    return g.MatMul(g.Flatten(g.GlobalAveragePool(c)), dense)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    case(unsorted, change=reverse)
    case(external, outside=True)
    case(channel_shuffle)
    case(class_token)
    case(attention)
    case(windows, (3, 8, 8))
    case(layer_normalization_in_parts)
    case(gelu_in_parts)
    case(gelu, opset=20)
    case(constant_of_shape)
    case(constants_beside)
    case(integer_arithmetic, (3, 1, 5))
    case(slices)
    case(gathers)
    case(splits)
    case(reshapes)
    case(reductions)
    case(arg_max)
    case(einsum)
    case(normalizations)
    case(group_normalization, opset=21)
    case(activations)
    case(pools)
    case(where_mask)
    case(expands)
    case(pads)
    case(matrices)
    case(vectors, (6,))
    case(channels_last, (6, 7, 3))
    case(one_image, batch=1)
    case(fixed_batch, batch=2)
    for name in ("float16", "bfloat16", "double", "int8"):
        case(typed(name), opset=17)
    case(quantized)
    (OUT / "operators.json").write_text(json.dumps(CASES, separators=(",", ":")) + "\n")


main()
