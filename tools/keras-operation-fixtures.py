"""Writes fixtures of attention, group and unit normalization, dot and einsum layers, and of operations of keras.ops in
functional models, with the real Keras (3.15 on torch): test/parity/fixtures/keras-{sequence-layers,merging,operations}.json.
Also in test/formats/fixtures: operations.{keras,json}, a small vision transformer with operations and constants;
described.json and described.weights.h5, its description and weights apart; any-size.{keras,json}, images of any size;
int8.keras, quantized.

    KERAS_BACKEND=torch python tools/keras-operation-fixtures.py
"""

import importlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
base = importlib.import_module("keras-fixtures")
keras, L, np, torch, plain, write = base.keras, base.L, base.np, base.torch, base.plain, base.write
ops = keras.ops


def sequence_layers():
    E = L.EinsumDense
    return [
        base.layer_case(L.GroupNormalization(2, name="n"), (2, 3, 5, 4)),
        base.layer_case(L.GroupNormalization(-1, epsilon=1e-5, name="n"), (3, 5, 3)),
        base.layer_case(L.GroupNormalization(1, scale=False, beta_regularizer="l2", name="n"), (2, 7)),
        base.layer_case(L.GroupNormalization(3, axis=1, center=False, name="n"), (2, 6, 3, 2)),
        base.layer_case(L.UnitNormalization(name="u"), (3, 7)),
        base.layer_case(L.UnitNormalization(axis=1, name="u"), (2, 3, 5)),
        base.layer_case(L.UnitNormalization(axis=[1, -1], name="u"), (2, 3, 2, 3)),
        base.layer_case(L.GlobalAveragePooling1D(name="g"), (2, 5, 3)),
        base.layer_case(L.GlobalAveragePooling1D(keepdims=True, name="g"), (1, 3, 7)),
        base.layer_case(L.GlobalMaxPooling1D(name="g"), (2, 5, 3)),
        base.layer_case(E("ab,bc->ac", 5, bias_axes="c", activation="tanh", name="e"), (3, 4)),
        base.layer_case(E("abc,cd->abd", (None, 3), bias_axes="d", name="e"), (2, 5, 4)),
        base.layer_case(E("abc,cde->abde", (None, 2, 3), bias_axes="de", name="e"), (2, 3, 4)),
        base.layer_case(E("abde,dec->abc", (None, 5), bias_axes="c", name="e"), (1, 3, 2, 4)),
        base.layer_case(E("...x,xy->...y", 3, bias_axes="y", name="e"), (2, 3, 2, 4)),
        base.layer_case(E("abc,bd->adc", (3, 4), bias_axes="d", name="e"), (2, 5, 4)),
        base.layer_case(E("abc,bcd->abd", (3, 2), kernel_regularizer="l2", name="e"), (2, 3, 5)),
        base.layer_case(E("ab...,bc->ac...", 3, bias_axes="c", name="e"), (2, 4, 3, 2)),
    ]


def merging_case(layer, shapes, **arguments):
    """base.layer_case for several inputs."""
    xs = [torch.tensor(base.normal(*shape), requires_grad=True) for shape in shapes]
    call = layer if isinstance(layer, L.MultiHeadAttention) else lambda *tensors, **_: layer(list(tensors))
    call(*xs, **arguments)
    base.randomize(layer)
    y = call(*xs, **arguments)
    cotangent = base.normal(*y.shape)
    (y * torch.tensor(cotangent)).sum().backward()
    return {
        "layer": keras.saving.serialize_keras_object(layer),
        "inputs": [plain(x) for x in xs],
        "kwargs": arguments,
        "weights": [plain(w.value) for w in layer.weights],
        "output": plain(y),
        "cotangent": plain(cotangent),
        "inputGradients": [plain(x.grad) for x in xs],
        "weightGradients": [plain(w.value.grad) for w in layer.weights],
    }


