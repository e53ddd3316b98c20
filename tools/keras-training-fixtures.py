"""Writes test/parity/fixtures/keras-training.json with the real Keras (3.15 on torch): more words of training.

    KERAS_BACKEND=torch python tools/keras-training-fixtures.py

Optimizers (20 steps each, with clipping, decay and schedules), losses, metrics with and without weights of samples,
learning rates of schedules, and fits with weights of samples and classes and with several outputs. The deviances that
Keras lacks are scikit-learn's.
"""

import importlib.util
import json
import pathlib

spec = importlib.util.spec_from_file_location("fixtures", pathlib.Path(__file__).parent / "keras-fixtures.py")
base = importlib.util.module_from_spec(spec)
spec.loader.exec_module(base)
keras, np, torch, plain, normal, softmax = base.keras, base.np, base.torch, base.plain, base.normal, base.softmax
base.rng = rng = np.random.default_rng(20260202)
O, X, M, L = keras.optimizers, keras.losses, keras.metrics, keras.layers


def optimizers():
    S = O.schedules
    return [
        base.optimizer_case(one)
        for one in [
            O.RMSprop(),
            O.RMSprop(learning_rate=0.05, rho=0.8, momentum=0.5),
            O.RMSprop(learning_rate=0.05, momentum=0.3, centered=True, epsilon=1e-3),
            O.AdamW(),
            O.AdamW(learning_rate=0.05, weight_decay=0.1),
            O.Adagrad(learning_rate=0.1),
            O.Adagrad(learning_rate=0.1, initial_accumulator_value=0.5, epsilon=1e-4),
            O.Adadelta(learning_rate=1.0),
            O.Adadelta(learning_rate=0.5, rho=0.8, epsilon=1e-3),
            O.Adamax(learning_rate=0.05),
            O.Nadam(),
            O.Nadam(learning_rate=0.1, beta_1=0.8, beta_2=0.9),
            O.Lion(learning_rate=0.01),
            O.Lion(learning_rate=0.05, beta_1=0.5, weight_decay=0.2),
            O.SGD(learning_rate=0.1, clipnorm=0.5),
            O.SGD(learning_rate=0.1, global_clipnorm=0.7, momentum=0.5),
            O.Adam(learning_rate=0.02, clipvalue=0.3),
            O.SGD(learning_rate=0.1, weight_decay=0.05),
            O.SGD(learning_rate=S.ExponentialDecay(0.2, 5, 0.5)),
            O.Adam(learning_rate=S.CosineDecay(0.001, 12, alpha=0.1, warmup_target=0.02, warmup_steps=4)),
        ]
    ]


def losses():
    labels = np.array([0, 3, 2, 4, 1])
    hot = np.eye(5, dtype="float32")[labels]
    binary = rng.integers(0, 2, (4, 3)).astype("float32")
    probabilities = rng.random((4, 3)).astype("float32")
    a, b = normal(4, 3), normal(4, 3) * 3
    spread = (np.sign(normal(4, 3)) * (0.2 + np.abs(normal(4, 3)))).astype("float32")
    case = base.loss_case
    return [
        case(X.Hinge(), binary, normal(4, 3)),
        case(X.Hinge(), binary * 2 - 1, normal(4, 3)),
        case(X.SquaredHinge(), binary, normal(4, 3)),
        case(X.SquaredHinge(), normal(4, 3), normal(4, 3)),
        case(X.CategoricalHinge(), hot, normal(5, 5)),
        # Keras forgets the settings of these.
        {**case(X.Huber(), a, b), "config": {"delta": 1}},
        {**case(X.Huber(delta=0.3), a, b), "config": {"delta": 0.3}},
        case(X.LogCosh(), a, b),
        case(X.LogCosh(), a * 20, b * 20),
        case(X.MeanAbsoluteError(), a, b),
        case(X.MeanAbsolutePercentageError(), spread, b),
        case(X.MeanSquaredLogarithmicError(), np.abs(a), np.abs(b)),
        case(X.MeanSquaredLogarithmicError(), np.abs(a[:, 0]), np.abs(b[:, :1])),
        {**case(X.CosineSimilarity(), a, b), "config": {"axis": -1}},
        case(X.KLDivergence(), softmax(a), softmax(b)),
        case(X.BinaryFocalCrossentropy(), binary, probabilities),
        case(X.BinaryFocalCrossentropy(gamma=1.5, from_logits=True), binary, normal(4, 3)),
        case(X.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.7, label_smoothing=0.1), binary, probabilities),
        case(X.CategoricalFocalCrossentropy(), hot, softmax(normal(5, 5))),
        case(X.CategoricalFocalCrossentropy(gamma=3, alpha=0.5, from_logits=True), hot, normal(5, 5)),
        case(X.CategoricalFocalCrossentropy(label_smoothing=0.1, gamma=0.7), hot, softmax(normal(5, 5))),
    ]


