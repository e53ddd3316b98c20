"""Writes test/parity/fixtures/keras-*.json with the real Keras (3.15 on torch), the oracle of the nn room.

    KERAS_BACKEND=torch python tools/keras-fixtures.py

Layers (outputs and gradients), losses, metrics, optimizers, early stopping, one small fit and printed summaries.
The numbers are float32 in their shortest form; the problems are tiny so that the files stay small and readable.
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["COLUMNS"] = "80"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from keras.src.trainers.compile_utils import MetricsList  # noqa: E402

L = keras.layers
OUT = pathlib.Path(__file__).parent.parent / "test" / "parity" / "fixtures"
rng = np.random.default_rng(20240501)


def plain(x):
    """Arrays as {shape, data} with the shortest decimals that give the same float32."""
    if isinstance(x, torch.Tensor):
        x = x.detach().numpy()
    x = np.asarray(x)
    data = x.ravel().tolist()
    if x.dtype.kind == "f":
        data = [float(np.format_float_positional(v, unique=True, trim="0")) for v in x.astype("float32").ravel()]
    return {"shape": list(x.shape), "data": data}


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (OUT / f"keras-{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"keras-{name}.json", len(text))


def normal(*shape):
    return rng.normal(size=shape).astype("float32")


def randomize(layer):
    layer.set_weights([normal(*w.shape) * 0.5 for w in layer.weights])


def layer_case(layer, shape, positive=False):
    """Output and gradients of sum(output * cotangent) for one layer, training=False."""
    x = torch.tensor(np.abs(normal(*shape)) if positive else normal(*shape), requires_grad=True)
    layer.build(shape)
    randomize(layer)
    y = layer(x, training=False)
    cotangent = normal(*y.shape)
    (y * torch.tensor(cotangent)).sum().backward()
    return {
        "layer": keras.saving.serialize_keras_object(layer),
        "input": plain(x),
        "weights": [plain(w.value) for w in layer.weights],
        "output": plain(y),
        "cotangent": plain(cotangent),
        "inputGradient": plain(x.grad),
        "weightGradients": [plain(w.value.grad) for w in layer.weights],
        "params": layer.count_params(),
    }


def layers():
    cases = [
        layer_case(L.Rescaling(1 / 255, name="r"), (2, 3, 5, 1)),
        layer_case(L.Rescaling(1 / 127.5, offset=-1, name="r"), (3, 7)),
        layer_case(L.Rescaling(2.0, 0.5, name="r"), (1, 2, 2, 3)),
        layer_case(L.Flatten(name="f"), (2, 3, 5, 2)),
        layer_case(L.Flatten(name="f"), (3, 7)),
        layer_case(L.Flatten(name="f"), (4,)),
        layer_case(L.Dense(5, name="d"), (3, 7)),
        layer_case(L.Dense(4, activation="softmax", use_bias=False, name="d"), (5, 3)),
        layer_case(L.Dense(3, activation="tanh", name="d"), (2, 3, 5)),
        layer_case(L.Conv2D(3, 3, padding="same", activation="relu", name="c"), (2, 5, 7, 2)),
        layer_case(L.Conv2D(2, (2, 3), strides=(2, 1), name="c"), (1, 7, 6, 3)),
        layer_case(L.Conv2D(4, 5, strides=2, padding="same", use_bias=False, name="c"), (1, 8, 9, 1)),
        layer_case(L.Conv2D(3, 11, strides=4, name="c"), (1, 23, 19, 1)),
        layer_case(L.MaxPooling2D(name="p"), (2, 5, 7, 2)),
        layer_case(L.MaxPooling2D((3, 2), strides=2, padding="same", name="p"), (1, 6, 5, 3)),
        layer_case(L.MaxPooling2D(4, name="p"), (2, 9, 8, 1)),
        layer_case(L.AveragePooling2D(2, name="p"), (2, 5, 7, 2)),
        # Extents whose "same" padding is symmetric: otherwise the torch backend alone repeats edge cells.
        layer_case(L.AveragePooling2D(3, strides=2, padding="same", name="p"), (1, 7, 5, 3)),
        layer_case(L.AveragePooling2D((2, 3), strides=(1, 2), name="p"), (1, 4, 7, 2)),
        layer_case(L.GlobalAveragePooling2D(name="g"), (2, 5, 7, 3)),
        layer_case(L.GlobalAveragePooling2D(keepdims=True, name="g"), (1, 3, 1, 2)),
        layer_case(L.GlobalAveragePooling2D(name="g"), (3, 1, 1, 4)),
        layer_case(L.Dropout(0.5, name="o"), (2, 7)),
        layer_case(L.Dropout(0.25, seed=3, name="o"), (1, 3, 5, 2)),
        layer_case(L.ReLU(name="a"), (3, 7)),
        layer_case(L.ReLU(max_value=0.8, negative_slope=0.1, threshold=0.2, name="a"), (3, 7)),
        layer_case(L.ReLU(max_value=6, name="a"), (2, 3, 5)),
        layer_case(L.LeakyReLU(name="a"), (3, 7)),
        layer_case(L.LeakyReLU(negative_slope=0.1, name="a"), (2, 3, 5)),
        layer_case(L.Softmax(name="a"), (3, 7)),
        layer_case(L.Softmax(axis=1, name="a"), (2, 3, 5)),
    ]
    for name in ["relu", "softmax", "tanh", "sigmoid", "exponential", "leaky_relu", "linear", "softplus", "elu", "relu6"]:
        cases.append(layer_case(L.Activation(name, name="a"), (3, 5)))
    write("layers", cases)
    write("input-config", keras.saving.serialize_keras_object(L.InputLayer(shape=(80, 60, 1), name="input_layer")))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)).astype("float32")


def loss_case(loss, y_true, y_pred):
    p = torch.tensor(y_pred, requires_grad=True)
    value = loss(torch.tensor(y_true), p)
    value.backward()
    per_sample = loss.call(torch.tensor(np.asarray(y_true, "float32")), torch.tensor(y_pred))
    return {
        "class": loss.__class__.__name__,
        "config": {k: v for k, v in loss.get_config().items() if k not in ("name", "reduction", "fn")},
        "name": loss.get_config()["name"],
        "yTrue": plain(y_true),
        "yPred": plain(y_pred),
        "values": plain(per_sample),
        "value": plain(value),
        "gradient": plain(p.grad),
    }


def losses():
    X = keras.losses
    labels = np.array([0, 3, 2, 4, 1], "int32")
    hot = np.eye(5, dtype="float32")[labels]
    logits = normal(5, 5) * 2
    extreme = np.array([[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0], [0, 0, 0, 0, 2], [0.2] * 5], "float32")
    binary = rng.integers(0, 2, (4, 3)).astype("float32")
    counts = rng.integers(0, 4, (6, 1)).astype("float32")
    rates = np.exp(normal(6, 1))
    write(
        "losses",
        [
            loss_case(X.SparseCategoricalCrossentropy(from_logits=True), labels, logits),
            loss_case(X.SparseCategoricalCrossentropy(), labels, softmax(logits)),
            loss_case(X.SparseCategoricalCrossentropy(), labels, extreme),
            loss_case(X.SparseCategoricalCrossentropy(), labels.reshape(5, 1), softmax(logits)),
            loss_case(X.SparseCategoricalCrossentropy(from_logits=True), labels, logits * 20),
            loss_case(X.CategoricalCrossentropy(from_logits=True), hot, logits),
            loss_case(X.CategoricalCrossentropy(), hot, softmax(logits)),
            loss_case(X.CategoricalCrossentropy(), hot, extreme),
            loss_case(X.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), hot, logits),
            loss_case(X.CategoricalCrossentropy(label_smoothing=0.2), hot, softmax(logits)),
            loss_case(X.BinaryCrossentropy(from_logits=True), binary, normal(4, 3)),
            loss_case(X.BinaryCrossentropy(), binary, (1 / (1 + np.exp(-normal(4, 3)))).astype("float32")),
            loss_case(X.BinaryCrossentropy(), binary, np.array([[0, 1, 0.5]] * 4, "float32")),
            loss_case(X.BinaryCrossentropy(label_smoothing=0.1), binary, softmax(normal(4, 3))),
            loss_case(X.BinaryCrossentropy(from_logits=True), binary[:, 0], normal(4, 1) * 30),
            loss_case(X.MeanSquaredError(), normal(4, 3), normal(4, 3)),
            loss_case(X.MeanSquaredError(), normal(5), normal(5, 1)),
            loss_case(X.Poisson(), counts, rates),
            loss_case(X.Poisson(), counts[:, 0], rates),
        ],
    )


def metric_case(identifier, batches, **facts):
    metric = identifier if not isinstance(identifier, str) else keras.src.trainers.compile_utils.get_metric(
        identifier, torch.tensor(batches[0][0]), torch.tensor(batches[0][1])
    )
    for y_true, y_pred in batches:
        metric.update_state(torch.tensor(y_true), torch.tensor(y_pred))
    return {
        "identifier": identifier if isinstance(identifier, str) else None,
        "class": metric.__class__.__name__,
        "name": metric.name,
        "direction": getattr(metric, "_direction", None),
        "batches": [{"yTrue": plain(t), "yPred": plain(p)} for t, p in batches],
        "result": float(metric.result()),
        **facts,
    }


def metrics():
    M = keras.metrics
    labels = [np.array([0, 3, 2, 4, 1, 6, 6], "int32"), np.array([5, 1, 1], "int32")]
    scores = [normal(7, 7), normal(3, 7)]
    scores[0][2] = 0.5  # ties
    scores[0][4, :3] = 9
    sparse = list(zip(labels, scores))
    column = [(t.reshape(-1, 1), p) for t, p in sparse]
    hot = [(np.eye(7, dtype="float32")[t], p) for t, p in sparse]
    binary = [(rng.integers(0, 2, (5, 1)).astype("float32"), rng.random((5, 1), "float32")) for _ in range(2)]
    wide = [(rng.integers(0, 2, (4, 3)).astype("float32"), rng.random((4, 3), "float32")) for _ in range(2)]
    logit = [(t.astype("int32").ravel(), (p - 0.5) * 4) for t, p in binary]
    real = [(normal(4, 3), normal(4, 3)), (normal(1, 3), normal(1, 3))]
    write(
        "metrics",
        [
            metric_case("accuracy", sparse),
            metric_case("acc", column),
            metric_case("accuracy", hot),
            metric_case("accuracy", binary),
            metric_case("sparse_categorical_accuracy", sparse),
            metric_case("categorical_accuracy", hot),
            metric_case("binary_accuracy", wide),
            metric_case("mse", real),
            metric_case("mean_squared_error", real),
            metric_case("mae", real),
            metric_case("poisson", [(np.abs(t), np.abs(p)) for t, p in real]),
            metric_case("binary_crossentropy", wide),
            metric_case("sparse_categorical_crossentropy", [(t, softmax(p)) for t, p in sparse]),
            metric_case(M.SparseTopKCategoricalAccuracy(), sparse, k=5),
            metric_case(M.SparseTopKCategoricalAccuracy(k=2, name="top2"), sparse, k=2),
            metric_case(M.SparseTopKCategoricalAccuracy(k=7), sparse, k=7),
            metric_case(M.TopKCategoricalAccuracy(k=3), hot, k=3),
            metric_case(M.BinaryAccuracy(threshold=0.0), logit, threshold=0.0),
            metric_case(M.BinaryAccuracy(), wide, threshold=0.5),
            metric_case(M.MeanSquaredError(), real),
        ],
    )


def optimizer_case(optimizer):
    """20 steps on sum((w - target)^2 * scale), every weight recorded after every step."""
    start, target, scale = normal(2, 3), normal(2, 3), np.abs(normal(2, 3))
    w = keras.Variable(start)
    path = []
    for _ in range(20):
        gradient = 2 * torch.tensor(scale) * (w.value - torch.tensor(target))
        optimizer.apply([gradient.detach()], [w])
        path.append(plain(w.value)["data"])
    config = optimizer.get_config()
    return {
        "optimizer": keras.saving.serialize_keras_object(optimizer),
        "config": config,
        "start": plain(start),
        "target": plain(target),
        "scale": plain(scale),
        "path": path,
        "variables": [plain(v.value) for v in optimizer.variables],
    }


def optimizers():
    O = keras.optimizers
    write(
        "optimizers",
        [
            optimizer_case(O.SGD()),
            optimizer_case(O.SGD(learning_rate=0.1)),
            optimizer_case(O.SGD(learning_rate=0.05, momentum=0.9)),
            optimizer_case(O.SGD(learning_rate=0.05, momentum=0.9, nesterov=True)),
            optimizer_case(O.Adam()),
            optimizer_case(O.Adam(learning_rate=0.1, beta_1=0.8, beta_2=0.95, epsilon=1e-3)),
        ],
    )


class StubModel:
    """The parts of a model that EarlyStopping uses: metrics with directions, weights with their epoch, a stop flag."""

    def __init__(self):
        self.metrics = [MetricsList([keras.metrics.SparseCategoricalAccuracy(name="accuracy"), keras.metrics.MeanSquaredError(name="mse")])]
        self.weights_epoch = None
        self.restored = None
        self.stop_training = False

    def get_weights(self):
        return self.weights_epoch

    def set_weights(self, epoch):
        self.restored = epoch


def early_case(values, **options):
    callback = keras.callbacks.EarlyStopping(**options)
    model = StubModel()
    callback.set_model(model)
    callback.on_train_begin()
    stopped = None
    for epoch, value in enumerate(values):
        model.weights_epoch = epoch
        callback.on_epoch_end(epoch, {callback.monitor: value})
        if model.stop_training:
            stopped = epoch
            break
    callback.on_train_end()
    best = None if callback.best is None else float(callback.best)
    return {
        "options": options,
        "values": values,
        "stopped": stopped,
        "stoppedEpoch": callback.stopped_epoch,
        "bestEpoch": callback.best_epoch,
        "best": best,
        "wait": callback.wait,
        "restored": model.restored,
    }


def early_stopping():
    up = [0.1, 0.2, 0.5, 0.4, 0.5, 0.45, 0.6, 0.59, 0.58, 0.57, 0.9]
    down = [1.0, 0.5, 0.4, 0.45, 0.39, 0.39, 0.41, 0.38, 0.385, 0.5, 0.6, 0.1]
    write(
        "early-stopping",
        [
            early_case(down),
            early_case(down, patience=1),
            early_case(down, patience=2, restore_best_weights=True),
            early_case(down, patience=3, min_delta=0.05, restore_best_weights=True),
            early_case(down, patience=3, min_delta=-0.05),
            early_case(up, monitor="val_accuracy", patience=3, restore_best_weights=True),
            early_case(up, monitor="accuracy", patience=2),
            early_case(up, monitor="val_accuracy", mode="min", patience=2, restore_best_weights=True),
            early_case(up, monitor="val_mse", patience=2),
            early_case(up, monitor="custom", mode="max", patience=4, min_delta=0.1, restore_best_weights=True),
            early_case(down, patience=2, baseline=0.42, restore_best_weights=True),
            early_case(down, patience=2, baseline=0.2, restore_best_weights=True),
            early_case(up, monitor="val_accuracy", patience=3, baseline=0.7),
            early_case(down, patience=2, start_from_epoch=3, restore_best_weights=True),
            early_case(down, patience=0, start_from_epoch=5, restore_best_weights=True),
            early_case(up[:3], monitor="val_accuracy", patience=3, restore_best_weights=True),
            early_case([0.5, 0.5, 0.5], patience=0, restore_best_weights=True),
        ],
    )


def fit_case(build, x, y, val, **compile_options):
    model = build()
    model.set_weights([normal(*w.shape) * 0.4 for w in model.weights])
    start = [plain(w.value) for w in model.weights]
    model.compile(**compile_options)
    history = model.fit(x, y, batch_size=8, epochs=3, shuffle=False, validation_data=val, verbose=0).history
    return {
        "model": keras.saving.serialize_keras_object(model),
        "start": start,
        "x": plain(x),
        "y": plain(y),
        "valX": plain(val[0]),
        "valY": plain(val[1]),
        "history": {k: [float(v) for v in values] for k, values in history.items()},
        "end": [plain(w.value) for w in model.weights],
        "evaluate": {k: float(v) for k, v in model.evaluate(*val, batch_size=8, return_dict=True, verbose=0).items()},
        "predict": plain(model.predict(val[0], verbose=0)),
    }


def fit():
    keras.utils.clear_session()

    def cnn():
        return keras.Sequential(
            [
                L.Input((6, 5, 1)),
                L.Rescaling(1 / 255),
                L.Conv2D(3, 3, padding="same", activation="relu", name="conv1"),
                L.MaxPooling2D(),
                L.Flatten(),
                L.Dense(4, activation="relu"),
                L.Dense(3),
            ],
            name="cnn",
        )

    def regression():
        return keras.Sequential([L.Input((3,)), L.Dense(2, activation="tanh"), L.Dense(1, activation="exponential")])

    def images(n):
        """Noise with one of three bands brighter than the others; the band is the label."""
        labels = rng.integers(0, 3, n).astype("int32")
        x = rng.integers(0, 128, (n, 6, 5, 1))
        for i, label in enumerate(labels):
            x[i, 2 * label : 2 * label + 2] += 100
        return x.astype("float32"), labels

    write(
        "fit",
        [
            {
                **fit_case(
                    cnn,
                    *images(19),
                    images(11),
                    optimizer=keras.optimizers.Adam(0.05),
                    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                    metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2)],
                ),
                "case": "cnn",
            },
            {
                **fit_case(
                    regression,
                    normal(19, 3),
                    rng.integers(0, 4, 19).astype("float32"),
                    (normal(5, 3), rng.integers(0, 4, 5).astype("float32")),
                    optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
                    loss="poisson",
                    metrics=["mse"],
                ),
                "case": "regression",
            },
        ],
    )


def summary_case(model_id, build, line_length=None, compiled=False):
    keras.utils.clear_session()
    model = build()
    if compiled:
        model.compile(optimizer="adam", loss="mse")
        model.optimizer.build(model.trainable_variables)
    os.environ["COLUMNS"] = "200" if line_length else "80"
    lines = []
    model.summary(line_length=line_length, print_fn=lines.append)
    return {
        "model": model_id,
        "lineLength": line_length,
        "compiled": compiled,
        "text": "\n".join(lines),
    }


def summaries():
    logistic = lambda: keras.Sequential(
        [L.Input((80, 60, 1)), L.Flatten(), L.Rescaling(1 / 255), L.Dense(55, activation="softmax")]
    )
    cnn = lambda: keras.Sequential(
        [
            L.Input((80, 60, 1)),
            L.Rescaling(1 / 255),
            L.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
            L.MaxPooling2D(name="pool1"),
            L.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
            L.MaxPooling2D(name="pool2"),
            L.Conv2D(64, 3, padding="same", activation="relu", name="conv3"),
            L.MaxPooling2D(4, name="pool3"),
            L.Flatten(),
            L.Dense(64, activation="relu"),
            L.Dense(55),
        ]
    )
    repeated = lambda: keras.Sequential(
        [
            L.Input((31, 29, 3)),
            L.Conv2D(8, 3),
            L.MaxPooling2D(),
            L.Conv2D(8, 3),
            L.MaxPooling2D(),
            L.GlobalAveragePooling2D(),
            L.Dropout(0.5),
            L.Dense(2048, name="a_layer_with_quite_a_long_name_that_wraps"),
            L.LeakyReLU(),
            L.ReLU(),
            L.Dense(4096),
            L.Activation("relu"),
            L.Dense(1),
        ],
        name="wrapped",
    )

    def frozen():
        model = cnn()
        for layer in model.layers[:4]:
            layer.trainable = False
        return model

    write(
        "summaries",
        [
            summary_case("logistic", logistic),
            summary_case("cnn", cnn),
            summary_case("cnn", cnn, 60),
            summary_case("cnn", cnn, 88),
            summary_case("cnn", cnn, 120),
            summary_case("cnn", cnn, compiled=True),
            summary_case("repeated", repeated),
            summary_case("repeated", repeated, 45),
            summary_case("frozen", frozen),
            summary_case("tiny", lambda: keras.Sequential([L.Input((3,)), L.Dense(1)])),
        ],
    )


def initializers():
    """Configs and the limits Keras computes, for kernels of several ranks."""
    I = keras.initializers
    kinds = [I.GlorotUniform(), I.GlorotNormal(), I.HeUniform(), I.HeNormal(), I.LecunUniform(), I.LecunNormal(), I.Zeros(), I.Ones(), I.Constant(0.1), I.RandomUniform(-0.1, 0.2), I.RandomNormal(0.0, 0.3), I.TruncatedNormal(0.0, 0.3)]
    shapes = [(4800, 55), (3, 3, 16, 64)]
    out = []
    for kind in kinds:
        for shape in shapes:
            values = np.asarray(kind(shape).detach())
            out.append(
                {
                    "initializer": keras.saving.serialize_keras_object(kind),
                    "shape": shape,
                    "mean": float(values.mean()),
                    "deviation": float(values.std()),
                    "low": float(values.min()),
                    "high": float(values.max()),
                }
            )
    write("initializers", out)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    layers()
    losses()
    metrics()
    optimizers()
    early_stopping()
    fit()
    summaries()
    initializers()
