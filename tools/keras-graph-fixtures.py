"""Writes test/parity/fixtures/keras-graphs.json with the real Keras (3.15 on torch): functional models.

    KERAS_BACKEND=torch python tools/keras-graph-fixtures.py

For each model: its config, printed summaries, random weights, outputs in inference, and three steps of SGD in training
mode with the weights after each, so that batch statistics, moving averages and frozen layers are held to Keras.
Also writes graph.keras, a functional file with nested and shared layers, for test/formats.
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["COLUMNS"] = "80"

import keras  # noqa: E402
import numpy as np  # noqa: E402

L = keras.layers
ROOT = pathlib.Path(__file__).parent.parent / "test"
rng = np.random.default_rng(20260101)


def plain(x):
    x = np.asarray(x.detach() if hasattr(x, "detach") else x)
    data = x.ravel().tolist()
    if x.dtype.kind == "f":
        data = [float(np.format_float_positional(v, unique=True, trim="0")) for v in x.astype("float32").ravel()]
    return {"shape": list(x.shape), "data": data}


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def randomize(model):
    model.set_weights([np.abs(normal(*w.shape)) + 0.5 if "variance" in w.path else normal(*w.shape) * 0.5 for w in model.weights])


def residual():
    """A residual block with batch norm, and a shortcut with a convolution."""
    x = image = L.Input((6, 5, 2))
    x = L.Conv2D(3, 3, padding="same", use_bias=False)(x)
    x = L.BatchNormalization(momentum=0.9)(x)
    x = L.ReLU()(x)
    y = L.Conv2D(3, 3, padding="same", name="second")(x)
    y = L.BatchNormalization(scale=False, epsilon=1e-2, momentum=0.5)(y)
    x = L.Add()([x, y])
    x = L.Activation("relu")(x)
    x = L.GlobalAveragePooling2D()(x)
    return keras.Model(image, L.Dense(2)(x), name="residual")


def branches():
    """Two inputs, every merging layer, and an order of layers that depth alone does not settle."""
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    p, q = L.Dense(3, name="p")(a), L.Dense(3, activation="tanh", name="q")(b)
    r = L.Dense(3, name="r")(p)
    merged = [layer([r, q]) for layer in (L.Multiply(), L.Average(), L.Maximum(), L.Minimum(), L.Subtract(), L.Add())]
    joined = L.Concatenate()([*merged, p])
    return keras.Model([a, b], L.Dense(2, name="out")(joined), name="branches")


def shared():
    """One dense layer and one batch norm applied twice each; the second call at another depth."""
    x = L.Input((3,))
    dense, norm = L.Dense(3, activation="tanh", name="shared"), L.BatchNormalization(momentum=0.8, name="norm")
    y = norm(dense(x))
    z = norm(dense(L.Dense(3, name="between")(y)))
    return keras.Model(x, L.Dense(1)(L.Concatenate()([y, z])), name="twice")


def nested(training=None, frozen=False):
    """A functional model and a sequential one inside another, the functional one applied twice."""
    i = L.Input((4, 4, 2), name="inner_image")
    # A bias before batch norm has gradients of pure rounding, which Adam blows up.
    x = L.Conv2D(2, 3, padding="same", use_bias=False, name="conv")(i)
    x = L.BatchNormalization(name="bn", momentum=0.7)(x)
    base = keras.Model(i, L.ReLU(name="relu")(x), name="base")
    base.trainable = not frozen
    head = keras.Sequential([L.Input((4, 4, 2)), L.GlobalAveragePooling2D(), L.Dense(3)], name="head")
    image = L.Input((4, 4, 2), name="image")
    kwargs = {} if training is None else {"training": training}
    x = base(image, **kwargs)
    if not frozen:
        x = base(x, **kwargs)
    return keras.Model(image, head(x), name="nested")


def chain():
    x = image = L.Input((5, 4, 1))
    x = L.Flatten()(x)
    x = L.Dense(4, activation="relu")(x)
    return keras.Model(image, L.Dense(2)(x), name="chain")


def two_outputs():
    x = L.Input((4,), name="x")
    y = L.Dense(3, activation="relu", name="trunk")(x)
    return keras.Model(x, [L.Dense(1, name="left")(y), L.Dense(2, name="right")(y), y], name="two_outputs")


def summary(model, **options):
    lines = []
    os.environ["COLUMNS"] = "200" if "line_length" in options else "80"
    model.summary(print_fn=lines.append, **options)
    return "\n".join(lines)


def case(name, build):
    keras.utils.clear_session()
    model = build()
    config = keras.saving.serialize_keras_object(model)
    randomize(model)
    start = [plain(w.value) for w in model.weights]
    n = 7
    x = [normal(n, *i.shape[1:]) for i in model.inputs]
    outputs = model.predict(x if len(x) > 1 else x[0], verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    summaries = [
        {"options": {}, "text": summary(model)},
        {"options": {"lineLength": 108}, "text": summary(model, line_length=108)},
        {"options": {"lineLength": 67, "expandNested": True}, "text": summary(model, line_length=67, expand_nested=True)},
        {
            "options": {"lineLength": 97, "expandNested": True, "showTrainable": True},
            "text": summary(model, line_length=97, expand_nested=True, show_trainable=True),
        },
    ]
    steps, y = [], [normal(n, *o.shape[1:]) for o in outputs]
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    for _ in range(3):
        loss = model.train_on_batch(x if len(x) > 1 else x[0], y if len(y) > 1 else y[0])
        loss = float(loss[0] if isinstance(loss, list) else loss)
        steps.append({"loss": loss, "weights": [plain(w.value) for w in model.weights]})
    return {
        "name": name,
        "config": config,
        "layers": [layer.name for layer in model.layers],
        "weights": start,
        "trainable": len(model.trainable_weights),
        "x": [plain(v) for v in x],
        "outputs": [plain(v) for v in outputs],
        "y": [plain(v) for v in y],
        "summaries": summaries,
        "steps": steps,
    }


def main():
    cases = [
        case("residual", residual),
        case("branches", branches),
        case("shared", shared),
        case("nested", nested),
        case("nested, training false", lambda: nested(training=False)),
        case("nested, frozen", lambda: nested(frozen=True)),
        case("chain", chain),
        case("two outputs", two_outputs),
    ]
    text = json.dumps(cases, ensure_ascii=False, separators=(",", ":"))
    (ROOT / "parity" / "fixtures" / "keras-graphs.json").write_text(text + "\n", encoding="utf-8")
    print("keras-graphs.json", len(text))
    keras.utils.clear_session()
    model = nested()
    randomize(model)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
    x, y = normal(6, 4, 4, 2), normal(6, 3)
    for _ in range(2):
        model.train_on_batch(x, y)
    fixtures = ROOT / "formats" / "fixtures"
    model.save(fixtures / "graph.keras")
    facts = {"x": plain(x), "y": plain(y), "outputs": plain(model.predict(x, verbose=0))}
    for _ in range(2):
        model.train_on_batch(x, y)
    facts["after"] = [plain(w.value) for w in model.weights]
    (fixtures / "graph.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