def deviances():
    from sklearn.metrics import mean_gamma_deviance, mean_tweedie_deviance

    y = np.abs(normal(9)) + 0.1
    zeros = np.where(rng.random(9) < 0.5, 0, y).astype("float32")
    mu = np.exp(normal(9))
    return [
        {"class": "GammaDeviance", "power": None, "yTrue": plain(y), "yPred": plain(mu), "value": float(mean_gamma_deviance(y, mu))},
        *[
            {"class": "TweedieDeviance", "power": p, "yTrue": plain(t), "yPred": plain(mu), "value": float(mean_tweedie_deviance(t, mu, power=p))}
            for p, t in [(1.5, y), (1.5, zeros), (1.2, zeros), (1.9, zeros)]
        ],
    ]


def metric_case(make, batches, weighted):
    metric = make()
    for y_true, y_pred, weight in batches:
        metric.update_state(torch.tensor(y_true), torch.tensor(y_pred), torch.tensor(weight) if weighted else None)
    config = {k: v for k, v in metric.get_config().items() if k not in ("name", "dtype", "fn")}
    return {
        "class": metric.__class__.__name__,
        "config": json.loads(json.dumps(config)),
        "name": metric.name,
        "weighted": weighted,
        "batches": [{"yTrue": plain(t), "yPred": plain(p), "weight": plain(w)} for t, p, w in batches],
        "result": float(metric.result()),
    }


def metrics():
    def weight(n):
        return (rng.random(n) * 2).astype("float32")

    column = [(rng.integers(0, 2, (n, 1)).astype("float32"), rng.random((n, 1)).astype("float32"), weight(n)) for n in (30, 11)]
    wide = [(rng.integers(0, 2, (n, 3)).astype("float32"), rng.random((n, 3)).astype("float32"), weight(n)) for n in (7, 4)]
    hot = [(np.eye(4, dtype="float32")[rng.integers(0, 4, n)], softmax(normal(n, 4)), weight(n)) for n in (12, 5)]
    logits = [(t, (p - 0.5) * 6, w) for t, p, w in column]
    sparse = [(rng.integers(0, 3, (n,)).astype("float32"), rng.integers(0, 3, (n,)).astype("float32"), weight(n)) for n in (9, 4)]
    real = [(normal(n, 2), normal(n, 2), weight(n)) for n in (5, 3)]
    cases = [
        (lambda: M.Precision(), column),
        (lambda: M.Precision(thresholds=0.8), wide),
        (lambda: M.Recall(), column),
        (lambda: M.Recall(thresholds=0.2), wide),
        (lambda: M.F1Score(average="macro"), hot),
        (lambda: M.F1Score(average="micro"), hot),
        (lambda: M.F1Score(average="weighted", threshold=0.4), wide),
        (lambda: M.AUC(), column),
        (lambda: M.AUC(curve="PR"), column),
        (lambda: M.AUC(num_thresholds=17), wide),
        (lambda: M.AUC(from_logits=True), logits),
        (lambda: M.MeanIoU(num_classes=3, dtype="float32"), sparse),
        (lambda: M.MeanIoU(num_classes=4, sparse_y_true=False, sparse_y_pred=False, dtype="float32"), hot),
        (lambda: M.RootMeanSquaredError(), real),
        (lambda: M.MeanAbsoluteError(), real),
        (lambda: M.CategoricalAccuracy(), hot),
        (lambda: M.BinaryAccuracy(), wide),
    ]
    return [metric_case(make, batches, weighted) for make, batches in cases for weighted in (False, True)]


