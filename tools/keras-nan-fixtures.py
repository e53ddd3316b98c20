"""Writes test/parity/fixtures/keras-nan-metrics.json: what the real Keras (3.15 on torch) makes of predictions with NaN.

    KERAS_BACKEND=torch python tools/keras-nan-fixtures.py

NaN is null in the file. Each case has a metric by its class and config, targets, predictions and Keras's result.
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402

OUT = pathlib.Path(__file__).parent.parent / "test" / "parity" / "fixtures" / "keras-nan-metrics.json"
NAN = float("nan")

# Six classes: nothing but NaN, NaN at the truth, NaN elsewhere, no NaN, NaN first.
ROWS = [
    [NAN] * 6,
    [0.1, NAN, 0.3, 0.2, 0.1, 0.1],
    [0.6, 0.1, NAN, 0.1, 0.1, 0.1],
    [0.1, 0.2, 0.3, 0.15, 0.15, 0.1],
    [NAN, 0.5, 0.1, 0.1, 0.2, 0.1],
    [NAN, NAN, NAN, NAN, 0.9, 0.1],
]
LABELS = [2, 1, 0, 5, 1, 4]
TWO = [[NAN, NAN], [NAN, 0.5], [0.4, NAN], [0.3, 0.7]]
TWO_LABELS = [0, 1, 1, 1]
YES = [[NAN], [NAN], [0.9], [0.2]]
YES_LABELS = [[0.0], [1.0], [1.0], [0.0]]


def one_hot(labels, classes):
    return np.eye(classes, dtype="float32")[labels].tolist()


def plain(values):
    array = np.asarray(values, dtype="float32")
    return {"shape": list(array.shape), "data": [None if np.isnan(v) else round(float(v), 6) for v in array.ravel()]}


def case(metric, y_true, y_pred):
    metric.update_state(np.asarray(y_true, "float32"), np.asarray(y_pred, "float32"))
    result = float(keras.ops.convert_to_numpy(metric.result()))
    config = {k: v for k, v in metric.get_config().items() if k != "dtype"}
    return {
        "class_name": type(metric).__name__,
        "config": config,
        "y_true": plain(y_true),
        "y_pred": plain(y_pred),
        "result": None if np.isnan(result) else result,
    }


M = keras.metrics
cases = []
for k in (1, 2, 3, 5, 6):
    cases.append(case(M.SparseTopKCategoricalAccuracy(k=k), LABELS, ROWS))
    cases.append(case(M.TopKCategoricalAccuracy(k=k), one_hot(LABELS, 6), ROWS))
cases.append(case(M.SparseTopKCategoricalAccuracy(k=1), TWO_LABELS, TWO))
cases.append(case(M.SparseTopKCategoricalAccuracy(k=2), TWO_LABELS, TWO))
for labels, rows, classes in ((LABELS, ROWS, 6), (TWO_LABELS, TWO, 2)):
    cases.append(case(M.SparseCategoricalAccuracy(), labels, rows))
    cases.append(case(M.CategoricalAccuracy(), one_hot(labels, classes), rows))
    cases.append(case(M.F1Score(average="micro"), one_hot(labels, classes), rows))
    cases.append(case(M.F1Score(average="micro", threshold=0.5), one_hot(labels, classes), rows))
    cases.append(case(M.MeanIoU(num_classes=classes, sparse_y_pred=False), labels, rows))
cases.append(case(M.BinaryAccuracy(), YES_LABELS, YES))
cases.append(case(M.Precision(), YES_LABELS, YES))
cases.append(case(M.Recall(), YES_LABELS, YES))
cases.append(case(M.RootMeanSquaredError(), YES_LABELS, YES))
OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n", encoding="utf-8")
print(len(cases), "cases", OUT.stat().st_size, "bytes")