def merging():
    M = L.MultiHeadAttention
    return [
        merging_case(M(2, 3, name="m"), [(2, 5, 4), (2, 5, 4)]),
        merging_case(M(3, 2, value_dim=5, output_shape=7, name="m"), [(2, 3, 4), (2, 5, 6), (2, 5, 3)]),
        merging_case(M(1, 4, use_bias=False, dropout=0.3, seed=3, name="m"), [(1, 4, 3), (1, 2, 3)]),
        merging_case(M(2, 3, name="m"), [(2, 5, 4), (2, 5, 4)], use_causal_mask=True),
        merging_case(M(2, 2, name="m"), [(2, 2, 3, 4), (2, 2, 3, 4)]),
        merging_case(M(2, 2, attention_axes=(2,), name="m"), [(1, 2, 3, 4), (1, 2, 5, 4)]),
        merging_case(M(2, 2, attention_axes=(1, -2), output_shape=(2, 3), kernel_regularizer="l2", name="m"), [(1, 2, 3, 4), (1, 1, 3, 4)]),
        merging_case(L.Dot(1, name="d"), [(3, 5), (3, 5)]),
        merging_case(L.Dot(-1, normalize=True, name="d"), [(3, 5), (3, 5)]),
        merging_case(L.Dot((2, 1), name="d"), [(2, 3, 4), (2, 4, 5)]),
        merging_case(L.Dot((1, 2), normalize=True, name="d"), [(2, 4, 3), (2, 5, 4)]),
        merging_case(L.Dot((1, 1), name="d"), [(2, 4), (2, 4, 3)]),
        merging_case(L.Dot((3, 1), name="d"), [(1, 2, 3, 4), (1, 4, 3, 2)]),
    ]


SHAPE = (4, 6, 3)
OPERATIONS = {
    "arithmetic with numbers": lambda x: (2 - (x * 2 + 1) / 3) ** 2 / (1 + x**2) - x**3,
    "numbers in front": lambda x: 1 / (2 + abs(x)) + 3 * -x,
    "constant arrays": lambda x: (x + np.array([1, -2, 0.5], "float32")) * ops.convert_to_tensor(np.arange(6, dtype="float32").reshape(6, 1)),
    "extremes": lambda x: ops.maximum(ops.minimum(x, 0.5), -0.5) + ops.clip(x, -1, 0.25),
    "functions": lambda x: ops.exp(x) + ops.log(ops.square(x) + 1) + ops.sqrt(abs(x) + 1) + ops.tanh(x) * ops.sin(x) - ops.cos(x) + ops.rsqrt(x * x + 2) + ops.erf(x) + ops.log1p(abs(x)) + ops.expm1(x),
    "activations": lambda x: ops.relu(x) + ops.sigmoid(x) * ops.silu(x) + ops.gelu(x) + ops.gelu(x, approximate=False) + ops.leaky_relu(x, 0.1) + ops.elu(x, 0.5) + ops.selu(x) + ops.softplus(x) + ops.softsign(x) + ops.relu6(4 * x) + ops.hard_sigmoid(x) + ops.hard_silu(x) + ops.log_sigmoid(x),
    "choices": lambda x: ops.where(x > 0, x, 0.1) + ops.cast(x < 0.3, "float32") * x + ops.cast(ops.logical_and(x >= -1, ops.logical_not(x <= 0)), "float32") * x,
    "rounding": lambda x: x * ops.floor(3 * x) + ops.ceil(2 * x) * x + ops.sign(x) * x + ops.cast(3 * x, "int32") * x,
    "flatten": lambda x: ops.reshape(x, (-1, 72)),
    "tokens": lambda x: ops.reshape(x, (-1, 24, 3)),
    "axes": lambda x: ops.swapaxes(ops.moveaxis(ops.transpose(x, (0, 3, 1, 2)), 1, -1), 1, 2),
    "expanded and squeezed": lambda x: ops.squeeze(ops.expand_dims(x, 1)[:, :, :1], 2),
    "items": lambda x: ops.concatenate([x[:, 0], x[:, -1, -3:], x[:, 2, 1:-1:2] * x[:, 1, :2], x[:, 1:3, 5], x[:, 3, 1:5:2]], axis=1),
    "items with dots": lambda x: x[..., 1:] * x[..., None, 0],
    "means": lambda x: ops.concatenate([ops.mean(x, axis=[1, 2]), ops.sum(x, axis=(1, 2)), ops.max(x, axis=(1, 2)), ops.min(x, axis=(1, 2)), ops.var(x, axis=(1, 2)), ops.std(x, axis=(1, 2)), ops.logsumexp(x, axis=(1, 2)), ops.norm(ops.reshape(x, (-1, 24, 3)), axis=1)], axis=-1),
    "kept axes": lambda x: (x - ops.mean(x, axis=-1, keepdims=True)) / (ops.std(x, axis=-1, keepdims=True) + 0.1),
    "softmax": lambda x: ops.softmax(x) + ops.softmax(x, axis=1) * ops.log_softmax(x, axis=2) + ops.normalize(x, axis=-1),
    "split": lambda x: (lambda a, b: a * b)(*ops.split(x, 2, axis=2)),
    "split at": lambda x: ops.concatenate(ops.split(x, [1, 4], axis=2)[::-1], axis=2),
    "stack": lambda x: ops.stack([x, 2 * x, ops.flip(x, axis=1)], axis=2),
    "unstack": lambda x: (lambda a, b, c: a * b + c)(*ops.unstack(x, axis=-1)),
    "copies": lambda x: ops.concatenate([ops.tile(x, [1, 2, 1, 1]), ops.repeat(x, 2, axis=1)], axis=-1),
    "borders": lambda x: ops.pad(ops.pad(x, [[0, 0], [1, 0], [0, 2], [0, 0]]), [[0, 0], [1, 1], [1, 1], [1, 0]], constant_values=0.5),
    "products": lambda x: ops.matmul(ops.transpose(x, (0, 1, 3, 2)), x) @ np.ones((3, 2), "float32"),
    "einsum": lambda x: ops.einsum("bhwc,bhwd->bhcd", x, x) + ops.einsum("bhwc,cd->bhd", x, np.eye(3, dtype="float32"))[:, :, None],
    "attention": lambda x: (lambda t: ops.softmax(t @ ops.transpose(t, (0, 2, 1)) / 3**0.5) @ t)(ops.reshape(x, (-1, 24, 3))),
    "taken": lambda x: ops.take(x, 1, axis=-1) + ops.dot(x, np.array([1.0, 2.0, 0.5], "float32")),
}


