"""Writes test/report/fixtures/numpy-histograms.json and sklearn-scores.json: what NumPy and scikit-learn answer.

    pip install numpy scikit-learn
    python tools/make-report-fixtures.py test/report/fixtures
"""

import json
import os
import sys

import numpy as np
import sklearn
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support


def histograms():
    random = np.random.default_rng(7)
    cases = [
        ("integers as image heights are", random.integers(24, 145, 400), 30, None),
        ("values on the edges of tenths", np.arange(0, 101) / 100, 10, None),
        ("values on the edges of a third", np.array([0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1.0]) * 3, 3, None),
        ("confidences in a given range", random.random(200).astype(np.float32).astype(float), 20, (0.0, 1.0)),
        ("some outside of the range", random.normal(0, 1, 100), 7, (-1.0, 1.0)),
        ("a single value", np.array([5.0, 5.0]), 4, None),
        ("negative and small", random.normal(-3e-5, 1e-6, 60), 13, None),
    ]
    for name, values, bins, limits in cases:
        counts, edges = np.histogram(values, bins, range=limits)
        densities, _ = np.histogram(values, bins, range=limits, density=True)
        yield {
            "name": name,
            "values": values.tolist(),
            "bins": bins,
            "range": limits,
            "counts": counts.tolist(),
            "densities": densities.tolist(),
            "edges": edges.tolist(),
        }


def scores():
    random = np.random.default_rng(11)
    labels = random.integers(0, 5, 80)
    predicted = np.where(random.random(80) < 0.7, labels, random.integers(0, 6, 80))
    classes = list(range(7))  # class 5 is only ever predicted, class 6 never occurs
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=classes, zero_division=0
    )
    return {
        "labels": labels.tolist(),
        "predicted": predicted.tolist(),
        "confusion": confusion_matrix(labels, predicted, labels=classes).ravel().tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
    }


def write(folder, name, made_with, content):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump({"madeWith": made_with, **content}, file)
        file.write("\n")


if __name__ == "__main__":
    write(sys.argv[1], "numpy-histograms.json", f"numpy {np.__version__}", {"cases": list(histograms())})
    write(sys.argv[1], "sklearn-scores.json", f"scikit-learn {sklearn.__version__}", scores())
