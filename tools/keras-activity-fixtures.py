"""Writes test/parity/fixtures/keras-activity.json with the real Keras (3.15 on jax): the penalties that layers put on
their own output, and the gradients of these, for every layer that takes an activity_regularizer.

    KERAS_BACKEND=jax python tools/keras-activity-fixtures.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

L, R = keras.layers, keras.regularizers
OUT = pathlib.Path(__file__).parent.parent / "test" / "parity" / "fixtures" / "keras-activity.json"
rng = np.random.default_rng(20240611)


def plain(x):
    x = np.asarray(x, "float32")
    data = [float(np.format_float_positional(v, unique=True, trim="0", precision=6, fractional=False)) for v in x.ravel()]
    return {"shape": list(x.shape), "data": data}


def rounded(*shape):
    return rng.normal(size=shape).round(3).astype("float32")


def case(layer, *shapes):
    """The sum of the layer's losses for random inputs, and its gradients by weights and inputs."""
    xs = [rounded(*shape) for shape in shapes]
    layer(*xs)
    weights = [rounded(*w.shape) for w in layer.weights]

    def penalty(values, inputs):
        with keras.StatelessScope(state_mapping=list(zip(layer.variables, values)), collect_losses=True) as scope:
            layer(*inputs)
        return sum(scope.losses)

    value, (by_weights, by_inputs) = jax.value_and_grad(penalty, argnums=(0, 1))(weights, xs)
    return {
        "layer": keras.saving.serialize_keras_object(layer),
        "inputs": [plain(x) for x in xs],
        "weights": [plain(w) for w in weights],
        "penalty": float(value),
        "weightGradients": [plain(g) for g in by_weights],
        "inputGradients": [plain(g) for g in by_inputs],
    }


both = R.L1L2(0.03, 0.02)
cases = [
    case(L.Dense(2, activation="tanh", activity_regularizer=both, name="d"), (3, 2)),
    case(L.EinsumDense("abc,cd->abd", (None, 2), bias_axes="d", activation="relu", activity_regularizer="l2", name="e"), (2, 2, 3)),
    case(L.Conv2D(2, 2, activity_regularizer="l1", name="c"), (2, 3, 3, 1)),
    case(L.Conv2DTranspose(1, 2, strides=2, activity_regularizer=both, name="t"), (2, 2, 2, 1)),
    case(L.DepthwiseConv2D(2, activation="sigmoid", activity_regularizer="l2", name="w"), (3, 2, 3, 2)),
    case(L.SeparableConv2D(2, 2, activation="tanh", activity_regularizer=both, name="s"), (2, 3, 2, 1)),
    case(L.MultiHeadAttention(2, 2, activity_regularizer=both, name="m"), (2, 2, 3), (2, 3, 2)),
]
OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n", encoding="utf-8")
print(OUT.name, OUT.stat().st_size)