def operations():
    cases = []
    for name, make in OPERATIONS.items():
        keras.utils.clear_session()
        image = keras.Input(SHAPE, name="image")
        model = keras.Model(image, make(image), name="operations")
        x = torch.tensor(base.normal(2, *SHAPE), requires_grad=True)
        y = model(x)
        cotangent = base.normal(*y.shape)
        (y * torch.tensor(cotangent)).sum().backward()
        cases.append({
            "name": name,
            "model": json.loads(model.to_json()),
            "input": plain(x),
            "output": plain(y),
            "cotangent": plain(cotangent),
            "inputGradient": plain(x.grad),
        })
    return cases


def saved_model():
    """A small vision transformer: patches, positions as constants, a class token's place taken by a mean."""
    keras.utils.clear_session()
    image = keras.Input((12, 12, 3), name="image")
    x = L.Conv2D(8, 4, strides=4)(image / 127.5 - 1)
    x = ops.reshape(x, (-1, 9, 8)) + base.normal(9, 8) * 0.1
    y = L.LayerNormalization(epsilon=1e-6)(x)
    x = x + L.MultiHeadAttention(2, 4)(y, y)
    y = L.EinsumDense("abc,cd->abd", (9, 16), bias_axes="d", activation="gelu")(L.GroupNormalization(2)(x))
    x = L.UnitNormalization()(L.Add()([x, L.Dense(8)(y)]))
    similar = ops.reshape(L.Dot(axes=(2, 2))([x, x]), (-1, 9, 9))
    x = L.Concatenate()([ops.mean(x, axis=1), ops.max(similar, axis=-1)])
    model = keras.Model(image, L.Dense(3, activation="softmax")(x), name="transformer")
    base.randomize(model)
    x = base.rng.integers(0, 256, (3, 12, 12, 3)).astype("float32")
    save("operations", model, x)
    (FOLDER / "described.json").write_text(model.to_json(), encoding="utf-8")
    model.save_weights(FOLDER / "described.weights.h5")


FOLDER = base.OUT.parent.parent / "formats" / "fixtures"


def save(name, model, x):
    model.save(FOLDER / f"{name}.keras")
    text = json.dumps({"x": plain(x), "y": plain(model(x, training=False))}, separators=(",", ":"))
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def any_size():
    """Images of any size, also in a model inside."""
    keras.utils.clear_session()
    inner = keras.Sequential([L.Input((None, None, 3)), L.Conv2D(4, 3, activation="relu"), L.MaxPooling2D()], name="inner")
    image = keras.Input((None, None, 3))
    x = L.GlobalAveragePooling2D()(inner(L.Rescaling(1 / 255)(image)))
    model = keras.Model(image, L.Dense(3, activation="softmax")(x), name="any_size")
    base.randomize(model)
    save("any-size", model, base.rng.integers(0, 256, (2, 9, 11, 3)).astype("float32"))
    keras.utils.clear_session()
    model = keras.Sequential([L.Input((4,)), L.Dense(3, activation="relu"), L.Dense(2)], name="quantized")
    model.quantize("int8")
    model.save(FOLDER / "int8.keras")


if __name__ == "__main__":
    write("sequence-layers", sequence_layers())
    write("merging", merging())
    write("operations", operations())
    saved_model()
    any_size()