def schedules():
    S = O.schedules
    made = [
        S.ExponentialDecay(0.1, 10, 0.9),
        S.ExponentialDecay(0.1, 10, 0.5, staircase=True),
        S.InverseTimeDecay(0.1, 7, 0.5),
        S.InverseTimeDecay(0.1, 7, 0.5, staircase=True),
        S.PiecewiseConstantDecay([3, 20], [1.0, 0.5, 0.1]),
        S.PolynomialDecay(0.1, 30),
        S.PolynomialDecay(0.1, 10, end_learning_rate=0.01, power=2.0, cycle=True),
        S.CosineDecay(0.1, 40),
        S.CosineDecay(0.0, 30, alpha=0.1, warmup_target=0.2, warmup_steps=10),
        S.CosineDecayRestarts(0.1, 10),
        S.CosineDecayRestarts(0.1, 8, t_mul=1.0, m_mul=0.7, alpha=0.2),
        S.CosineDecayRestarts(0.1, 8, t_mul=1.5, m_mul=0.9),
    ]
    steps = [0, 1, 2, 3, 4, 7, 9, 11, 14, 19, 23, 29, 33, 41, 60]
    return [
        {"schedule": keras.saving.serialize_keras_object(s), "steps": steps, "rates": [float(s(k)) for k in steps]}
        for s in made
    ]


def plateau_case(values, **options):
    """The rate after each epoch, for a monitored quantity with these values."""
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **options)
    model = keras.Sequential([L.Input((1,)), L.Dense(1)])
    model.compile(optimizer=O.SGD(0.8), loss="mse")
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"val_loss": value})
        rates.append(float(model.optimizer.learning_rate))
    return {"values": values, "options": options, "rates": rates}


def plateaus():
    values = [1.0, 0.5, 0.49995, 0.5, 0.4, 0.45, 0.41, 0.42, 0.3, 0.3, 0.3, 0.3, 0.3, 0.29, 0.3, 0.3, 0.3]
    return [
        plateau_case(values, patience=1),
        plateau_case(values, patience=2, factor=0.5),
        plateau_case(values, patience=1, factor=0.5, cooldown=2),
        plateau_case(values, patience=2, min_delta=0.2, factor=0.3, min_lr=0.05),
        plateau_case(values, patience=0, factor=0.5, mode="max"),
    ]


def fit_case(name, build, x, y, compile_options, fit_options, options):
    keras.utils.clear_session()
    model = build()
    model.set_weights([normal(*w.shape) * 0.4 for w in model.weights])
    start = [plain(w.value) for w in model.weights]
    model.compile(**compile_options)
    history = model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0, **fit_options).history
    several = isinstance(y, list)
    return {
        "case": name,
        "model": keras.saving.serialize_keras_object(model),
        "start": start,
        "x": plain(x),
        "y": [plain(one) for one in (y if several else [y])],
        "options": options,
        "history": {k: [float(v) for v in values] for k, values in history.items()},
        "end": [plain(w.value) for w in model.weights],
    }


def fits():
    def one():
        return keras.Sequential([L.Input((3,)), L.Dense(4, activation="tanh"), L.Dense(3, activation="softmax")])

    def two():
        x = L.Input((3,))
        y = L.Dense(4, activation="tanh")(x)
        return keras.Model(x, [L.Dense(1, name="left")(y), L.Dense(2, activation="softmax", name="right")(y)])

    x, n = normal(19, 3), 19
    labels = rng.integers(0, 3, n).astype("int32")
    weight = (rng.random(n) * 2).astype("float32")
    real, hot = normal(n, 1), np.eye(2, dtype="float32")[rng.integers(0, 2, n)]
    options = dict(optimizer=O.SGD(0.1), loss="sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=[M.SparseCategoricalAccuracy(name="wacc")])
    fresh = lambda: {**options, "optimizer": O.SGD(0.1), "weighted_metrics": [M.SparseCategoricalAccuracy(name="wacc")]}
    return [
        fit_case("sample weights", one, x, labels, fresh(), {"sample_weight": weight}, {"sampleWeight": plain(weight)}),
        fit_case("class weights", one, x, labels, fresh(), {"class_weight": {0: 0.5, 2: 3.0}}, {"classWeight": {"0": 0.5, "2": 3}}),
        fit_case(
            "two outputs",
            two,
            x,
            [real, hot],
            dict(
                optimizer=O.Adam(0.05),
                loss=["mse", "categorical_crossentropy"],
                loss_weights=[0.5, 2.0],
                metrics=[["mae"], ["accuracy"]],
            ),
            {},
            {},
        ),
    ]


if __name__ == "__main__":
    value = {
        "optimizers": optimizers(),
        "losses": losses(),
        "deviances": deviances(),
        "metrics": metrics(),
        "schedules": schedules(),
        "fits": fits(),
        "plateaus": plateaus(),
    }
    base.write("training", value)
