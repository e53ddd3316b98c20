"""Calibration, sets and referral of src/experiment/trust by NumPy and SciPy, written from the formulas of the papers.

Writes test/parity/fixtures/calibration.json:
    python tools/calibration-fixtures.py
Needs numpy, scipy and scikit-learn.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import cdist
from scipy.special import log_softmax, logsumexp, softmax
from sklearn.metrics import brier_score_loss, log_loss

rng = np.random.default_rng(16)
IMAGES, CLASSES = 120, 4
labels = rng.integers(0, CLASSES, IMAGES)
logits = rng.normal(0, 2.5, (IMAGES, CLASSES))
logits[np.arange(IMAGES), labels] += rng.choice([0.0, 4.0], IMAGES)
probabilities = softmax(logits, axis=1)


def loss(inverse):
    return -log_softmax(logits * inverse, axis=1)[np.arange(IMAGES), labels].mean()


fit = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-13})
predicted = probabilities.argmax(1)
confidence = probabilities.max(1)
right = predicted == labels


def errors(order):
    """ECE and MCE over bins, which are lists of rows."""
    gaps = [(len(rows) / IMAGES, abs(confidence[rows].mean() - right[rows].mean())) for rows in order if len(rows)]
    return {"ece": float(sum(w * gap for w, gap in gaps)), "mce": float(max(gap for _, gap in gaps))}


edges = np.linspace(0, 1, 16)
equal = [np.where((confidence > a) & (confidence <= b))[0] for a, b in zip(edges[:-1], edges[1:])]
by_confidence = np.argsort(confidence, kind="stable")
adaptive = [by_confidence[[i for i in range(IMAGES) if i * 15 // IMAGES == b]] for b in range(15)]

accuracy = right.mean()
reliability = sum(len(r) / IMAGES * (confidence[r].mean() - right[r].mean()) ** 2 for r in equal if len(r))
resolution = sum(len(r) / IMAGES * (right[r].mean() - accuracy) ** 2 for r in equal if len(r))


def quantile(scores, coverage):
    """The conformal quantile: NumPy's "higher" at (n + 1) coverage / n."""
    n = len(scores)
    level = np.ceil((n + 1) * coverage) / n
    return None if level > 1 else float(np.quantile(scores, level, method="inverted_cdf"))


order = np.argsort(-probabilities, axis=1, kind="stable")
cumulated = np.take_along_axis(probabilities, order, 1).cumsum(1)
place = np.argsort(order, axis=1)[np.arange(IMAGES), labels]
aps = cumulated[np.arange(IMAGES), place]
raps = aps + 0.1 * np.maximum(0, place + 1 - 2)
lac = 1 - probabilities[np.arange(IMAGES), labels]

surest = np.argsort(-confidence, kind="stable")
risk = np.cumsum(~right[surest]) / np.arange(1, IMAGES + 1)

# Drawn after all else, so that the numbers above stay what they were.
embeddings = rng.normal(0, 1, (12, 6)).round(4)
strange = rng.normal(0, 1, (4, 6)).round(4)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


squares = np.sort(cdist(unit(strange), unit(embeddings), "sqeuclidean"), axis=1)

Path("test/parity/fixtures/calibration.json").write_text(
    json.dumps(
        {
            "classes": CLASSES,
            "novelty": {
                "logits": logits[:4].round(4).tolist(),
                "energy": (-logsumexp(logits[:4].round(4), axis=1)).tolist(),
                "embeddings": embeddings.tolist(),
                "strange": strange.tolist(),
                "nearest": squares[:, :5].mean(1).tolist(),
            },
            "labels": labels.tolist(),
            "probabilities": probabilities.ravel().tolist(),
            "temperature": 1 / fit.x,
            "before": float(log_loss(labels, probabilities, labels=range(CLASSES))),
            "after": float(fit.fun),
            "equal": errors(equal),
            "adaptive": errors(adaptive),
            "brier": float(brier_score_loss(labels, probabilities, labels=range(CLASSES), scale_by_half=False)),
            "parts": {
                "score": float(((confidence - right) ** 2).mean()),
                "reliability": float(reliability),
                "resolution": float(resolution),
                "uncertainty": float(accuracy * (1 - accuracy)),
            },
            "limits": {
                name: {str(c): quantile(scores, c) for c in [0.8, 0.9, 0.95, 0.999]}
                for name, scores in [("lac", lac), ("aps", aps), ("raps", raps)]
            },
            "perClass": [quantile(lac[labels == k], 0.8) for k in range(CLASSES)],
            "risk": risk.tolist(),
            "area": float(risk.mean()),
        }
    )
    + "\n"
)
